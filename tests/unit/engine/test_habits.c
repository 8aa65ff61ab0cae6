/* What personas do otherwise than the strict one, where faults come in, what is worth a note, and
 * what an idle session costs. */
#include <stdlib.h>

#include "engine/inner.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define HELO  "HELO a.fr\r\n"
#define READY HELO "MAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
#define ACCEPT                                                                                     \
    {                                                                                              \
        0, NULL, NULL, PERSONA_ACCEPT                                                              \
    }

static const struct persona_row lenient_rows[SITUATION_COUNT] = {
    [MISTAKE_BARE_LF] = ACCEPT,
    [MISTAKE_HELO_NO_NAME] = ACCEPT,
    [MISTAKE_HELO_BAD_NAME] = ACCEPT,
    [MISTAKE_BEFORE_HELO] = ACCEPT,
    [MISTAKE_NO_BRACKETS] = ACCEPT,
    [MISTAKE_DISPLAY_NAME] = ACCEPT,
    [MISTAKE_NESTED_MAIL] = ACCEPT,
    [MISTAKE_RCPT_BEFORE_MAIL] = ACCEPT,
    [MISTAKE_DATA_BEFORE_MAIL] = ACCEPT,
    [MISTAKE_DATA_BEFORE_RCPT] = ACCEPT,
    [MISTAKE_PARAMETER_AFTER_HELO] = ACCEPT,
    [MISTAKE_PARAMETER_NOT_OFFERED] = ACCEPT,
    [MISTAKE_UTF8_WITHOUT_SMTPUTF8] = ACCEPT,
    [MISTAKE_CONTROL_OCTET] = ACCEPT,
    [MISTAKE_EIGHT_BIT] = ACCEPT,
    [MISTAKE_UNEXPECTED_ARGUMENT] = ACCEPT,
    [MISTAKE_UNKNOWN_VERB] = { 250, "2.0.0", "Whatever", PERSONA_ACCEPT },
    [SITUATION_SIZE_ANNOUNCED] = ACCEPT,
};
static const struct persona lenient = {
    .name = "lenient", .rows = lenient_rows, .dot_after_lf = true, .dot_before_lf = true
};

static const struct persona_row picky_rows[SITUATION_COUNT] = {
    [MISTAKE_PIPELINED_NOT_OFFERED] = { 500, "5.5.1", "Pipelining not supported", PERSONA_CLOSE },
    [MISTAKE_PIPELINED_PAST_SYNC] = { 554, "5.5.0", "Protocol synchronization", PERSONA_CLOSE },
    [MISTAKE_NO_HEADER] = { 550, "5.7.1", "No header", 0 },
    [MISTAKE_NO_BLANK_LINE] = { 550, "5.7.1", "No empty line", 0 },
    [MISTAKE_LETTER_LINE_TOO_LONG] = { 550, NULL, "Line too long", 0 },
    [MISTAKE_LETTER_EIGHT_BIT] = { 550, "5.6.1", "Not ASCII", 0 },
    [SITUATION_LETTER_BARE_LF] = { 550, "5.6.11", "Bare LF", 0 },
    [SITUATION_ALL_REFUSED] = { 554, "5.5.1", "All refused,\nall", 0 },
};
static const struct persona_offer picky_offers[] = { { EXTENSION_COUNT, "ETRN" },
                                                     { EXTENSION_SIZE, NULL },
                                                     { EXTENSION_HELP, "HELP me" } };
static const struct persona picky = { .name = "picky",
                                      .rows = picky_rows,
                                      .offers = picky_offers,
                                      .offer_count = ROWS(picky_offers),
                                      .slow_errors = 1 };

