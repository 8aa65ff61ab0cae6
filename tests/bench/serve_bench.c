/*
 * The server room by itself, for load generators: letters into memory, nothing recorded and nobody
 * told unless asked for. serve_bench PORT [record] [events]; ends on SIGTERM.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/server.h"

static void ended(void *ctx)
{
    *(bool *)ctx = true;
}

/* What a log would do with it, without its output. */
static void told(void *ctx, const struct server_event *e)
{
    char line[256];

    if (e->kind != SERVER_FACT)
        snprintf(line, sizeof line, "%llu %s:%u %u %.*s", (unsigned long long)e->session,
                 e->address, e->port, e->code, SPAN_ARG(span_first(e->text, 100)));
    ++*(size_t *)ctx;
}

static bool asked_for(char **argv, const char *word)
{
    while (*argv && strcmp(*argv, word) != 0)
        argv++;
    return *argv != NULL;
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
                                .forget_ended = true,
                                .timeouts = true };
    size_t events = 0;
    struct server_hooks hooks = { .event = asked_for(argv, "events") ? told : NULL,
                                  .ctx = &events };
    struct server *server;
    bool done = false;
    struct watch *term;

    o.record = asked_for(argv, "record") ? record_new(NULL) : NULL;
    server = server_new(&o, &hooks, &err);

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
    record_free(o.record);
    loop_free(loop);
    return 0;
}
