#include "net/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct jobs {
    struct worker_job *first, **last; /* last: where the next one goes */
};

struct worker {
    struct worker_hooks hooks;
    struct watch *watch;
    int wake[2]; /* a pipe; an octet in it says that jobs are done */
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t more;  /* jobs wait, or ending */
    struct jobs waiting, finished;
    bool ending;
    bool told; /* the octet is in the pipe */
};

static void jobs_init(struct jobs *j)
{
    j->first = NULL;
    j->last = &j->first;
}

static void jobs_add(struct jobs *j, struct worker_job *job)
{
    job->next = NULL;
    *j->last = job;
    j->last = &job->next;
}

static struct worker_job *jobs_take(struct jobs *j)
{
    struct worker_job *job = j->first;

    if (!job)
        return NULL;
    j->first = job->next;
    if (!j->first)
        j->last = &j->first;
    return job;
}

/* Waits for jobs; 0: there are none, and will be none. */
static size_t next_batch(struct worker *w, struct worker_job *batch[WORKER_BATCH_MAX])
{
    size_t count = 0;

    pthread_mutex_lock(&w->lock);
    while (!w->waiting.first && !w->ending)
        pthread_cond_wait(&w->more, &w->lock);
    for (struct worker_job *j = w->waiting.first; j && count < WORKER_BATCH_MAX; j = j->next)
        batch[count++] = j;
    pthread_mutex_unlock(&w->lock);
    return count;
}

/* The first `count` of the waiting jobs are done. */
static void hand_back(struct worker *w, size_t count)
{
    bool tell;

    pthread_mutex_lock(&w->lock);
    while (count--)
        jobs_add(&w->finished, jobs_take(&w->waiting));
    tell = !w->told;
    w->told = true;
    pthread_mutex_unlock(&w->lock);
    if (!tell)
        return;
    while (write(w->wake[1], "", 1) < 0 && errno == EINTR)
        ;
}

static void *run(void *arg)
{
    struct worker *w = arg;
    struct worker_job *batch[WORKER_BATCH_MAX];
    size_t count;

    while ((count = next_batch(w, batch)) > 0) {
        size_t did = w->hooks.work(w->hooks.ctx, batch, count);

        assert(did >= 1 && did <= count);
        hand_back(w, did);
    }
    return NULL;
}

static void give_back(struct worker *w)
{
    struct jobs finished;
    struct worker_job *job;

    pthread_mutex_lock(&w->lock);
    finished.first = w->finished.first;
    jobs_init(&w->finished);
    w->told = false;
    pthread_mutex_unlock(&w->lock);
    while ((job = finished.first)) {
        finished.first = job->next; /* done() may free the job */
        w->hooks.done(w->hooks.ctx, job);
    }
}

static void some_are_done(void *ctx)
{
    struct worker *w = ctx;
    char octet;

    while (read(w->wake[0], &octet, 1) < 0 && errno == EINTR)
        ;
    give_back(w);
}

static bool open_pipe(int fds[2])
{
    if (pipe(fds) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (fcntl(fds[i], F_SETFD, FD_CLOEXEC) != 0 || fcntl(fds[i], F_SETFL, O_NONBLOCK) != 0) {
            close(fds[0]);
            close(fds[1]);
            return false;
        }
    return true;
}

/* Signals are the loop's: the thread blocks them all. */
static int start_thread(struct worker *w)
{
    sigset_t all, before;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void close_all(struct worker *w)
{
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
    close(w->wake[0]);
    close(w->wake[1]);
    mem_free(w);
}

struct worker *worker_new(struct loop *l, const struct worker_hooks *hooks, struct error *err)
{
    struct worker *w = mem_zero(1, sizeof *w);
    int failed;

    w->hooks = *hooks;
    if (!open_pipe(w->wake)) {
        error_set(err, "a pipe could not be opened: %s", strerror(errno));
        mem_free(w);
        return NULL;
    }
    jobs_init(&w->waiting);
    jobs_init(&w->finished);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    failed = start_thread(w);
    if (failed) {
        error_set(err, "a thread could not be started: %s", strerror(failed));
        close_all(w);
        return NULL;
    }
    w->watch = loop_watch_read(l, w->wake[0], LOOP_NETWORK, some_are_done, w);
    return w;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->ending = true;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    give_back(w);
    watch_free(w->watch);
    close_all(w);
}

void worker_do(struct worker *w, struct worker_job *job)
{
    pthread_mutex_lock(&w->lock);
    assert(!w->ending);
    jobs_add(&w->waiting, job);
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
}
