/*
 * What the command line of `serve` and its configuration file say, checked, and the server's policy
 * made of it. The command line wins. Nothing is opened here.
 */
#ifndef APP_SERVE_SETUP_H
#define APP_SERVE_SETUP_H
#include "app/options.h"
#include "engine/config.h"
#include "net/range.h"
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
    struct server_config config; /* owned; the defaults are its */
    struct serve_place places[2 * OPTION_LIST_MAX];
    size_t place_count; /* at least 1 */
    enum serve_store store;
    const char *folder; /* of the maildir */
    enum serve_tls tls;
    bool tls_needed; /* it makes no sense without */
    const char *tls_cert, *tls_key, *client_ca;
    char *logins[OPTION_LIST_MAX]; /* owned: names and passwords of the command line */
    size_t login_count;
    struct sasl_users users;                       /* owned list of these, and of the file's */
    unsigned clients_max, clients_per_address_max; /* 0: not given */
    struct range *proxies;                         /* owned */
    size_t proxy_count;
    struct policy policy;
};
/* Everything in it borrows from itself and from the options, so it must stay where it is. */

/* Takes the text of the configuration file; name NULL: there is none. False: *complaints tells all
 * that is wrong, a line each, with file, line and column. To be released in any case. */
bool serve_setup_begin(struct serve_setup *s, const char *name, struct span text,
                       struct buf *complaints);
/* After it. Passwords are copied, and wiped where the options hold them: other users of the machine
 * see a command line. False: err. */
bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err);
void serve_setup_release(struct serve_setup *s);

#endif
