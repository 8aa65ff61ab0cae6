/* Stores behind their one interface. */
#include <errno.h>
#include <pthread.h>

#include "net/worker.h"
#include "server/mailboxes.h"
#include "server/store_inner.h"
#include "support/maildirs.h"
#include "support/table.h"
#include "support/turn.h"

#define NOON ((int64_t)1700000000 * CLOCK_SECOND)

/* What became of one letter. */
struct outcome {
    unsigned calls;
    bool ok;
    char why[128], path[512];
};

static void told(void *ctx, bool ok, const char *why, const char *path)
{
    struct outcome *o = ctx;

    o->calls++;
    o->ok = ok;
    cr_expect_eq(!why, ok);
    snprintf(o->why, sizeof o->why, "%s", why ? why : "");
    snprintf(o->path, sizeof o->path, "%s", path);
}

static const char *const recipients[] = { "bob@hamburger.edu", "carol@hamburger.edu" };

static struct store_job *put(struct store *s, struct span octets, struct outcome *o)
{
    struct engine_letter letter = { .from = SPAN_INIT("alice@crepes.fr"),
                                    .to = recipients,
                                    .to_count = 2,
                                    .client = "crepes.fr",
                                    .octets = octets };
    struct store_letter l = { .letter = &letter,
                              .by = "hamburger.edu",
                              .address = "127.0.0.1",
                              .with = "ESMTP",
                              .tls = "",
                              .id = "7-1",
                              .when = NOON };

    return store_put(s, &l, told, o);
}

Test(store, none_takes_everything_at_once)
{
    struct store *s = store_none();
    struct outcome o = { 0 };

    cr_expect_null(put(s, SPAN("x"), &o));
    cr_expect(o.calls == 1 && o.ok);
    cr_expect_str_eq(o.path, "");
    store_free(s);
    store_free(NULL);
}

Test(store, memory_puts_letters_into_mailboxes_until_they_are_full)
{
    struct mailboxes *m = mailboxes_new(&policy_lab);
    struct store *s = store_memory(m);
    struct outcome o = { 0 };
    struct server_letter letter;
    size_t bob = mailboxes_find(m, SPAN("bob"));
    unsigned stored = 0;

    cr_expect_null(put(s, SPAN("Subject: x\r\n"), &o));
    cr_expect(o.calls == 1 && o.ok && !o.path[0]);
    cr_expect_eq(mailboxes_letters(m, mailboxes_find(m, SPAN("carol@hamburger.edu"))), 1u);
    cr_assert(mailboxes_letter(m, bob, 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("Subject: x\r\n")));
    cr_expect_eq(letter.when, NOON);
    while (o.ok && stored++ < SERVER_LETTERS_MAX)
        put(s, SPAN("x"), &o);
    cr_expect_not(o.ok);
    cr_expect_str_eq(o.why, "the mailboxes are full");
    store_free(s);
    mailboxes_free(m);
}

struct house {
    struct maildirs m;
    struct loop *loop;
    struct store *store;
};

static void house_open(struct house *h, const struct maildir_ops *ops)
{
    struct error err = { "" };

    maildirs_init(&h->m);
    h->loop = loop_new(&err);
    h->store = ops ? store_maildir_with(h->loop, h->m.path, ops, &err)
                   : store_maildir(h->loop, h->m.path, &err);
    cr_assert_not_null(h->store, "%s", err.text);
}

static void house_close(struct house *h)
{
    store_free(h->store);
    loop_free(h->loop);
    maildirs_remove(&h->m);
}

Test(store, maildir_writes_the_trace_and_then_the_clients_octets)
{
    struct house h;
    struct outcome o = { 0 };
    struct buf got;
    static const char odd[] = "Subject: x\r\n\r\n.\r\n..\r\nbare\nlf\0 and \xff\xfe, no end";
    struct span octets = span_make(odd, sizeof odd - 1);
    struct span head = SPAN("Return-Path: <alice@crepes.fr>\r\n"
                            "Delivered-To: bob@hamburger.edu\r\n"
                            "Delivered-To: carol@hamburger.edu\r\n"
                            "Received: from crepes.fr ([127.0.0.1])\r\n"
                            "\tby hamburger.edu with ESMTP id 7-1;\r\n"
                            "\tTue, 14 Nov 2023 22:13:20 +0000\r\n");

    house_open(&h, NULL);
    cr_expect_not_null(put(h.store, octets, &o));
    cr_expect_eq(o.calls, 0u);
    cr_assert(TURN_UNTIL(h.loop, o.calls == 1));
    cr_assert(o.ok, "%s", o.why);
    got = maildirs_read(o.path);
    cr_assert(span_starts(buf_span(&got), head), "%s", buf_text(&got));
    cr_expect(span_eq(span_from(buf_span(&got), head.len), octets));
    buf_release(&got);
    house_close(&h);
}