static const struct row {
    const struct persona *persona;
    const char *before, *sent, *replies, *letters;
} rows[] = {
    { &lenient, "", "HELO\nNOOP\nHELO my laptop\r\nQUIT now\r\n",
      "250 Hello , pleased to meet you\r\n250 Ok\r\n250 Hello my laptop, pleased to meet you\r\n"
      "221 hamburger.edu closing connection\r\n",
      "" },
    { &lenient, "", "MAIL FROM:a@b.fr SIZE=1\r\nMAIL FROM:Al <c@d.fr> X=1\r\nDATA\r\n.\r\n",
      "250 a@b.fr ... Sender ok\r\n250 c@d.fr ... Sender ok\r\n"
      "354 Enter mail, end with \".\" on a line by itself\r\n250 Message accepted for delivery\r\n",
      "c@d.fr: \n" },
    { &lenient, HELO, "RCPT TO:<bob@hamburger.edu>\r\nDATA\r\nx\n.\r\nDATA\r\n.\r\nFROB\r\n",
      "250 bob@hamburger.edu ... Recipient ok\r\n"
      "354 Enter mail, end with \".\" on a line by itself\r\n250 Message accepted for delivery\r\n"
      "354 Enter mail, end with \".\" on a line by itself\r\n250 Message accepted for delivery\r\n"
      "250 Whatever\r\n",
      " bob@hamburger.edu: x\n\n: \n" },
    { &lenient, READY "DATA\r\n", "x\n.\n", "250 Message accepted for delivery\r\n",
      "a@b.fr bob@hamburger.edu: x\n\n" },
    { &lenient, READY "DATA\r\n", "x\r\n.\nNOOP\r\n",
      "250 Message accepted for delivery\r\n250 Ok\r\n", "a@b.fr bob@hamburger.edu: x\r\n\n" },
    { &lenient, READY "DATA\r\n", "x\n..y\r\n.\r\n", "250 Message accepted for delivery\r\n",
      "a@b.fr bob@hamburger.edu: x\n.y\r\n\n" },
    { &lenient, HELO, "MAIL FROM:<a\x08@b.fr>\r\nMAIL FROM:<\xe9@b.fr>\r\n",
      "250 a?@b.fr ... Sender ok\r\n250 ?@b.fr ... Sender ok\r\n", "" },
    { &lenient, "EHLO a.fr\r\n", "MAIL FROM:<> SIZE=99999999999\r\n",
      "250 2.1.0 <> ... Sender ok\r\n", "" },
    { &picky, READY "DATA\r\n", "hello\r\n.\r\n", "550 No header\r\n", "" },
    { &picky, READY "DATA\r\n", "A: b\r\n c\r\ntext\r\n\r\n.\r\n", "550 No empty line\r\n", "" },
    { &picky, READY "DATA\r\n", "A: b\r\n\r\ntext\r\n.\r\n",
      "250 Message accepted for delivery\r\n", "a@b.fr bob@hamburger.edu: A: b\r\n\r\ntext\r\n\n" },
    { &picky, READY "DATA\r\n", ".\r\n", "250 Message accepted for delivery\r\n",
      "a@b.fr bob@hamburger.edu: \n" },
    { &picky, READY "DATA\r\n", "A: b\r\n.\r\n", "250 Message accepted for delivery\r\n",
      "a@b.fr bob@hamburger.edu: A: b\r\n\n" },
    { &picky, READY "DATA\r\n", "A: b\r\n\r\n\xe9\r\n.\r\n", "550 Not ASCII\r\n", "" },
    { &picky, READY "DATA\r\n", "A: b\n\r\n.\r\n", "550 Bare LF\r\n", "" },
};

static struct policy policy_of(const struct persona *persona)
{
    struct policy p = policy_lab;

    p.persona = persona;
    return p;
}

/* Line by line: what pipelining is to a persona is another test's matter. */
static void push_lines(struct drive *d, struct span text)
{
    while (text.len) {
        size_t len = span_find(text, '\n');

        len += len < text.len;
        drive_push(d, span_first(text, len));
        text = span_from(text, len);
    }
}

Test(habits, of_personas_are_as_their_tables_say)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct policy p = policy_of(rows[i].persona);

        for (int single = 0; single < 2; single++) {
            struct drive d;
            struct span sent = span_of(rows[i].sent);

            drive_start(&d, &p);
            push_lines(&d, span_of(rows[i].before));
            buf_clear(&d.replies);
            if (single)
                feed(drive_feed, &d, sent, sent.len);
            else
                push_lines(&d, sent);
            cr_expect_str_eq(buf_text(&d.replies), rows[i].replies, "row %zu: %s", i,
                             buf_text(&d.replies));
            cr_expect_str_eq(buf_text(&d.letters), rows[i].letters, "row %zu: %s", i,
                             buf_text(&d.letters));
            drive_end(&d);
        }
    }
}

