/*
 * Dialogues for tests, from text as the textbooks print it: each line is one read, 100 ms after the
 * one before it.
 *
 *     C: HELO crepes.fr          the client sent this line, CRLF added
 *     S: 250 Hello               the server did
 *     c: QUI, s: 25              the same without a line end
 *     - CONNECTED 127.0.0.1:25   an event and its detail
 *     + 2500                     so many milliseconds go by
 */
#ifndef TESTS_TALKS_H
#define TESTS_TALKS_H
#include <criterion/criterion.h>

#include "base/clock.h"
#include "dialogue/record.h"

#define TALK_STEP (CLOCK_SECOND / 10)

static inline int64_t talk_time(const struct record *r, unsigned d)
{
    uint32_t reads = record_reads(r, d), events = record_events(r, d);
    int64_t now = record_opened_at(r, d);
    struct record_read read;
    struct record_event event;

    if (reads) {
        record_read_get(r, d, reads - 1, &read);
        now = read.time;
    }
    if (events) {
        record_event_get(r, d, events - 1, &event);
        now = event.time > now ? event.time : now;
    }
    return now;
}

static inline enum talk_event talk_event_named(struct span name)
{
    static const char *const names[] = {
#define X(name, ends, text) #name,
        TALK_EVENTS(X)
#undef X
    };

    for (int e = 0; e < TALK_EVENT_COUNT; e++)
        if (span_eq(name, span_of(names[e])))
            return (enum talk_event)e;
    cr_assert_fail("no event %.*s", SPAN_ARG(name));
    return TALK_EVENT_COUNT;
}

/* Octets of one side, TALK_STEP later. */
static inline void talk_octets_of(struct record *r, unsigned d, enum side side, struct span octets)
{
    record_octets(r, d, side, octets, talk_time(r, d) + TALK_STEP);
}

static inline void talk_add(struct record *r, unsigned d, const char *text)
{
    struct span rest = span_of(text);
    int64_t pause = 0;

    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest), word = span_from(line, 2), detail;
        int64_t now = talk_time(r, d) + TALK_STEP + pause;
        struct buf octets = { 0 };
        uint64_t number;

        switch (line.len ? line.at[0] : 0) {
        case '-':
            word = span_cut(word, ' ', &detail);
            record_event(r, d, talk_event_named(word), detail, now);
            break;
        case '+':
            cr_assert(span_number(word, &number));
            pause = (int64_t)number * (CLOCK_SECOND / 1000) - TALK_STEP;
            continue;
        case 'C':
        case 'S':
        case 'c':
        case 's':
            buf_add(&octets, span_from(line, 3));
            if (line.at[0] == 'C' || line.at[0] == 'S')
                buf_add_text(&octets, "\r\n");
            record_octets(r, d, ascii_lower(line.at[0]) == 's' ? SIDE_SERVER : SIDE_CLIENT,
                          buf_span(&octets), now);
            buf_release(&octets);
            break;
        default:
            cr_assert_fail("what is: %.*s", SPAN_ARG(line));
        }
        pause = 0;
    }
}

/* A record with one dialogue between crepes.fr and hamburger.edu; free with record_free. */
static inline struct record *talk_of(const char *text)
{
    struct record *r = record_new(NULL);

    record_open(r, "crepes.fr", "hamburger.edu", 0);
    talk_add(r, 1, text);
    return r;
}

/* The textbook's dialogue, whole. */
static inline struct record *talk_textbook(void)
{
    return talk_of("- CONNECTED 127.0.0.1:25\n"
                   "S: 220 hamburger.edu\n"
                   "C: HELO crepes.fr\n"
                   "S: 250 Hello crepes.fr, pleased to meet you\n"
                   "C: MAIL FROM:<alice@crepes.fr>\n"
                   "S: 250 alice@crepes.fr ... Sender ok\n"
                   "C: RCPT TO:<bob@hamburger.edu>\n"
                   "S: 250 bob@hamburger.edu ... Recipient ok\n"
                   "C: DATA\n"
                   "S: 354 Enter mail, end with \".\" on a line by itself\n"
                   "C: Do you like ketchup?\n"
                   "C: How about pickles?\n"
                   "C: .\n"
                   "S: 250 Message accepted for delivery\n"
                   "C: QUIT\n"
                   "S: 221 hamburger.edu closing connection\n"
                   "- CLOSED_BY_SERVER\n");
}

#endif
