/*
 * What the command line of `serve` says, checked, and the server's policy made of it. Nothing is
 * opened here.
 */
#ifndef APP_SERVE_SETUP_H
#define APP_SERVE_SETUP_H
#include "app/options.h"
#include "engine/policy.h"
#include "net/sasl.h"

#define SERVE_PORT 2525 /* no one's own, and open to everybody */

struct serve_place {
    char host[256]; /* in numbers, or "localhost" */
    unsigned port;  /* 0: a free one */
    bool tls;       /* from the first octet on */
};
/* "ADDR:PORT", "ADDR", "PORT". False: err. */
bool serve_place_read(const char *text, struct serve_place *out, struct error *err);
/* Can only programs on this machine reach it? */
bool serve_place_is_private(const struct serve_place *p);

enum serve_store { SERVE_NONE, SERVE_MEMORY, SERVE_MAILDIR };
enum serve_tls { SERVE_NO_TLS, SERVE_OWN_TLS, SERVE_GIVEN_TLS }; /* own: our CA's certificate */

struct serve_setup {
    struct serve_place places[2 * OPTION_LIST_MAX];
    size_t place_count; /* at least 1 */
    enum serve_store store;
    const char *folder; /* of the maildir; borrows from the options */
    enum serve_tls tls;
    bool tls_needed; /* it makes no sense without */
    char hostname[256];
    char *logins[OPTION_LIST_MAX];               /* owned: names and passwords ... */
    struct sasl_user user_list[OPTION_LIST_MAX]; /* ... that these point into */
    struct sasl_users users;
    struct policy policy; /* borrows from this and from the options */
};
/* Passwords are copied, and wiped where the options hold them: other users of the machine see a
 * command line. False: err, and nothing to release. *out must stay where it is. */
bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err);
void serve_setup_release(struct serve_setup *s);

#endif
