/* Jobs on the thread, completions on the loop. */
#include <pthread.h>

#include "net/worker.h"
#include "support/table.h"
#include "support/turn.h"

#define JOBS 500

struct job {
    struct worker_job link; /* first */
    unsigned number;
    pthread_t done_by;
};

struct bench {
    struct loop *loop;
    struct worker *worker;
    struct job jobs[JOBS];
    unsigned worked, done; /* worked: the thread's */
    size_t largest;        /* batch; the thread's */
    size_t take;           /* how many the work does at once */
    unsigned add_more;     /* jobs that done() adds */
    pthread_mutex_t gate;  /* held: the work waits */
};

static size_t work(void *ctx, struct worker_job *const *jobs, size_t count)
{
    struct bench *b = ctx;
    size_t did = count < b->take ? count : b->take;

    pthread_mutex_lock(&b->gate);
    pthread_mutex_unlock(&b->gate);
    if (count > b->largest)
        b->largest = count;
    for (size_t i = 0; i < did; i++) {
        struct job *j = (struct job *)jobs[i];

        cr_assert_eq(j->number, b->worked, "jobs are done in order");
        b->worked++;
        j->done_by = pthread_self();
    }
    return did;
}

static void done(void *ctx, struct worker_job *link)
{
    struct bench *b = ctx;
    struct job *j = (struct job *)link;

    cr_assert_eq(j->number, b->done, "jobs come back in order");
    b->done++;
    cr_expect(!pthread_equal(j->done_by, pthread_self()));
    if (b->add_more) {
        b->add_more--;
        b->jobs[JOBS - 1 - b->add_more].number = JOBS - 1 - b->add_more;
        worker_do(b->worker, &b->jobs[JOBS - 1 - b->add_more].link);
    }
}

static void bench_open(struct bench *b, size_t take)
{
    struct worker_hooks hooks = { work, done, b };
    struct error err = { "" };

    *b = (struct bench){ .loop = loop_new(&err), .take = take };
    pthread_mutex_init(&b->gate, NULL);
    b->worker = worker_new(b->loop, &hooks, &err);
    cr_assert_not_null(b->worker, "%s", err.text);
}

static void bench_close(struct bench *b)
{
    worker_free(b->worker);
    loop_free(b->loop);
    pthread_mutex_destroy(&b->gate);
}

static void give(struct bench *b, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        b->jobs[i].number = i;
        worker_do(b->worker, &b->jobs[i].link);
    }
}

static const size_t takes[] = { 1, 3, WORKER_BATCH_MAX };
TABLE_TEST(worker, does_every_job_once_and_in_order, takes)
{
    static struct bench b;

    bench_open(&b, takes[*number]);
    give(&b, 0, JOBS);
    cr_expect(TURN_UNTIL(b.loop, b.done == JOBS), "%u", b.done);
    bench_close(&b);
    cr_expect_eq(b.worked, JOBS);
}

Test(worker, gets_what_waits_as_one_batch_of_a_bounded_size)
{
    static struct bench b;

    bench_open(&b, WORKER_BATCH_MAX);
    pthread_mutex_lock(&b.gate);
    give(&b, 0, JOBS);
    cr_expect_eq(b.done, 0u); /* the loop's side never waits */
    pthread_mutex_unlock(&b.gate);
    cr_expect(TURN_UNTIL(b.loop, b.done == JOBS));
    bench_close(&b);
    cr_expect_eq(b.largest, (size_t)WORKER_BATCH_MAX);
}

Test(worker, may_be_given_jobs_while_it_gives_them_back)
{
    static struct bench b;

    bench_open(&b, 2);
    b.add_more = 100;
    give(&b, 0, JOBS - 100);
    cr_expect(TURN_UNTIL(b.loop, b.done == JOBS));
    bench_close(&b);
}

Test(worker, is_freed_when_all_is_done_and_given_back)
{
    static struct bench b;

    bench_open(&b, 1);
    worker_free(NULL);
    give(&b, 0, 200);
    bench_close(&b);
    cr_expect_eq(b.worked, 200u);
    cr_expect_eq(b.done, 200u);
    bench_open(&b, 1); /* and with nothing to do */
    bench_close(&b);
}

Test(worker, one_job_after_the_other_wakes_the_loop_each_time)
{
    static struct bench b;

    bench_open(&b, 1);
    for (unsigned i = 0; i < 50; i++) {
        give(&b, i, i + 1);
        cr_assert(TURN_UNTIL(b.loop, b.done == i + 1));
    }
    bench_close(&b);
}
