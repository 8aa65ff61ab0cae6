/*
 * Addresses: what a person types as a host, and what the system needs to reach one. Nothing is
 * looked up here (net/resolve.h does that).
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H
#include <stdbool.h>
#include <sys/socket.h>

#include "base/error.h"

/* An IPv4 or IPv6 address with a port. */
struct address {
    struct sockaddr_storage at;
    socklen_t len;
};

/* The longest address as text, with zone, brackets, port and NUL. */
#define ADDRESS_TEXT_MAX 128

/* "HOST", "HOST:PORT", "[v6]:PORT", "v6" taken apart; `port` is what is used when none is named.
 * Ports are numbers or "smtp", "submission". False: err says what is wrong. host has room for 256
 * octets. */
bool address_parse(const char *text, unsigned port, char host[256], unsigned *port_out,
                   struct error *err);
/* A port alone: "25", "smtp". False: err. */
bool address_parse_port(const char *text, unsigned *port_out, struct error *err);
/* Is `host` an address in numbers (IPv4 in four parts, or IPv6), to be reached without looking
 * anything up? out may be NULL. */
bool address_numeric(const char *host, unsigned port, struct address *out);
/* "127.0.0.1", "::1", "fe80::1%eth0". */
void address_text(const struct address *a, char out[ADDRESS_TEXT_MAX]);
/* "127.0.0.1:25", "[::1]:25". */
void address_port_text(const struct address *a, char out[ADDRESS_TEXT_MAX]);
unsigned address_port(const struct address *a); /* 0: none */
void address_set_port(struct address *a, unsigned port);
/* Of a socket: its own end, or the far one. False (and *out empty) when it has none. */
bool address_local(int fd, struct address *out);
bool address_peer(int fd, struct address *out);

#endif
