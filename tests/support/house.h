/*
 * `smtpscope serve` as a house for programs of the world: a place in plain text, one with TLS, a CA
 * to trust, a user, and a maildir to look into afterwards.
 */
#ifndef TESTS_HOUSE_H
#define TESTS_HOUSE_H
#include "support/maildirs.h"
#include "support/program.h"
#include "support/served.h"

struct house {
    struct served served;
    struct maildirs mail;
    char ca[128];
    char tls[64];                /* where TLS begins with the first octet */
    const char *port, *tls_port; /* of served.place and of tls */
};

/* more: arguments of serve besides; ends with NULL. */
static inline void house_open(struct house *h, const char *const *more)
{
    const char *args[RUN_ARGS_MAX + 1] = {
        "serve",  "--listen",      "127.0.0.1:0", "--tls-listen",  "127.0.0.1:0",
        "--auth", "alice:ketchup", "--hostname",  "hamburger.edu", "--store",
    };
    char store[128];
    const char *tls;
    struct ran r;
    size_t n = 10;

    *h = (struct house){ .port = NULL };
    maildirs_init(&h->mail);
    setenv("XDG_STATE_HOME", h->mail.root, 1);
    snprintf(h->ca, sizeof h->ca, "%s/ca.pem", h->mail.root);
    r = RUN("", "serve", "--export-ca", h->ca);
    cr_assert_eq(r.status, 0, "%s", buf_text(&r.err));
    ran_release(&r);
    snprintf(store, sizeof store, "maildir:%s", h->mail.path);
    args[n++] = store;
    for (; *more && n < RUN_ARGS_MAX; more++)
        args[n++] = *more;
    h->served = served_start(args);
    h->port = strrchr(h->served.place, ':') + 1;
    tls = strstr(buf_text(&h->served.log), " and ");
    cr_assert(tls, "%s", buf_text(&h->served.log));
    snprintf(h->tls, sizeof h->tls, "%.*s", (int)strcspn(tls + 5, " \n"), tls + 5);
    h->tls_port = strrchr(h->tls, ':') + 1;
}
#define HOUSE_OPEN(h, ...) house_open(h, (const char *const[RUN_ARGS_MAX + 1]){ __VA_ARGS__, NULL })

static inline void house_remove(const char *folder)
{
    struct ran r = PROGRAM(SPAN(""), "rm", "-rf", folder);

    ran_release(&r);
}

static inline void house_close(struct house *h)
{
    struct ran r = served_end(&h->served);

    cr_expect_eq(r.status, 0, "%s", program_said(&r));
    ran_release(&r);
    house_remove(h->mail.root);
}

static inline unsigned house_letters(const struct house *h)
{
    return maildirs_count(&h->mail, MAILDIRS_NEW);
}

struct house_newest {
    char path[1024];
    struct timespec at;
};
static inline void house_look(void *ctx, const char *path)
{
    struct house_newest *n = ctx;
    struct stat s;

    if (stat(path, &s) == 0 &&
        (s.st_mtim.tv_sec > n->at.tv_sec ||
         (s.st_mtim.tv_sec == n->at.tv_sec && s.st_mtim.tv_nsec >= n->at.tv_nsec))) {
        snprintf(n->path, sizeof n->path, "%s", path);
        n->at = s.st_mtim;
    }
}

/* The letter that came last, with the trace lines before it. */
static inline struct buf house_newest(const struct house *h)
{
    struct house_newest n = { "", { 0, 0 } };

    maildirs_each(h->mail.inner[MAILDIRS_NEW], house_look, &n);
    cr_assert(n.path[0], "there is no letter; the log: %s", buf_text(&h->served.log));
    return maildirs_read(n.path);
}

/* The newest letter is what was sent, octet by octet, below trace lines that start as they must. */
static inline void house_expect(const struct house *h, const char *name, struct span want)
{
    struct buf letter = house_newest(h);
    struct span all = buf_span(&letter);

    cr_expect(span_starts(all, SPAN("Return-Path: <")), "%s: %s", name, buf_text(&letter));
    cr_expect(all.len > want.len && span_eq(span_from(all, all.len - want.len), want), "%s: %s",
              name, buf_text(&letter));
    buf_release(&letter);
}

#endif
