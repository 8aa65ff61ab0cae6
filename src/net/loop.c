/*
 * The event loop over libevent. Priorities decide within one wake-up: what the person types goes
 * before what any network sends. Not here: sockets (stream.c), names (resolve.c).
 */
#include "net/loop.h"

#include <event2/event.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/dns.h"
#include "net/resolve.h"

struct loop {
    struct event_base *base;
    struct resolver *resolver; /* made at the first name lookup */
    struct dns *dns;           /* made at the first question for MX records */
    char *resolv_conf, *hosts; /* NULL: the system's */
};

enum watch_kind { WATCH_READ, WATCH_ALWAYS, WATCH_SIGNAL, WATCH_TIMER };
struct watch {
    enum watch_kind kind;
    struct event *event;
    watch_fn *fn;
    void *ctx;
    bool running; /* wanted by its owner; WATCH_ALWAYS sets itself anew as long as it is */
    bool in_call, dead;
};

/* libevent would write to standard error, in the middle of a screen. What fails shows in the
 * results of the calls. */
static void drop_log(int severity, const char *text)
{
    (void)severity;
    (void)text;
}

/* So that libevent's allocations end the program in the same place as ours, and never fail. */
static void *event_realloc(void *at, size_t size)
{
    return mem_resize(at, size, 1);
}

struct loop *loop_new(struct error *err)
{
    struct loop *l = mem_zero(1, sizeof(*l));

    event_set_mem_functions(mem_alloc, event_realloc, mem_free);
    event_set_log_callback(drop_log);
    l->base = event_base_new();
    if (!l->base || event_base_priority_init(l->base, 2) != 0) {
        error_set(err, "the event loop could not be started: the system has no free descriptors");
        if (l->base)
            event_base_free(l->base);
        mem_free(l);
        return NULL;
    }
    return l;
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    resolver_free(l->resolver);
    dns_free(l->dns);
    event_base_free(l->base);
    mem_free(l->resolv_conf);
    mem_free(l->hosts);
    mem_free(l);
}

static int64_t clock_micros(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * CLOCK_SECOND + t.tv_nsec / 1000;
}

int64_t loop_now(const struct loop *l)
{
    (void)l;
    return clock_micros(CLOCK_MONOTONIC);
}

int64_t loop_wall(void)
{
    return clock_micros(CLOCK_REALTIME);
}

bool loop_once(struct loop *l)
{
    return event_base_loop(l->base, EVLOOP_ONCE) == 0;
}

void loop_poll(struct loop *l)
{
    event_base_loop(l->base, EVLOOP_NONBLOCK);
}

struct event_base *loop_base(struct loop *l)
{
    return l->base;
}

void loop_name_files(struct loop *l, const char *resolv_conf, const char *hosts)
{
    resolver_free(l->resolver);
    dns_free(l->dns);
    l->resolver = NULL;
    l->dns = NULL;
    mem_free(l->resolv_conf);
    mem_free(l->hosts);
    l->resolv_conf = mem_strdup(resolv_conf);
    l->hosts = mem_strdup(hosts);
}

static const char *resolv_conf(const struct loop *l)
{
    return l->resolv_conf ? l->resolv_conf : "/etc/resolv.conf";
}

struct resolver *loop_resolver(struct loop *l)
{
    if (!l->resolver)
        l->resolver = resolver_new(l->base, resolv_conf(l), l->hosts ? l->hosts : "/etc/hosts");
    return l->resolver;
}

struct dns *loop_dns(struct loop *l)
{
    if (!l->dns)
        l->dns = dns_new(l, resolv_conf(l));
    return l->dns;
}

static void set_now(struct watch *w)
{
    struct timeval none = { 0, 0 };

    event_add(w->event, &none);
}

static void watch_run(evutil_socket_t fd, short what, void *arg)
{
    struct watch *w = arg;

    (void)fd;
    (void)what;
    w->in_call = true;
    w->fn(w->ctx);
    w->in_call = false;
    if (w->dead) {
        event_free(w->event);
        mem_free(w);
    } else if (w->kind == WATCH_ALWAYS && w->running) {
        set_now(w);
    }
}

static struct watch *watch_new(struct loop *l, enum watch_kind kind, int fd, short what,
                               watch_fn *fn, void *ctx)
{
    struct watch *w = mem_zero(1, sizeof(*w));

    *w = (struct watch){ .kind = kind, .fn = fn, .ctx = ctx };
    w->event = event_new(l->base, fd, what, watch_run, w);
    return w;
}

/* epoll refuses regular files and /dev/null; reading them never waits. */
static bool always_ready(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return true; /* a closed descriptor: the owner's read() says so */
    return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode) ||
           (S_ISCHR(st.st_mode) && !isatty(fd));
}

struct watch *loop_watch_read(struct loop *l, int fd, enum loop_priority p, watch_fn *fn, void *ctx)
{
    struct watch *w;

    if (always_ready(fd)) {
        /* A timer of no time, and never with top priority: it would be due at every turn, and
         * nothing else would ever be. */
        w = watch_new(l, WATCH_ALWAYS, -1, 0, fn, ctx);
        event_priority_set(w->event, LOOP_NETWORK);
    } else {
        w = watch_new(l, WATCH_READ, fd, EV_READ | EV_PERSIST, fn, ctx);
        event_priority_set(w->event, (int)p);
    }
    watch_start(w);
    return w;
}

struct watch *loop_watch_signal(struct loop *l, int signal, watch_fn *fn, void *ctx)
{
    struct watch *w = watch_new(l, WATCH_SIGNAL, signal, EV_SIGNAL | EV_PERSIST, fn, ctx);

    event_priority_set(w->event, LOOP_TERMINAL);
    watch_start(w);
    return w;
}

struct watch *loop_timer(struct loop *l, watch_fn *fn, void *ctx)
{
    struct watch *w = watch_new(l, WATCH_TIMER, -1, 0, fn, ctx);

    event_priority_set(w->event, LOOP_TERMINAL);
    return w;
}

void watch_set_timer(struct watch *w, int64_t in_us)
{
    struct timeval in;

    if (in_us < 0)
        in_us = 0;
    in.tv_sec = (time_t)(in_us / CLOCK_SECOND);
    in.tv_usec = (suseconds_t)(in_us % CLOCK_SECOND);
    event_add(w->event, &in);
}

void watch_stop(struct watch *w)
{
    w->running = false;
    event_del(w->event);
}

void watch_start(struct watch *w)
{
    if (w->kind == WATCH_TIMER || w->running)
        return;
    w->running = true;
    if (w->kind == WATCH_ALWAYS)
        set_now(w);
    else
        event_add(w->event, NULL);
}

void watch_free(struct watch *w)
{
    if (!w)
        return;
    if (w->in_call) {
        w->dead = true;
        w->running = false;
        event_del(w->event);
        return;
    }
    event_free(w->event);
    mem_free(w);
}
