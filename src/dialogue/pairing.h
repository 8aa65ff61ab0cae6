/*
 * Which reply answers which command: the ring of commands that wait, inside struct observer.
 *
 * A line of a letter can stand in the ring too, because it may yet turn out to be a command: when
 * the DATA before it is refused, when a lenient server takes a dot line with a bare LF for the end
 * of the letter, or when the server does not know BDAT. Such a line is marked RUN_IN_LETTER; no
 * reply is due to it until then. What becomes of it is decided by reading the ring again as the
 * server must have read it.
 *
 * Not here: what a reply does to the state (observer.c). Sources: RFC 2920 3.1 (replies come in
 * order), RFC 5321 4.1.1.4 (DATA).
 */
#ifndef DIALOGUE_PAIRING_H
#define DIALOGUE_PAIRING_H
#include "dialogue/observer.h"

enum run_flags {
    RUN_IN_LETTER = 1,  /* a letter's line, as far as is known */
    RUN_DOT = 2,        /* a line with only a dot, as the standard has it */
    RUN_NEAR_MISS = 4,  /* a line with only a dot beside a bare LF */
    RUN_END = 8,        /* one of these two, ending a letter */
    RUN_LAST = 16,      /* BDAT ... LAST */
    RUN_FORGOTTEN = 32, /* commands counted only: verbs and lines are not known */
    RUN_AUTH = 64       /* AUTH as its sender meant it, also misspelt, or a line of its exchange */
};

/* A line went out: a command, or with RUN_IN_LETTER a line that may yet be one. */
void pairing_sent(struct observer *o, uint32_t line, enum verb verb, unsigned flags);
/* The oldest command that waits; NULL: none does. */
const struct observer_run *pairing_head(const struct observer *o);
/* What the reply to a run answers: its verb, or VERB_BODY_END. */
enum verb pairing_verb(const struct observer_run *run);
/* The newest run; NULL: the ring is empty. */
const struct observer_run *pairing_newest(const struct observer *o);
/* The run at `i` from the oldest, i < o->pending_used. */
const struct observer_run *pairing_run(const struct observer *o, unsigned i);
/* True when a command of that verb waits. */
bool pairing_waits(const struct observer *o, enum verb verb);
/* True when an AUTH waits, or a line of its exchange. */
bool pairing_auth_waits(const struct observer *o);
/* The oldest command that waits was answered. */
void pairing_answered(struct observer *o);
/* The DATA that was the oldest is granted: the lines after it are the letter's for good. Sets
 * o->letter when they go on. */
void pairing_granted(struct observer *o);
/* All lines that wait are read again as commands, up to the next DATA, whose letter starts there,
 * and so on. `lenient`: a near miss ends a letter, too. Sets o->letter. */
void pairing_read_again(struct observer *o, bool lenient);
/* Letter or chunk ended for good: its lines need no longer be kept. */
void pairing_drop_letter(struct observer *o);
/* A near miss that is the oldest in the ring; NULL: there is none. */
const struct observer_run *pairing_near_miss(const struct observer *o);
/* Takes the near miss away that is the oldest. */
void pairing_near_miss_taken(struct observer *o);
void pairing_clear(struct observer *o);

#endif
