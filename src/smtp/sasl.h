/*
 * What a message of a login says, for people: its parts, with names, and which of them are secret.
 * It is given decoded octets. Nothing is checked here as a server would (net/sasl.h does that); and
 * in doubt a part is secret: a message that has not the form of its mechanism shows nothing.
 *
 * Sources: RFC 4616 2 (PLAIN), RFC 2195 2 (CRAM-MD5), RFC 5802 5 and 7 and RFC 7677 (SCRAM), RFC
 * 4422 A (EXTERNAL), RFC 7628 3 (OAUTHBEARER); draft-murchison-sasl-login (LOGIN); XOAUTH2 is
 * Google's.
 */
#ifndef SMTP_SASL_H
#define SMTP_SASL_H
#include "base/span.h"

/* Name, what it does in one sentence, source. */
#define AUTH_MECHANISMS(X)                                                                         \
    X(PLAIN, "PLAIN", "User and password in one message, as they are: base64 hides nothing.",      \
      "RFC 4616 2")                                                                                \
    X(LOGIN, "LOGIN", "User and password in two messages, as they are: base64 hides nothing.",     \
      "draft-murchison-sasl-login")                                                                \
    X(CRAM_MD5, "CRAM-MD5",                                                                        \
      "The server sends a text, and the client a digest of it made with the password, which "      \
      "itself does not travel.",                                                                   \
      "RFC 2195 2")                                                                                \
    X(SCRAM_SHA_1, "SCRAM-SHA-1",                                                                  \
      "Both sides prove that they know the password, which itself does not travel.", "RFC 5802 3") \
    X(SCRAM_SHA_1_PLUS, "SCRAM-SHA-1-PLUS",                                                        \
      "Both sides prove that they know the password, and that nobody stands between them in TLS.", \
      "RFC 5802 6")                                                                                \
    X(SCRAM_SHA_256, "SCRAM-SHA-256",                                                              \
      "Both sides prove that they know the password, which itself does not travel.", "RFC 7677 3") \
    X(SCRAM_SHA_256_PLUS, "SCRAM-SHA-256-PLUS",                                                    \
      "Both sides prove that they know the password, and that nobody stands between them in TLS.", \
      "RFC 7677 3")                                                                                \
    X(EXTERNAL, "EXTERNAL", "The certificate that the client showed in TLS says who it is.",       \
      "RFC 4422 A")                                                                                \
    X(OAUTHBEARER, "OAUTHBEARER",                                                                  \
      "Instead of a password a token travels, which a login service gave out for a time.",         \
      "RFC 7628 3.1")                                                                              \
    X(XOAUTH2, "XOAUTH2",                                                                          \
      "Instead of a password a token travels, which a login service gave out for a time.",         \
      "Google's XOAUTH2")

enum auth_mechanism {
    AUTH_UNKNOWN, /* none, or one that is not known here */
#define X(id, name, about, source) AUTH_##id,
    AUTH_MECHANISMS(X)
#undef X
        AUTH_MECHANISM_COUNT
};

/* Letter case does not matter. */
enum auth_mechanism auth_mechanism_of(struct span name);
const char *auth_mechanism_name(enum auth_mechanism m);   /* "" for AUTH_UNKNOWN, and so below */
const char *auth_mechanism_about(enum auth_mechanism m);  /* what it does */
const char *auth_mechanism_source(enum auth_mechanism m); /* where it is written */

struct sasl_part {
    const char *name;  /* "user" */
    const char *means; /* a sentence */
    struct span text;  /* borrowed; may be empty, and hold any octets */
    bool secret;       /* or something from which the secret can be guessed */
};

/* SCRAM's first message has four; unknown extensions are left out. */
#define SASL_PARTS_MAX 8
struct sasl_parts {
    struct sasl_part at[SASL_PARTS_MAX];
    unsigned count;
    const char *what; /* which message it is, as a phrase: "the server's first message" */
};

/* Takes a message of one side apart, before which the client has sent `step` messages; one that
 * came with AUTH counts. False: it has not the form that the mechanism gives it, or the mechanism
 * is not known: *out is empty then, and the whole of a client's message is secret. */
bool sasl_read(enum auth_mechanism m, bool client, unsigned step, struct span octets,
               struct sasl_parts *out);

#endif
