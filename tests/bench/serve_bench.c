/*
 * The server room by itself, for load generators: no record, no events, letters into memory.
 * serve_bench PORT; ends on SIGTERM.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/server.h"

static void ended(void *ctx)
{
    *(bool *)ctx = true;
}

int main(int argc, char **argv)
{
    static const struct policy_mailbox bob[] = { { "bob", "hamburger.edu" } };
    static const struct policy policy = { .hostname = "hamburger.edu",
                                          .mailboxes = bob,
                                          .mailbox_count = 1,
                                          .any_recipient = true,
                                          .recipients_max = 100 };
    struct error err = { "" };
    struct loop *loop = loop_new(&err);
    struct server_options o = { .loop = loop,
                                .policy = &policy,
                                .port = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0,
                                .clients_max = 20000,
                                .rolling = true,
                                .timeouts = true };
    struct server *server = server_new(&o, NULL, &err);
    bool done = false;
    struct watch *term;

    if (!server) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    term = loop_watch_signal(loop, SIGTERM, ended, &done);
    printf("listening 127.0.0.1:%u\n", server_port(server));
    fflush(stdout);
    while (!done)
        loop_once(loop);
    watch_free(term);
    server_free(server);
    loop_free(loop);
    return 0;
}