Test(store, maildir_answers_each_of_many_letters_once)
{
    struct house h;
    static struct outcome all[300];
    unsigned done = 0;

    house_open(&h, NULL);
    for (size_t i = 0; i < ROWS(all); i++)
        put(h.store, SPAN("x\r\n"), &all[i]);
    cr_assert(TURN_UNTIL(h.loop, all[ROWS(all) - 1].calls));
    for (size_t i = 0; i < ROWS(all); i++) {
        cr_expect(all[i].calls == 1 && all[i].ok, "letter %zu", i);
        done += access(all[i].path, R_OK) == 0;
    }
    cr_expect_eq(done, (unsigned)ROWS(all));
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_NEW), (unsigned)ROWS(all));
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_TMP), 0u);
    house_close(&h);
}

Test(store, maildir_is_freed_when_all_is_stored_and_told)
{
    struct house h;
    static struct outcome all[50];

    house_open(&h, NULL);
    for (size_t i = 0; i < ROWS(all); i++)
        put(h.store, SPAN("x\r\n"), &all[i]);
    store_free(h.store);
    h.store = NULL;
    for (size_t i = 0; i < ROWS(all); i++)
        cr_expect(all[i].calls == 1 && all[i].ok, "letter %zu", i);
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_NEW), (unsigned)ROWS(all));
    house_close(&h);
}

/* A disk that waits for the test, and fails when told to. */
static struct {
    pthread_mutex_t gate; /* held: nothing is synced */
    int fails_with;       /* set before the gate opens */
} disk = { .gate = PTHREAD_MUTEX_INITIALIZER };

static int gated_sync(int fd)
{
    int fails;

    pthread_mutex_lock(&disk.gate);
    fails = disk.fails_with;
    pthread_mutex_unlock(&disk.gate);
    if (!fails)
        return maildir_real.sync(fd);
    errno = fails;
    return -1;
}

static struct maildir_ops gated(void)
{
    struct maildir_ops ops = maildir_real;

    ops.sync = gated_sync;
    return ops;
}

Test(store, maildir_forgets_a_client_that_is_gone)
{
    struct maildir_ops ops = gated();
    struct house h;
    struct outcome gone = { 0 }, early = { 0 }, here = { 0 };

    house_open(&h, &ops);
    pthread_mutex_lock(&disk.gate);
    store_forget(put(h.store, SPAN("gone before"), &early));
    pthread_mutex_unlock(&disk.gate);
    store_forget(put(h.store, SPAN("gone meanwhile"), &gone));
    put(h.store, SPAN("here"), &here);
    cr_assert(TURN_UNTIL(h.loop, here.calls));
    cr_expect_eq(gone.calls + early.calls, 0u);
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_NEW), 3u); /* stored all the same */
    house_close(&h);
}

static struct store_job *last_job;
static void forgets_the_next(void *ctx, bool ok, const char *why, const char *path)
{
    told(ctx, ok, why, path);
    if (last_job)
        store_forget(last_job);
    last_job = NULL;
}

/* Its answer has been on the way with the one that is given now. */
Test(store, maildir_forgets_one_even_while_it_answers_another)
{
    struct maildir_ops ops = gated();
    struct house h;
    struct outcome one = { 0 }, two = { 0 }, three = { 0 };
    struct engine_letter letter = { .to = recipients, .client = "", .octets = SPAN_INIT("x") };
    struct store_letter l = {
        .letter = &letter, .by = "a", .address = "::1", .with = "SMTP", .tls = "", .id = "1"
    };

    house_open(&h, &ops);
    pthread_mutex_lock(&disk.gate);
    store_put(h.store, &l, forgets_the_next, &one);
    last_job = put(h.store, SPAN("x"), &two);
    put(h.store, SPAN("x"), &three);
    pthread_mutex_unlock(&disk.gate);
    cr_assert(TURN_UNTIL(h.loop, three.calls));
    cr_expect_eq(one.calls, 1u);
    cr_expect_eq(two.calls, 0u);
    house_close(&h);
}