Test(habits, of_picky_servers_refuse_what_comes_ahead_and_long_lines)
{
    struct policy p = policy_of(&picky);
    struct buf line = { 0 };
    struct drive d;

    drive_start(&d, &p);
    drive_push(&d, SPAN(HELO "NOOP\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "220 hamburger.edu\r\n"
                                           "250 Hello a.fr, pleased to meet you\r\n"
                                           "500 Pipelining not supported\r\n");
    cr_expect_eq(d.closes, 1);
    drive_end(&d);
    drive_start(&d, &p);
    push_lines(&d, SPAN(HELO "MAIL FROM:<>\r\nRCPT TO:<a@b.fr>\r\nDATA\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "\r\n554-All refused,\r\n554 all\r\n"));
    cr_expect_eq(d.waits, 1, "the second error is answered a second late");
    cr_expect_eq(d.now, CLOCK_SECOND);
    push_lines(&d, SPAN("RCPT TO:<postmaster>\r\nDATA\r\nA: b\r\n"));
    buf_add_repeat(&line, 'x', 1500);
    drive_push(&d, buf_span(&line));
    drive_push(&d, SPAN("\r\n.\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "550 Line too long\r\n"));
    buf_release(&line);
    drive_end(&d);
    drive_start(&d, &p);
    drive_push(&d, SPAN("EHLO a.fr\r\n"));
    cr_expect_not_null(
        strstr(buf_text(&d.replies), "250-ETRN\r\n250-SIZE 10485760\r\n250 HELP me\r\n"));
    drive_end(&d);
}

Test(habits, commands_wait_while_an_answer_is_late)
{
    struct policy p = policy_of(&picky);
    struct engine *e = engine_new(&p);
    struct action a;
    size_t waits = 0, writes = 0;

    engine_set_facts(e, false);
    engine_open(e, 0);
    engine_push(e, SPAN("x\r\n"), 0);
    engine_push(e, SPAN("y\r\n"), 0);
    engine_push(e, SPAN("NOOP\r\n"), 0);
    while (engine_next(e, &a)) {
        waits += a.kind == ACTION_WAIT;
        writes += a.kind == ACTION_WRITE;
    }
    cr_expect_eq(waits, 1);
    cr_expect_eq(writes, 1);
    cr_expect_eq(engine_waiting(e), 6);
    cr_expect_eq(engine_deadline(e), CLOCK_NEVER);
    cr_expect(!engine_next(e, &a));
    engine_waited(e, CLOCK_SECOND);
    cr_assert(engine_next(e, &a));
    cr_expect_eq(a.kind, ACTION_WRITE);
    cr_assert(engine_next(e, &a));
    cr_expect(span_eq(a.octets, SPAN("250 Ok\r\n")));
    engine_waited(e, CLOCK_SECOND); /* of nothing */
    engine_free(e);
    engine_free(NULL);
}

static const struct {
    const char *sent;
    bool last;
} ends[] = {
    { "NOOP\r\n", false },
    { "QUIT\r\n", true },
    { "NOOP\r\nQUIT\r\n", true }, /* the reply to the first goes out with it */
};

Test(habits, the_reply_before_the_end_says_so)
{
    static const struct policy p = { .hostname = "hamburger.edu" };

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct engine *e = engine_new(&p);
        struct action a;
        bool last = false, closed = false;

        engine_open(e, 0);
        while (engine_next(e, &a))
            cr_expect(!a.last);
        engine_push(e, span_of(ends[i].sent), 0);
        while (engine_next(e, &a)) {
            cr_expect(!last || a.kind == ACTION_CLOSE, "%s", ends[i].sent);
            last = a.kind == ACTION_WRITE && a.last;
            closed |= a.kind == ACTION_CLOSE;
            cr_expect(a.kind != ACTION_WRITE || last == ends[i].last, "%s", ends[i].sent);
        }
        cr_expect_eq(closed, ends[i].last, "%s", ends[i].sent);
        engine_free(e);
    }
}

static const struct {
    const char *sent, *note;
    bool leave;
} notes[] = {
    { "NOOP\n", "the client ends lines in LF alone", false },
    { READY "DATA\r\nx\n", "the letter has line ends of LF alone", false },
    { READY "DATA\r\nx\n.\r\n", "a dot stood alone beside a bare LF", false },
    { "HELO laptop\r\n", "the client greeted with a name", false },
    { HELO "QUIT\r\nNOOP\r\n", "the client sent octets behind QUIT", false },
    { HELO "NOOP\r\n", "the client sent commands ahead", false },
    { "EHLO a.fr\r\nNOOP\r\nNOOP\r\n", "the client sent octets behind a command", false },
    { READY "DATA\r\nx\r\n", "the client left without the dot", true },
    { READY "DATA\r\n\xe9\r\n.\r\n", "the letter has octets above 127", false },
};

Test(habits, of_clients_that_are_worth_a_note_get_one_each)
{
    for (size_t i = 0; i < ROWS(notes); i++) {
        struct drive d;
        const char *at;

        drive_start(&d, &policy_lab);
        drive_push(&d, span_of(notes[i].sent));
        drive_push(&d, span_of(notes[i].sent));
        if (notes[i].leave) {
            engine_client_closed(d.engine, 0);
            drive_pull(&d);
        }
        at = strstr(buf_text(&d.facts), notes[i].note);
        cr_assert_not_null(at, "%s: %s", notes[i].note, buf_text(&d.facts));
        cr_expect_null(strstr(at + 1, notes[i].note), "once: %s", notes[i].note);
        drive_end(&d);
    }
}

/* Faults, as fault.c would play them. */
struct faults {
    enum verb verb;
    bool replaces;
    unsigned before, after, octets, idle;
};

static bool play_before(struct faults *f, struct engine *e, const struct occasion *o)
{
    if (o->verb != f->verb)
        return false;
    f->before++;
    if (f->replaces)
        engine_say(e, o->verb, SITUATION_NOT_STORED, (struct reply_words){ 0 });
    return f->replaces;
}

static void play_after(struct faults *f, struct engine *e, const struct occasion *o)
{
    (void)e;
    f->after += o->verb == f->verb;
}

static void play_octet(struct faults *f, struct engine *e)
{
    f->octets++;
    e->fault_octet = UINT64_MAX;
    engine_end(e, "a fault");
}

static void play_idle(struct faults *f, struct engine *e)
{
    f->idle++;
    engine_end(e, "a fault");
}

static const struct fault_hooks hooks = { play_before, play_after, play_octet, play_idle };

static const struct {
    enum verb verb;
    const char *sent;
    size_t letters;
} moments[] = {
    { VERB_MAIL, READY, 0 },
    { VERB_RCPT, READY "DATA\r\n", 0 },
    { VERB_BODY_END, READY "DATA\r\nx\r\n.\r\n", 0 },
    { VERB_UNKNOWN, HELO "FROB\r\n", 0 },
    { VERB_AUTH_LINE, "EHLO a.fr\r\nAUTH PLAIN\r\nx\r\n", 0 },
    { VERB_QUIT, HELO "QUIT\r\n", 0 },
};

Test(habits, faults_come_in_at_each_moment)
{
    for (size_t i = 0; i < ROWS(moments); i++) {
        for (int replaces = 0; replaces < 2; replaces++) {
            struct policy p = policy_lab;
            struct faults f = { .verb = moments[i].verb, .replaces = replaces };
            struct drive d;

            p.extensions |= EXTENSION_BIT(AUTH);
            p.mechanisms = "PLAIN";
            p.auth_without_tls = true;
            drive_start(&d, &p);
            d.engine->faults = &f;
            d.engine->fault_hooks = &hooks;
            d.verdict = ENGINE_AUTH_MORE;
            drive_push(&d, span_of(moments[i].sent));
            cr_expect_eq(f.before, 1, "row %zu", i);
            cr_expect_eq(f.after, replaces ? 0 : 1, "row %zu", i);
            cr_expect_eq(strstr(buf_text(&d.replies), "could not be stored now") != NULL, replaces,
                         "row %zu: %s", i, buf_text(&d.replies));
            if (replaces)
                cr_expect_eq(d.stores, 0, "row %zu", i);
            drive_end(&d);
        }
    }
}

Test(habits, faults_come_in_inside_a_letter_and_in_silence)
{
    static const char letter[] = "0123456789\r\n.\r\n";

    for (size_t way = 0; way < feed_ways(sizeof letter - 1); way++) {
        struct faults f = { .verb = VERB_COUNT };
        struct drive d;

        drive_start(&d, &policy_lab);
        d.engine->faults = &f;
        d.engine->fault_hooks = &hooks;
        d.engine->fault_octet = 5;
        drive_push(&d, SPAN(READY "DATA\r\n"));
        feed(drive_feed, &d, span_of(letter), way);
        cr_expect_eq(f.octets, 1, "way %zu", way);
        cr_expect_eq(d.closes, 1);
        cr_expect_eq(d.stores, 0);
        drive_end(&d);
    }
    for (int chunk = 0; chunk < 2; chunk++) {
        struct faults f = { .verb = VERB_CONNECT, .replaces = true };
        struct drive d = { .engine = engine_new(&policy_lab) };

        d.engine->faults = &f;
        d.engine->fault_hooks = &hooks;
        engine_open(d.engine, 0);
        drive_pull(&d);
        cr_expect_eq(f.before, 1);
        d.engine->fault_at = 7;
        cr_expect_eq(engine_deadline(d.engine), 7);
        engine_tick(d.engine, 6);
        cr_expect_eq(f.idle, 0);
        engine_tick(d.engine, 7);
        drive_pull(&d);
        cr_expect_eq(f.idle, 1);
        cr_expect_eq(d.closes, 1);
        drive_end(&d);
    }
}

Test(habits, an_idle_session_costs_little)
{
    struct drive d;
    const struct engine *e;

    drive_start(&d, &policy_lab);
    e = d.engine;
    drive_push(&d, SPAN("EHLO mail.crepes.fr\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n"));
    drive_push(&d, SPAN("x\r\n."));
    drive_push(&d, SPAN("\r\nNO"));
    drive_push(&d, SPAN("OP\r\n"));
    cr_expect(!e->lines && !e->letter && !e->login && !e->out.items && !e->out.replies.at &&
              !e->out.words.at && !e->input.at && !e->domains.at);
    cr_expect_leq(sizeof *e + e->name.cap, 600u, "%zu", sizeof *e + e->name.cap);
    drive_end(&d);
}
