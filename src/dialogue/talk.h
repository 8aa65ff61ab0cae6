/*
 * One dialogue of the record, as it is kept: octets by side and a journal of what came when; and
 * made from these, when it is read, the index of its lines, its reads, snapshots of the observer,
 * events and facts. Private to record*.c and talk*.c.
 */
#ifndef DIALOGUE_TALK_H
#define DIALOGUE_TALK_H
#include "dialogue/blocks.h"
#include "dialogue/record.h"
#include "dialogue/store.h"

/* 16 octets a line. */
struct line_entry {
    uint64_t place; /* offset in its side's octets (40 bits), and what line_entry_* read */
    uint32_t len;
    uint32_t read; /* the read that brought its last octet */
};
#define ENTRY_OFFSET_BITS 40
#define ENTRY_OFFSET_MAX  (((uint64_t)1 << ENTRY_OFFSET_BITS) - 1)
#define ENTRY_SIDE_AT     40
#define ENTRY_ROLE_AT     41 /* 3 bits */
#define ENTRY_END_AT      44 /* 2 bits */
#define ENTRY_FAULTS_AT   46 /* 6 bits */
#define ENTRY_BIT(n)      ((uint64_t)1 << (52 + (n)))
#define ENTRY_REPLY_START ENTRY_BIT(0)
#define ENTRY_REPLY_END   ENTRY_BIT(1)
#define ENTRY_MISTAKE     ENTRY_BIT(2)
#define ENTRY_SECRET      ENTRY_BIT(3)
#define ENTRY_GAP         ENTRY_BIT(4)
#define ENTRY_KEEP        ENTRY_BIT(5) /* never to become a gap */
static inline uint64_t line_entry_offset(const struct line_entry *e)
{
    return e->place & ENTRY_OFFSET_MAX;
}
static inline enum side line_entry_side(const struct line_entry *e)
{
    return (enum side)(e->place >> ENTRY_SIDE_AT & 1);
}
static inline enum role line_entry_role(const struct line_entry *e)
{
    return (enum role)(e->place >> ENTRY_ROLE_AT & 7);
}
static inline enum line_end line_entry_end(const struct line_entry *e)
{
    return (enum line_end)(e->place >> ENTRY_END_AT & 3);
}
static inline unsigned line_entry_faults(const struct line_entry *e)
{
    return (unsigned)(e->place >> ENTRY_FAULTS_AT & 63);
}

/* 8 octets a read, and an anchor every READ_ANCHOR of them, or where the time leaps. */
struct read_entry {
    uint32_t delta; /* microseconds since the read before */
    uint32_t len;   /* the highest bit is the side */
};
#define READ_SIDE   ((uint32_t)1 << 31)
#define READ_ANCHOR 1024
struct read_anchor {
    uint32_t read;
    int64_t time;       /* of it */
    uint64_t offset[2]; /* octets of each side in the reads before it */
    uint64_t sixteens;  /* record_read_sixteens() of it */
};
/* A peer may send octet by octet; 128 MiB of reads are enough. */
#define READS_MAX ((uint32_t)16 * 1024 * 1024)

struct snapshot {
    unsigned char *at; /* owned: observer_pack */
    uint32_t len;
};

struct letter_entry {
    uint32_t data;        /* line of its DATA */
    uint32_t first, last; /* first > last: no line of it has come; first 0: DATA was refused */
};

struct kept_event {
    int64_t time;
    size_t detail; /* where it starts in words */
    uint32_t len, after;
    enum talk_event event;
};

struct kept_fact {
    int64_t time;
    size_t text; /* where it starts in words */
    uint64_t number, header_lines, body_lines;
    uint32_t len, after;
    enum fact_kind kind;
};
/* A client of the lab's server makes facts as fast as it sends commands. Some hundred thousand
 * commands are more than a lesson has; beyond, the dialogue is full. Counts of a letter under way,
 * one a line, replace each other from half of it on. */