Test(store, maildir_says_in_words_what_failed_and_goes_on)
{
    struct maildir_ops ops = gated();
    struct house h;
    struct outcome bad = { 0 }, good = { 0 };

    house_open(&h, &ops);
    disk.fails_with = EIO;
    put(h.store, SPAN("x"), &bad);
    cr_assert(TURN_UNTIL(h.loop, bad.calls));
    cr_expect_not(bad.ok);
    cr_expect_str_eq(bad.why, "the disk reports an error");
    cr_expect_str_eq(bad.path, "");
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_NEW) + maildirs_count(&h.m, MAILDIRS_TMP), 0u);
    pthread_mutex_lock(&disk.gate);
    disk.fails_with = 0;
    pthread_mutex_unlock(&disk.gate);
    put(h.store, SPAN("x"), &good);
    cr_assert(TURN_UNTIL(h.loop, good.calls));
    cr_expect(good.ok);
    house_close(&h);
}

/* Many megabytes that nobody takes for now: they wait with their clients, and none is refused. */
Test(store, maildir_lets_letters_wait_for_a_slow_disk)
{
    struct maildir_ops ops = gated();
    struct house h;
    static struct outcome all[12];
    struct store_job *jobs[ROWS(all)];
    struct buf large = { 0 };
    static const size_t gone[] = { 6, 0, 11, 5 }; /* inside, with the thread, the last, inside */

    house_open(&h, &ops);
    buf_add_repeat(&large, 'x', 8 * 1024 * 1024);
    pthread_mutex_lock(&disk.gate);
    for (size_t i = 0; i < ROWS(all); i++) {
        jobs[i] = put(h.store, buf_span(&large), &all[i]);
        cr_expect_not_null(jobs[i]);
    }
    for (size_t i = 0; i < ROWS(gone); i++)
        store_forget(jobs[gone[i]]);
    put(h.store, SPAN("x"), &all[11]); /* it takes the last one's place */
    pthread_mutex_unlock(&disk.gate);
    cr_assert(TURN_UNTIL(h.loop, all[11].calls));
    for (size_t i = 0; i < ROWS(all); i++)
        cr_expect_eq(all[i].calls, i != 0 && i != 5 && i != 6, "letter %zu", i);
    cr_expect_eq(maildirs_count(&h.m, MAILDIRS_NEW), 10u, "the thread had the first one");
    house_close(&h);
    buf_release(&large);
}

Test(store, maildir_stores_what_waits_before_it_is_freed)
{
    struct maildir_ops ops = gated();
    struct house h;
    static struct outcome all[6];
    struct buf large = { 0 };

    house_open(&h, &ops);
    buf_add_repeat(&large, 'x', 9 * 1024 * 1024);
    pthread_mutex_lock(&disk.gate);
    for (size_t i = 0; i < ROWS(all); i++)
        put(h.store, buf_span(&large), &all[i]);
    pthread_mutex_unlock(&disk.gate);
    store_free(h.store);
    h.store = NULL;
    for (size_t i = 0; i < ROWS(all); i++)
        cr_expect(all[i].calls == 1 && all[i].ok, "letter %zu", i);
    house_close(&h);
    buf_release(&large);
}

/* Larger than all that is copied at once, and alone. */
Test(store, maildir_takes_one_letter_of_any_size)
{
    struct house h;
    struct outcome o = { 0 };
    struct buf large = { 0 };
    struct stat st;

    house_open(&h, NULL);
    buf_add_repeat(&large, 'x', 70 * 1024 * 1024);
    cr_expect_not_null(put(h.store, buf_span(&large), &o));
    cr_assert(TURN_UNTIL(h.loop, o.calls));
    cr_assert(o.ok);
    cr_assert_eq(stat(o.path, &st), 0);
    cr_expect_gt((size_t)st.st_size, large.len);
    house_close(&h);
    buf_release(&large);
}

Test(store, maildir_is_an_error_where_it_cannot_be)
{
    struct error err = { "" };
    struct loop *l = loop_new(&err);

    cr_expect_null(store_maildir(l, "/dev/null/mail", &err));
    cr_expect_not_null(strstr(err.text, "/dev/null/mail"), "%s", err.text);
    loop_free(l);
}
