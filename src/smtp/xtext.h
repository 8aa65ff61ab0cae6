/*
 * xtext: how a parameter's value carries octets that a parameter cannot hold: +HH in upper case
 * hexadecimal. Source: RFC 3461 4.
 */
#ifndef SMTP_XTEXT_H
#define SMTP_XTEXT_H
#include "base/buf.h"

/* Where the first octet stands that is no xtext; text.len when all is. `utf8`: octets
 * above 127 are taken too (RFC 6533 3, for ORCPT=utf-8;...). */
size_t xtext_fault(struct span text, bool utf8);
/* Appends the decoded octets; false when it is not xtext (out unchanged). */
bool xtext_decode(struct buf *out, struct span text);
void xtext_encode(struct buf *out, struct span octets);

#endif
