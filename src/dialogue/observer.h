/*
 * The observer: lines and events of a dialogue in, the state of the session out. It knows neither
 * record nor network, so any source gives the same states. Fixed size and copyable: an assignment
 * is a snapshot.
 *
 * The reply moves the state, legal or not (smtp/session.h); departures from the standard are
 * mistakes and faults in what it tells about each line.
 */
#ifndef DIALOGUE_OBSERVER_H
#define DIALOGUE_OBSERVER_H
#include "dialogue/event.h"
#include "smtp/body.h"
#include "smtp/command.h"
#include "smtp/reply.h"
#include "smtp/session.h"

/* What a line is, in the place where it stands. */
enum role {
    ROLE_COMMAND, /* client: a command line */
    ROLE_LETTER,  /* client: a line of the letter, inside DATA */
    ROLE_DOT,   /* client: the lone dot (also one that only lenient servers take, when a server took
                   it) */
    ROLE_AUTH,  /* client: a line of an AUTH exchange: secret */
    ROLE_CHUNK, /* client: octets of a BDAT chunk */
    ROLE_REPLY, /* server: a line of a reply */
};

/* Commands sent whose replies have not come. Bounded, because a client may send without end;
 * beyond it commands are counted, so that pairing never shifts, but their verbs are forgotten. */
#define OBSERVER_PENDING_MAX 512
/* Recipients whose lines are remembered for views; all are counted. */
#define OBSERVER_RECIPIENTS_MAX 16
/* Keywords of an EHLO reply: a bit each, by number in registry/keywords.h. */
#define OBSERVER_KEYWORD_WORDS 3

struct observer {
    enum session_state state;
    bool esmtp;          /* the last accepted greeting was EHLO or LHLO */
    bool greeted;        /* the server's greeting has come, whole */
    bool ended;          /* QUIT answered, 421, or the connection is gone */
    bool over;           /* the connection itself is gone */
    uint32_t lines;      /* lines so far, both sides: the number of the last one */
    uint32_t hello_line; /* the HELO or EHLO in force; 0: none */
    uint32_t mail_line;  /* the MAIL of the transaction under way; 0: none */
    uint32_t data_line;  /* the DATA under way */
    uint32_t rcpt_lines[OBSERVER_RECIPIENTS_MAX]; /* of accepted RCPTs, the first ones */
    uint32_t rcpt_accepted, rcpt_refused;
    uint32_t letters;                              /* accepted with 2yz after the dot */
    uint32_t errors;                               /* replies 5yz so far */
    uint64_t keywords[OBSERVER_KEYWORD_WORDS];     /* offered in the EHLO reply in force */
    uint64_t keywords_new[OBSERVER_KEYWORD_WORDS]; /* of the EHLO reply that is coming in */
    uint64_t size_limit;                           /* of the SIZE keyword; 0: none named */
    bool tls, authenticated;
    struct body body;       /* the letter under way */
    bool letter_has_header; /* its first line looked like a header field */
    /* the reply that is coming in; .lines == 0: none */
    struct reply reply;
    uint32_t reply_first_line;
    uint32_t reply_to_line; /* the command that it answers; 0: the connection, or nobody */
    /* replies awaited, oldest first: a ring */
    uint8_t pending_verb[OBSERVER_PENDING_MAX]; /* enum verb */
    uint16_t pending_gap[OBSERVER_PENDING_MAX]; /* lines since the entry before (65535: more) */
    uint16_t pending_at;                        /* index of the oldest */
    uint32_t pending_count;                     /* may exceed OBSERVER_PENDING_MAX */
    uint32_t pending_first;                     /* line of the oldest */
    uint32_t pending_last;                      /* line of the newest */
};

/* What one line turned out to be. Borrows from the line's head and from the observer. */
struct observed {
    enum side side;
    uint32_t number; /* of the line, from 1 */
    enum role role;
    struct line line;
    enum session_state before, after;
    /* ROLE_COMMAND */
    struct command command; /* with the mistakes of order and of the session added */
    /* ROLE_LETTER: mistakes of letter lines */
    struct mistakes letter_mistakes;
    uint64_t letter_line; /* its number inside the letter */
    bool in_header;
    /* ROLE_REPLY */
    struct reply_line part;
    struct reply reply;              /* so far; .whole when this line ended it */
    enum verb answers;               /* VERB_UNKNOWN with unsolicited: nobody asked */
    uint32_t answers_line;           /* 0: the connection */
    bool unsolicited;                /* it answers nothing, and shifted nothing */
    const struct session_step *step; /* the step taken, NULL: the state stayed */
    /* any side */
    struct span secret; /* the part of line.head that must be masked; empty: none */
};

void observer_init(struct observer *o);
/* Takes the next line of either side; o->lines counts it. *out borrows from `line`. */
void observer_line(struct observer *o, enum side side, const struct line *line,
                   struct observed *out);
/* A closed or lost connection and the like. */
void observer_event(struct observer *o, enum talk_event e);
/* True when the keyword of that number was offered. */
bool observer_offers(const struct observer *o, unsigned keyword);
/* The verb of the oldest command that waits for its reply; VERB_COUNT when none does. While the
 * greeting is awaited it is VERB_CONNECT. */
enum verb observer_awaits(const struct observer *o);
/* Replies that are still due (the greeting counts). */
uint32_t observer_outstanding(const struct observer *o);
bool observer_same(const struct observer *a,
                   const struct observer *b); /* for tests: every meaning field */

/*
 * The same, pushed as octets: frames lines itself, keeps the heads of unfinished lines only.
 */
struct watcher;
struct watcher *watcher_new(void);
void watcher_free(struct watcher *w); /* NULL is fine */
/* Borrows `octets` until watcher_next has given everything. */
void watcher_push(struct watcher *w, enum side side, struct span octets);
void watcher_event(struct watcher *w, enum talk_event e);
/* True: *out is the next line, valid until the next call. False: push more. */
bool watcher_next(struct watcher *w, struct observed *out);
const struct observer *watcher_state(const struct watcher *w);

#endif
