/*
 * Letters into a maildir, on a thread that waits for the disk so that nobody else must. Its header
 * there: Return-Path, a Delivered-To for each recipient, Received; then what the client sent, octet
 * for octet. All recipients share one file, and their Bcc ones stand in no other line: so
 * Delivered-To says who they are, under the name by which mail readers know it. It stands above
 * Received, as delivery comes after the last hop.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "net/worker.h"
#include "server/maildir.h"
#include "server/store_inner.h"

/* Octets that are copied for the thread, so that it has something to do while the loop is busy
 * elsewhere. Beyond it letters wait where they are, with the client who brought them: the disk is
 * slower than the network, and no client sends on before his letter is answered. One letter always
 * may be copied. */
#define COPIED_MAX ((size_t)32 * 1024 * 1024)
/* Letters stored together: a client's 250 should not wait for many megabytes of others. */
#define BATCH_OCTETS ((size_t)4 * 1024 * 1024)

struct maildir_store {
    struct store store; /* first */
    struct maildir *maildir;
    struct worker *worker;
    size_t copied;                     /* octets that the thread has */
    struct maildir_job *first, **last; /* the others, whose turn has not come */
};

struct maildir_job {
    struct worker_job link; /* first */
    struct store_job job;
    struct maildir_store *store;
    struct maildir_job *next; /* of those others */
    struct span octets;       /* the client's; .at is NULL when the thread has the letter */
    struct maildir_letter letter;
    struct buf text;  /* letter.octets */
    store_done *done; /* NULL: forgotten */
    void *ctx;
};

/* On the thread. */
static size_t work(void *ctx, struct worker_job *const *jobs, size_t count)
{
    struct maildir_store *s = ctx;
    struct maildir_letter *letters[WORKER_BATCH_MAX];
    size_t octets = 0, batch = 0;

    for (; batch < count && octets < BATCH_OCTETS; batch++) {
        letters[batch] = &((struct maildir_job *)jobs[batch])->letter;
        octets += letters[batch]->octets.len;
    }
    return maildir_store(s->maildir, letters, batch);
}

static bool has_room(const struct maildir_store *s, size_t octets)
{
    return !s->copied || s->copied + octets <= COPIED_MAX;
}

static void hand_over_first(struct maildir_store *s)
{
    struct maildir_job *j = s->first;

    s->first = j->next;
    if (!s->first)
        s->last = &s->first;
    buf_add(&j->text, j->octets);
    j->octets = (struct span){ 0 };
    j->letter.octets = buf_span(&j->text);
    s->copied += j->text.len;
    worker_do(s->worker, &j->link);
}

static void hand_over(struct maildir_store *s)
{
    while (s->first && has_room(s, s->first->octets.len))
        hand_over_first(s);
}

static void job_done(void *ctx, struct worker_job *link)
{
    struct maildir_store *s = ctx;
    struct maildir_job *j = (struct maildir_job *)link;
    struct buf path = { 0 };

    s->copied -= j->text.len;
    if (j->done && !j->letter.failed) {
        buf_printf(&path, "%s/new/%s", maildir_path(s->maildir), j->letter.name);
        j->done(j->ctx, true, NULL, buf_text(&path));
    } else if (j->done) {
        j->done(j->ctx, false, maildir_words(j->letter.failed), "");
    }
    buf_release(&path);
    buf_release(&j->text);
    mem_free(j);
    hand_over(s);
}

static struct store_job *put(struct store *store, const struct store_letter *letter,
                             store_done *done, void *ctx)
{
    struct maildir_store *s = (struct maildir_store *)store;
    struct maildir_job *j = mem_zero(1, sizeof *j);

    j->store = s;
    j->octets = letter->letter->octets.len ? letter->letter->octets : SPAN("");
    j->job.kind = store->kind;
    j->done = done;
    j->ctx = ctx;
    trace_return_path(letter, &j->text);
    trace_delivered_to(letter, &j->text);
    trace_received(letter, &j->text);
    j->letter.when = letter->when;
    *s->last = j;
    s->last = &j->next;
    hand_over(s);
    return &j->job;
}

static void forget(struct store_job *job)
{
    struct maildir_job *j = (struct maildir_job *)((char *)job - offsetof(struct maildir_job, job));

    struct maildir_store *s = j->store;
    struct maildir_job **at = &s->first;

    if (!j->octets.at) {
        j->done = NULL;
        return;
    }
    while (*at != j)
        at = &(*at)->next;
    *at = j->next;
    if (!j->next)
        s->last = at;
    buf_release(&j->text);
    mem_free(j);
}

static void free_maildir(struct store *store)
{
    struct maildir_store *s = (struct maildir_store *)store;

    while (s->first)
        hand_over_first(s);
    worker_free(s->worker);
    maildir_free(s->maildir);
    mem_free(s);
}

static const struct store_kind maildir_kind = { .put = put,
                                                .forget = forget,
                                                .free = free_maildir };

struct store *store_maildir_with(struct loop *l, const char *dir, const struct maildir_ops *ops,
                                 struct error *err)
{
    struct maildir_store *s = mem_zero(1, sizeof *s);
    struct worker_hooks hooks = { .work = work, .done = job_done, .ctx = s };

    s->store.kind = &maildir_kind;
    s->last = &s->first;
    s->maildir = maildir_open(dir, ops, loop_wall(), err);
    if (s->maildir)
        s->worker = worker_new(l, &hooks, err);
    if (s->worker)
        return &s->store;
    maildir_free(s->maildir);
    mem_free(s);
    return NULL;
}

struct store *store_maildir(struct loop *l, const char *dir, struct error *err)
{
    return store_maildir_with(l, dir, &maildir_real, err);
}
