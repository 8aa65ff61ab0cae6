/*
 * The engine as its own files see it. Private to them.
 */
#ifndef ENGINE_INNER_H
#define ENGINE_INNER_H
#include "engine/outbox.h"
#include "engine/persona.h"
#include "smtp/command.h"
#include "smtp/session.h"

/* Why a letter that is coming in will not be kept. */
enum engine_doom { DOOM_NONE, DOOM_TOO_LARGE, DOOM_NO_ROOM };

struct engine {
    const struct policy *policy;
    enum session_state state; /* reply.c writes it, nobody else */
    bool esmtp;               /* greeted by EHLO: enhanced codes and parameters */
    bool transaction;         /* from MAIL to the end of the letter, or what stopped it */
    bool utf8;                /* MAIL said SMTPUTF8 */
    bool timeouts, pending;
    bool client_gone;         /* its side has ended; what it sent before is still answered */
    bool over;                /* we have ended ours; nothing more is read */
    unsigned errors, unknown; /* refused commands, and those of them no table knows */
    int64_t now, deadline;

    struct line_reader *lines;
    struct buf input; /* octets that wait, from input_at on */
    size_t input_at;
    struct outbox out;

    struct buf name;      /* the client's, by HELO or EHLO */
    struct buf from;      /* reverse-path's mailbox */
    struct buf to;        /* forward-paths' mailboxes, each with a NUL at its end */
    size_t *to_at;        /* where they start; owned */
    const char **to_text; /* the same as pointers, while a letter is out; owned */
    size_t to_count, to_room;

    struct body body;
    struct buf octets; /* of the letter, unstuffed */
    uint64_t told;     /* how many of them the last FACT_BODY counted */
    enum engine_doom doom;
    struct engine_letter letter; /* while pending */
};

/* What the row of a persona fills its text with. */
struct reply_words {
    struct span address, text;
    uint64_t number;
    enum verb syntax; /* whose; VERB_UNKNOWN: of the verb that is answered */
};
/* Answers `verb` as the persona does in that situation (persona.h); the reply moves the state as
 * session.h's table says. Too many errors make it a 421. */
void engine_say(struct engine *e, enum verb verb, unsigned situation, struct reply_words words);
/* The same row as a line of a longer reply, before its last: with the same codes, since each line
 * of a reply has the same (RFC 2034 4). */
void engine_say_line(struct engine *e, enum verb verb, unsigned situation,
                     struct reply_words words);
/* Where a reply of that code leads. */
void engine_move(struct engine *e, enum verb verb, unsigned code);
/* The row's code. */
unsigned engine_code(const struct engine *e, enum verb verb, unsigned situation);
/* The server closes by itself; 421 is said first (RFC 5321 3.8). */
void engine_hang_up(struct engine *e, enum verb verb, unsigned situation, const char *why);
const struct persona *engine_persona(const struct engine *e);
void engine_fact(struct engine *e, enum fact_kind kind, uint64_t number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Refuses a line with the code of its mistake. */
void engine_refuse(struct engine *e, enum verb verb, enum mistake m);
/* The transaction is over, if there was one. */
void engine_clear(struct engine *e, const char *why);
void engine_end(struct engine *e, const char *why);
/* Octets that one letter may have. */
uint64_t engine_size_limit(const struct engine *e);
/* Notes one more recipient. */
void engine_add_recipient(struct engine *e, struct span mailbox);

/* Takes one whole command line and answers it. */
void engine_command(struct engine *e, const struct line *line);

#endif
