/*
 * The record: append-only, what happened, in order, with times. It holds many dialogues (#1, #2
 * ..., numbers never reused). Chunks (side, time, offset, length) are the truth; the line index is
 * built on append, or in a lazy dialogue when somebody reads; what a line means is computed when
 * asked. Sources append, views read.
 *
 * Cost: the octets, 16 a line, 8 a read, and snapshots of the observer every 256 lines.
 * One accessor gives octets to readers, and it masks secrets.
 */
#ifndef DIALOGUE_RECORD_H
#define DIALOGUE_RECORD_H
#include "dialogue/fact.h"
#include "dialogue/observer.h"

/* Octets held of all dialogues together. Above it the oldest letter octets become a gap. At most
 * 4 GiB, as a line may be that long. Beside them one dialogue can take, at its limits: 192 MiB
 * for its index (lines, letters, secrets), 128 MiB for its reads, 64 MiB for its snapshots and
 * 96 MiB for its facts and their words. So a record with one dialogue has 736 MiB at most. */
#define RECORD_OCTETS_MAX ((uint64_t)256 * 1024 * 1024)
/* Lines of one dialogue: index and numbers stay bounded whatever a peer sends. A source must end
 * the talk when record_full() says so. 16 octets each make 128 MiB. */
#define RECORD_LINES_MAX      ((uint32_t)8 * 1024 * 1024)
#define RECORD_SNAPSHOT_LINES 256

struct record;

struct record_limits {
    uint64_t octets; /* 0: RECORD_OCTETS_MAX */
    uint32_t lines;  /* 0: RECORD_LINES_MAX */
};
struct record *record_new(const struct record_limits *limits); /* NULL: the defaults */
void record_free(struct record *r);                            /* NULL is fine */

/* Opens a dialogue and returns its number, from 1. Names are copied; "" when not known. */
unsigned record_open(struct record *r, const char *client, const char *server, int64_t now);
unsigned record_count(const struct record *r); /* dialogues, the highest number */
const char *record_client(const struct record *r, unsigned d);
const char *record_server(const struct record *r, unsigned d);
void record_set_server(struct record *r, unsigned d, const char *server);
int64_t record_opened_at(const struct record *r, unsigned d);

/* Nothing of the dialogue is looked at before somebody reads it, and then only what has come since:
 * for a server that keeps the talks of many clients, few of which are ever read. Readers see the
 * same as ever. */
void record_set_lazy(struct record *r, unsigned d);
/* Frees the memory of a dialogue, which should have ended. Its number stays used; readers see an
 * empty dialogue with its names, and what may still come for it is not kept: record_full() says so.
 * Of forgotten dialogues the names of about the last RECORD_NAMES_MAX are kept, or a server's
 * clients could fill the memory with them; earlier ones are "". */
#define RECORD_NAMES_MAX 65536
void record_forget(struct record *r, unsigned d);

/* Sources. now: microseconds, monotonic, never less than before. */
void record_octets(struct record *r, unsigned d, enum side side, struct span octets, int64_t now);
void record_event(struct record *r, unsigned d, enum talk_event e, struct span detail, int64_t now);
void record_fact(struct record *r, unsigned d, const struct fact *f, int64_t now);
/* True when the dialogue reached a limit: nothing more of it is kept, and the talk should end. */
bool record_full(const struct record *r, unsigned d);
uint64_t record_dropped(const struct record *r, unsigned d); /* octets not kept since then */

/* Counts up with every append: a view that has seen it is up to date. */
uint64_t record_version(const struct record *r);

/* Readers. Lines count from 1 in each dialogue, both sides together. */
uint32_t record_lines(const struct record *r, unsigned d);

struct record_line {
    enum side side;
    enum role role;
    bool reply_start, reply_end; /* server lines: first, last of their reply */
    bool has_mistake;            /* client lines: some mistake of at least RISKY */
    unsigned code;               /* server lines: of their own line; 0: none */
    int64_t time;                /* when its last octet came */
    struct line
        line;    /* head masked unless asked otherwise; valid until the next call on the record */
    bool masked; /* something was masked */
    bool gap;    /* the octets are gone: head is empty; len, end and faults are true */
};
enum record_flags {
    RECORD_SECRETS = 1 /* secrets unmasked: only with --show-secrets and on the wire */
};
/* n from 1 to record_lines(). */
void record_line(const struct record *r, unsigned d, uint32_t n, unsigned flags,
                 struct record_line *out);
/* All octets of line n with its line end, appended to out, secrets masked unless asked. */
void record_line_octets(const struct record *r, unsigned d, uint32_t n, unsigned flags,
                        struct buf *out);
