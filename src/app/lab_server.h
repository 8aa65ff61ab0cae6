/*
 * The lab's server: hamburger.edu on loopback, with a certificate of the user's own CA and one user
 * who can log in.
 */
#ifndef APP_LAB_SERVER_H
#define APP_LAB_SERVER_H
#include "app/options.h"
#include "server/server.h"

/* Who can log in to the lab. Its password is told to everybody who asks. */
#define LAB_USER     "alice"
#define LAB_PASSWORD "ketchup"

/* Zero-filled is the start. */
struct lab_server {
    struct server *server; /* NULL: none */
    struct policy policy;
    struct tls_context *tls;
    struct buf ca; /* path of the CA's certificate; empty: there is none */
};
/* Borrows loop and record. False: err. The certificate is made when STARTTLS is first asked for, as
 * that takes some milliseconds which a first screen should not wait for. */
bool lab_server_open(struct lab_server *lab, struct loop *l, struct record *r,
                     const struct options *o, const struct server_hooks *hooks, struct error *err);
void lab_server_close(struct lab_server *lab); /* zero-filled is fine */

#endif
