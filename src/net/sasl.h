/*
 * SASL exchanges over libgsasl, both sides: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256
 * (and their -PLUS forms), EXTERNAL; OAUTHBEARER and XOAUTH2 by hand, since libgsasl lacks them.
 * Raw octets, not base64: how they travel is SMTP's matter. What a message says to a learner is in
 * smtp/sasl.h; here they are made and checked.
 *
 * Sources: RFC 4422, 4616 (PLAIN), 2195 (CRAM-MD5), 5802 and 7677 (SCRAM), 7628 (OAUTHBEARER), RFC
 * 4954; LOGIN is draft-murchison-sasl-login; XOAUTH2 is Google's.
 */
#ifndef NET_SASL_H
#define NET_SASL_H
#include "base/buf.h"
#include "base/error.h"

/* One message. RFC 4954 4 bounds a line to 12,288 octets of base64. */
#define SASL_MESSAGE_MAX 9216

/* Mechanisms in the order of preference, space between: strongest first. */
extern const char sasl_mechanisms[];
/* Is it one of ours? Letter case does not matter. */
bool sasl_knows(struct span mechanism);
/* The best of those offered ("PLAIN LOGIN SCRAM-SHA-256"), strongest first; `token`: an OAuth token
 * is what the user has. Without encryption those that show the password come last. Empty: none is
 * known. Borrows from sasl_mechanisms. EXTERNAL is never
 * chosen: it needs a certificate, not a password. */
struct span sasl_best(struct span offered, bool encrypted, bool token, bool binding);

/* A user of a server of ours. */
struct sasl_user {
    const char *name, *secret; /* password or token */
};
struct sasl_users {
    const struct sasl_user *at; /* borrowed */
    size_t count;
};

enum sasl_result {
    SASL_MORE,   /* *out is the next message to send (it may be empty) */
    SASL_DONE,   /* server: the user is who she says; client: nothing more to send but *out */
    SASL_DENIED, /* server: wrong user or password */
    SASL_BROKEN, /* the message does not fit the mechanism */
};

struct sasl;
/* Server's side. NULL: the mechanism is not known. Borrows users; `binding`: channel binding
 * (tls-exporter, RFC 9266), or empty where the -PLUS mechanisms are not offered; `identity`: who a
 * client certificate names, for EXTERNAL; NULL none. Copies both. */
struct sasl *sasl_server(struct span mechanism, const struct sasl_users *users, struct span binding,
                         const char *identity);
/* Client's side; copies. NULL: the mechanism is not known. `user` may be "" for EXTERNAL and
 * OAUTHBEARER: then the certificate or the token alone says who it is. */
struct sasl *sasl_client(struct span mechanism, const char *user, const char *secret,
                         struct span binding);
void sasl_free(struct sasl *s); /* NULL is fine; wipes what it held */
/* Client: does the mechanism begin with the client's message (an initial response)? */
bool sasl_client_first(const struct sasl *s);
/* Takes the peer's message and gives the next one in *out (cleared before; what it holds is secret,
 * so wipe it). A server is first called with the initial response, or else with in.at NULL: where
 * the client begins it then asks with an empty message. An empty initial response ("=") is an
 * in.at that is not NULL. A client that begins is first called with an empty span; after that it
 * is called for every message of the server, also after SASL_DONE: it answers what may be answered
 * (the error of a bearer mechanism), and the rest is SASL_BROKEN. */
enum sasl_result sasl_step(struct sasl *s, struct span in, struct buf *out);
/* Server's side, after SASL_DONE: who logged in; borrowed. */
const char *sasl_who(const struct sasl *s);
/* Client: has all been said that the mechanism holds? A server that grants a SCRAM login before it
 * has not proved that it knows the password: it may be anyone. */
bool sasl_complete(const struct sasl *s);
/* After SASL_DENIED or SASL_BROKEN: why, as a clause for people; never what was sent. "": nothing
 * is to be said. */
const char *sasl_why(const struct sasl *s);

#endif