#define FACTS_MAX ((uint32_t)512 * 1024)
/* Texts of events and facts together, which quote what the client sent: as much again. */
#define WORDS_MAX ((size_t)32 * 1024 * 1024)

/* What is made of the octets, events and facts when somebody reads the dialogue. */
struct index {
    struct observer now;
    struct line_scan scan[2]; /* by side, as the next ones */
    uint64_t taken[2];        /* octets that were read for lines */
    uint64_t line_start[2];   /* offset of the unfinished line */
    struct blocks lines;      /* struct line_entry, line n at n - 1 */
    struct blocks reads;      /* struct read_entry */
    struct blocks anchors;    /* struct read_anchor */
    int64_t last_time;        /* of the last read */
    uint64_t sixteens;        /* record_read_sixteens() of all */
    struct blocks snapshots;  /* after lines 256, 512 ... */
    uint64_t snapshot_octets;
    struct blocks letters; /* struct letter_entry, by data */
    struct blocks secrets; /* uint32_t: numbers of lines with something to mask */
    struct blocks events, facts;
    uint32_t newest_fact[FACT_KIND_COUNT]; /* of each kind, from 1; 0: none */
    struct buf words;                      /* of events and facts */
    struct inside inside;                  /* as all facts tell it */
};

/* As it is appended. What happened since the index was made stands in the journal. */
struct talk {
    int64_t opened, last_time; /* last_time: of the last read */
    struct store octets[2];    /* by side */
    struct buf journal;        /* dialogue/journal.h */
    size_t newest_body;        /* where the journal's last entry starts, if it is a FACT_BODY that
                                  the next one replaces; SIZE_MAX: it is none */
    uint32_t unread_lines;     /* ends of lines in the octets since then */
    uint32_t unread_facts;
    uint32_t reads;      /* all of them */
    uint32_t thinned;    /* segments of the client that were thinned, the first ones */
    uint64_t dropped;    /* octets not kept since full */
    struct index *index; /* owned; NULL: nobody has read yet */
    bool lazy;           /* the index is made when somebody reads */
    bool over;           /* the connection is gone */
    bool full;
};

static inline struct line_entry *talk_line(const struct talk *t, uint32_t n)
{
    return blocks_get(&t->index->lines, sizeof(struct line_entry), n - 1);
}

struct talk *talk_new(int64_t now);
void talk_free(struct talk *t);
/* Makes the index, empty, where there is none. */
void talk_need_index(struct talk *t);
/* The read at index->taken[] goes into the index: `len` octets that the store has. lines: how many
 * the dialogue may have. scratch, seen: work space. */
void talk_read(struct talk *t, enum side side, uint32_t len, int64_t time, uint32_t lines,
               struct buf *scratch, struct observed *seen);
/* Unfinished lines become cut ones: the client's, then the server's. */
void talk_cut(struct talk *t, uint32_t lines, struct buf *scratch, struct observed *seen);

/* The rest is asked of a talk that has its index. */

/* The first event that came after line n or later; their count when there is none. */
uint32_t talk_event_after(const struct talk *t, uint32_t n);
int64_t talk_read_time(const struct talk *t, uint32_t read);
/* Where a read is, as its anchor would say it. read: up to their count; no time is told of that. */
void talk_read_place(const struct talk *t, uint32_t read, struct read_anchor *out);
/* The head of line n, unmasked. Borrows from the talk or from *scratch. */
void talk_fetch(const struct talk *t, uint32_t n, struct line *out, struct buf *scratch);
/* State after line n, without what happened after it; *seen (may be NULL): line n as observed. */
void talk_replay(const struct talk *t, uint32_t n, struct observer *out, struct observed *seen,
                 struct buf *scratch);
/* Letter octets of the client's next segment can be given up; no index is needed for the answer. */
bool talk_can_thin(const struct talk *t, uint64_t *born);
void talk_thin(struct talk *t);
/* Octets of memory that hold octets. */
static inline uint64_t talk_memory(const struct talk *t)
{
    return t->octets[0].memory + t->octets[1].memory;
}

#endif
