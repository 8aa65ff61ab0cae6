/*
 * The event loop: one per program, over libevent. The terminal has top priority, octets per
 * wake-up are capped for every source, so that a fast peer never starves the keyboard.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"

struct loop;
struct loop *loop_new(struct error *err); /* NULL: err says why */
void loop_free(struct loop *l);           /* NULL is fine; watches must be gone */
int64_t loop_now(const struct loop *l);   /* monotonic microseconds */
int64_t loop_wall(void);                  /* since 1970, UTC, microseconds */
/* Waits for events and runs their callbacks once (a batch); false when nothing is left to wait for.
 */
bool loop_once(struct loop *l);
/* Runs what is ready, without waiting. */
void loop_poll(struct loop *l);
struct event_base *loop_base(struct loop *l); /* libevent's own, for net/ */
/* Who looks names up, for net/; made at first use. */
struct resolver;
struct dns;
struct resolver *loop_resolver(struct loop *l);
struct dns *loop_dns(struct loop *l); /* who asks for MX records; made at first use */
/* Other files than /etc/resolv.conf and /etc/hosts, for tests; copies. No lookup may be under way.
 */
void loop_name_files(struct loop *l, const char *resolv_conf, const char *hosts);

enum loop_priority { LOOP_TERMINAL, LOOP_NETWORK };
struct watch; /* one thing waited for */
typedef void watch_fn(void *ctx);
/* Readable fd (also regular files and /dev/null, which epoll refuses: then always ready, and of
 * network priority whatever is asked for, so that nothing starves). A watch runs from the start;
 * none of these is ever NULL. */
struct watch *loop_watch_read(struct loop *l, int fd, enum loop_priority p, watch_fn *fn,
                              void *ctx);
struct watch *loop_watch_signal(struct loop *l, int signal, watch_fn *fn, void *ctx);
/* A timer, not yet set; runs once each time it is set. */
struct watch *loop_timer(struct loop *l, watch_fn *fn, void *ctx);
void watch_set_timer(struct watch *w, int64_t in_us); /* from now; sets it anew */
void watch_stop(struct watch *w); /* paused: no callbacks until watch_start or a new timer */
void watch_start(struct watch *w);
void watch_free(struct watch *w); /* NULL is fine; allowed in its own callback */

#endif
