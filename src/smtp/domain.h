/*
 * Domain names and address literals as text: whether they are well formed. Nothing is looked up.
 * Sources: RFC 5321 4.1.2 (Domain), 4.1.3 (literals), 2.3.5; RFC 1035 2.3.4 (label length); RFC
 * 6531 3.3 (UTF-8 labels).
 */
#ifndef SMTP_DOMAIN_H
#define SMTP_DOMAIN_H
#include "smtp/mistake.h"

#define DOMAIN_MAX 255 /* RFC 5321 4.5.3.1.2 */
#define LABEL_MAX  63  /* RFC 1035 2.3.4 */

/* Where the first octet stands that no domain name may hold there, or SPAN_NOT_FOUND when the name
 * is well formed. *len gets how many octets the fault takes: a whole label when it is too long, the
 * dot beside an empty label, 0 when the name is empty. `utf8`: octets above 127 may stand where
 * letters do. The length of the whole name is not looked at. */
size_t domain_fault(struct span name, bool utf8, size_t *len);
/* "[192.0.2.1]", "[IPv6:2001:db8::1]", "[tag:anything]", brackets included. */
bool literal_valid(struct span literal);
/* Addresses without brackets or tag. */
bool ipv4_valid(struct span text);
bool ipv6_valid(struct span text);

/* The argument of HELO, EHLO (literals allowed: RFC 5321 4.1.1.1, and HELO since RFC 821): adds
 * mistakes; true when none of them is WRONG. Spaces, underscores, empty and long labels are
 * HELO_BAD_NAME; a name of one label and a bare IPv4 address are taken, with a warning; a bare
 * IPv6 address gets the warning too, but its colons are HELO_BAD_NAME. */
bool domain_check(struct span text, unsigned column, bool literals, struct mistakes *found);
/* Digits and dots: meant to be an IPv4 address, right or wrong. */
bool domain_looks_numeric(struct span domain);
/* True: name of at least two labels or an address literal. */
bool domain_is_qualified(struct span domain);

#endif
