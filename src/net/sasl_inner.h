/* What the files of SASL share. Not for others: they have net/sasl.h. */
#ifndef NET_SASL_INNER_H
#define NET_SASL_INNER_H
#include <gsasl.h>

#include "net/sasl.h"

enum sasl_kind { SASL_BY_GSASL, SASL_BY_LOGIN, SASL_BY_OAUTHBEARER, SASL_BY_XOAUTH2 };

struct sasl_mechanism {
    struct span name;
    enum sasl_kind kind;
    bool client_first;
    bool plus;  /* binds the login to the TLS channel */
    bool shows; /* the password travels as it is */
    bool token; /* a token, not a password */
    bool external;
};

struct sasl {
    const struct sasl_mechanism *mechanism;
    bool server;
    const struct sasl_users *users; /* borrowed; NULL: client */
    char *user, *secret, *identity; /* owned; NULL: none */
    Gsasl_session *session;         /* owned; NULL: not by libgsasl */
    unsigned taken;                 /* messages taken */
    bool asked;                     /* server: asked for the initial response */
    bool last_said;                 /* server: its last message is out, an empty one is due */
    bool complete;                  /* client: see sasl_complete */
    enum sasl_result result;        /* of the last step */
    const char *who;                /* borrowed from users, or identity */
    const char *why;
};

enum sasl_result sasl_broken(struct sasl *s, const char *why);
enum sasl_result sasl_denied(struct sasl *s);
/* The user of that name; NULL: none. Names are compared as prepared by SASLprep (RFC 4013). */
const struct sasl_user *sasl_find(const struct sasl *s, const char *name);
/* Compared in a time that does not depend on where they differ. */
bool sasl_same_secret(const char *a, const char *b);
/* Frees text of ours, wiped; NULL is fine. */
void sasl_wipe(char *text);

/* sasl_gsasl.c. Starting: false: libgsasl does not have it. */
bool sasl_gsasl_start(struct sasl *s, struct span binding);
void sasl_gsasl_end(struct sasl *s);
enum sasl_result sasl_gsasl_step(struct sasl *s, struct span in, struct buf *out);
/* Prepared text, to be freed with sasl_wipe; NULL: it cannot be prepared. */
char *sasl_prepare(const char *text);

/* sasl_login.c */
enum sasl_result sasl_login_step(struct sasl *s, struct span in, struct buf *out);

/* sasl_bearer.c */
enum sasl_result sasl_bearer_step(struct sasl *s, struct span in, struct buf *out);

#endif
