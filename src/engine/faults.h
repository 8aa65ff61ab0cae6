/*
 * The faults of a server: a set of rules that all its sessions share, with what has to be counted
 * and remembered for them. Asked at each moment of a session, it says which rules play and what
 * they do together. Deterministic: the same questions in the same order have the same answers;
 * `chance` comes from the set's seed.
 */
#ifndef ENGINE_FAULTS_H
#define ENGINE_FAULTS_H
#include "engine/fault.h"

/* Rules of one set: each is looked at for each command. */
#define FAULTS_MAX 256
/* Clients, and triples of greylisting, that are remembered: a peer must not choose our memory use.
 * The one that was not seen for the longest time makes room. */
#define FAULTS_REMEMBERED_MAX 4096
/* Rules that play at the same moment; more of them do not. */
#define FAULTS_PLAYED_MAX 16

/* What has matched so far. */
struct fault_tally {
    uint64_t count;    /* matches */
    int64_t since;     /* of the stretch of time, or when a triple was seen first */
    uint64_t in_since; /* matches in it */
    bool begun;
};

/* What one session has to remember; zero-filled is a new one. */
struct fault_session {
    struct fault_seen *seen; /* owned */
    size_t count;
};
void fault_session_release(struct fault_session *s);

struct faults;
struct faults *faults_new(uint64_t seed);
void faults_free(struct faults *set); /* NULL is fine */
/* Takes what *f owns (also when it fails). The rule's number, from 1, never reused; 0: there are
 * FAULTS_MAX. */
unsigned faults_add(struct faults *set, struct fault *f);
/* The same from a line. 0: *why says what is wrong. */
unsigned faults_parse(struct faults *set, struct span line, struct buf *why);
bool faults_remove(struct faults *set, unsigned id); /* false: there is no such rule */
bool faults_switch(struct faults *set, unsigned id, bool on);
size_t faults_count(const struct faults *set);
/* Something could play. `names`: at a moment at which recipients' names may be magic. */
bool faults_any(const struct faults *set, bool names);
struct fault_info {
    unsigned id;
    const struct fault *fault; /* borrowed until the next change; .off: it is switched off */
    uint64_t matched, played;
};
bool faults_get(const struct faults *set, size_t i, struct fault_info *out);
/* The nearest deadline of an `idle` rule for a session that is silent since `since`; CLOCK_NEVER:
 * none. `after`: those that played already; zero at first. */
int64_t faults_idle_at(const struct faults *set, int64_t since, int64_t after);
/* The next octet of a letter, beyond `from`, at which a `body` rule waits; UINT64_MAX: none. */
uint64_t faults_octet(const struct faults *set, uint64_t from);

enum fault_end { FAULT_GOES_ON, FAULT_DROPS, FAULT_RESETS, FAULT_FALLS_SILENT };

/* What plays. Texts borrow from the set until its next change. */
struct fault_play {
    unsigned count;
    const struct fault *rules[FAULTS_PLAYED_MAX]; /* in order */
    unsigned code;     /* of the reply instead; 0: there is none, or it has none */
    const char *reply; /* "450 4.2.1 busy"; NULL: the right one */
    const char *raw;   /* with escapes; NULL: none */
    int64_t delay;
    unsigned slow; /* octets at a time; 0: as usual */
    int64_t pause;
    const struct row_texts *pieces; /* NULL: none */
    enum fault_tls tls;
    enum fault_end end;
};
/* Does the reply refuse, so that the command must not be carried out? */
bool fault_refuses(const struct fault_play *p);

/* Magic addresses (magic.h) are on, too. */
void faults_set_magic(struct faults *set, bool on);
/* Asks all rules, then the magic of the recipient; counts. False: nothing plays. set NULL is fine.
 */
bool faults_ask(struct faults *set, struct fault_session *s, const struct fault_event *ev,
                struct fault_play *out);

#endif
