/*
 * A server with all that it needs: loop, record, certificate, store, and the server itself at all
 * its places. `serve` shows it as a log or as a screen; here is neither.
 */
#ifndef APP_SERVING_H
#define APP_SERVING_H
#include "app/serve_setup.h"
#include "server/server.h"

/* Clients at once, unless --max-clients says otherwise: what a load test asks for, and 40 MB when
 * all of them are silent. */
#define SERVING_CLIENTS_MAX 10000

struct serving {
    struct serve_setup setup;
    struct loop *loop;
    struct record *record;   /* NULL: nobody reads it */
    struct tls_context *tls; /* NULL: none, or not made yet */
    bool make_tls;           /* it is made when a client asks for it */
    struct store *store;     /* NULL: the server's own, in memory */
    struct faults *faults;
    struct server *server;
};
/* What the options and their file say, opened; complaints and warnings are said on standard error.
 * False: it was said why. Then, too, it is to be released. *s must stay where it is. `hooks`: ctx
 * and all. `keep`: the record keeps talks that have ended. */
bool serving_open(struct serving *s, const struct options *o, const struct server_hooks *hooks,
                  bool keep);
/* Ends all talks, after what was acknowledged is stored. Events tell about it. */
void serving_stop(struct serving *s);
void serving_close(struct serving *s); /* stopped before */
/* Appends "127.0.0.1:2525 and 127.0.0.1:2465 (TLS)". */
void serving_places(const struct serving *s, struct buf *out);
/* Prints a configuration file with every key explained. The exit status. */
int serving_example_config(void);
/* Writes the CA's certificate to the file, "-": standard output. The exit status. */
int serving_export_ca(const char *path);

#endif
