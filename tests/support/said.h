/*
 * A talk told line by line to the observer: "C: ..." and "S: ...", as a textbook prints it.
 */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H
#include "dialogue/observer.h"

/* One line of a side, with its faults as a scan finds them. `octets`: also the line end. */
static inline void said_octets(struct observer *o, enum side side, struct span octets,
                               struct observed *seen)
{
    struct line_scan scan = { 0 };
    struct line line;
    size_t took = line_scan_push(&scan, octets, &line);

    if (line.end == LINE_OPEN)
        line_scan_close(&scan, &line);
    line.head = span_first(octets, took - line_end_octets(line.end));
    observer_line(o, side, &line, seen);
}

/* The same with CRLF added; borrows `room` for as long as *seen is used. */
struct said {
    struct observer observer;
    struct observed seen;  /* the last line */
    struct mistakes asked; /* of the last command */
    unsigned char room[2048];
};

static inline void said_line(struct said *s, enum side side, struct span text)
{
    memcpy(s->room, text.at, text.len);
    memcpy(s->room + text.len, "\r\n", 2);
    said_octets(&s->observer, side, span_make(s->room, text.len + 2), &s->seen);
    if (s->seen.role == ROLE_COMMAND)
        s->asked = s->seen.command.mistakes;
}

/* Lines apart by "\n"; starts a talk of its own. */
static inline void said(struct said *s, const char *talk)
{
    struct span rest = span_of(talk);

    observer_init(&s->observer);
    s->asked.count = 0;
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        said_line(s, line.at[0] == 'S' ? SIDE_SERVER : SIDE_CLIENT,
                  span_from(line, line.len > 2 ? 3 : 2));
    }
}

#define SAID_READY "S: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250 Hello crepes.fr\n"
#define SAID_EXTENDED                                                                              \
    "S: 220 hamburger.edu\nC: EHLO crepes.fr\nS: 250-hamburger.edu\nS: 250 SIZE 1000000\n"
#define SAID_SENDER    SAID_READY "C: MAIL FROM:<alice@crepes.fr>\nS: 250 Sender ok\n"
#define SAID_RECIPIENT SAID_SENDER "C: RCPT TO:<bob@hamburger.edu>\nS: 250 Recipient ok\n"
#define SAID_LETTER    SAID_RECIPIENT "C: DATA\nS: 354 Enter mail\n"

#endif