/* Side and role only, without touching octets: cheap enough for a scan over all lines. */
enum side record_line_side(const struct record *r, unsigned d, uint32_t n);
enum role record_line_role(const struct record *r, unsigned d, uint32_t n);
int64_t record_line_time(const struct record *r, unsigned d, uint32_t n);
/* The unfinished line of a side: its octets so far, masked; empty when there is none. */
struct span record_open_line(const struct record *r, unsigned d, enum side side);
uint64_t record_open_octets(const struct record *r, unsigned d, enum side side); /* how many */

/* State after line n (0: before the first). Costs at most RECORD_SNAPSHOT_LINES lines of replay.
 * Where letter lines have become a gap, counts inside that letter are estimates for up to as many
 * lines; the state is not.
 * Events that came after line n, before line n+1, are included only when n is the last line. */
void record_state(const struct record *r, unsigned d, uint32_t n, struct observer *out);
/* Line n as the observer saw it. Borrows until the next call on the record. Same cost. */
void record_observed(const struct record *r, unsigned d, uint32_t n, struct observed *out);
/* The state now: nothing is replayed. */
const struct observer *record_now(const struct record *r, unsigned d);

/* The next line after `from` (before it when backwards) that holds `needle`, ASCII case ignored, in
 * its masked form; 0 when there is none. from 0: from the start (backwards: from the end). Searches
 * the stored octets directly. A needle over RECORD_NEEDLE_MAX octets is not found. */
#define RECORD_NEEDLE_MAX 4096 /* more than a prompt holds */
uint32_t record_find(const struct record *r, unsigned d, uint32_t from, bool backwards,
                     struct span needle);

/* Events and facts, in order; each stands after line `after`. */
struct record_event {
    enum talk_event event;
    uint32_t after;
    int64_t time;
    struct span detail; /* borrowed from the record */
};
uint32_t record_events(const struct record *r, unsigned d);
void record_event_get(const struct record *r, unsigned d, uint32_t i, struct record_event *out);
/* The first event that came after line n or later; record_events() when there is none. */
uint32_t record_event_after(const struct record *r, unsigned d, uint32_t n);
struct record_fact {
    struct fact fact;
    uint32_t after;
    int64_t time;
};
uint32_t record_facts(const struct record *r, unsigned d);
void record_fact_get(const struct record *r, unsigned d, uint32_t i, struct record_fact *out);
/* The server's inside as its facts up to line n tell it (UINT32_MAX: all); NULL: there are none.
 * Borrowed until the next call on the record. Free for the last line, and for a line looked at
 * again; else the facts are read anew, or on from the line looked at before. */
const struct inside *record_inside(const struct record *r, unsigned d, uint32_t n);

/* The letter whose DATA command is the last one at or before line n that was not refused: envelope
 * lines are in the observer; this gives its lines, without the dot. *first > *last: none of them
 * has come yet. False: there is no letter. */
bool record_letter(const struct record *r, unsigned d, uint32_t n, uint32_t *first, uint32_t *last);

/* Reads: how the octets came, in order. Their sum by side is all that a side sent. */
struct record_read {
    enum side side;
    uint32_t len;
    int64_t time;
    uint64_t offset; /* of its first octet, among those of its side */
};
uint32_t record_reads(const struct record *r, unsigned d);
void record_read_get(const struct record *r, unsigned d, uint32_t i, struct record_read *out);
/* Pieces of sixteen octets (the last one of a read may have fewer) in the reads before read i, or,
 * where i is their count, in all: so a view of octets finds its rows in a million reads. */
uint64_t record_read_sixteens(const struct record *r, unsigned d, uint32_t i);

/* Octets of one side as they travelled, from `offset` on: `len` of them, or fewer where there are
 * no more; returns how many. kinds: enum octet_kind of each. Octets that may not be shown, or are
 * no longer kept, are 0. */
enum octet_kind { OCTET_KEPT, OCTET_SECRET, OCTET_GONE };
size_t record_octets_at(const struct record *r, unsigned d, enum side side, uint64_t offset,
                        size_t len, unsigned flags, unsigned char *octets, unsigned char *kinds);

/* Memory in use beside the octets themselves: index, reads, snapshots, facts and events; talk: what
 * every dialogue takes, read or not. Nothing is read for the answer. */
struct record_cost {
    uint64_t octets, lines, reads;
    uint64_t octet_bytes, index_bytes, read_bytes, snapshot_bytes, fact_bytes, talk_bytes;
};
void record_cost(const struct record *r, struct record_cost *out);

#endif
