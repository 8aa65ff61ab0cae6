#include "dialogue/record.h"

#include "dialogue/mask.h"
#include "support/transcript.h"

/* Feeds a transcript; the time goes on by 1000 for each line. */
static void play(struct record *r, unsigned d, const char *text, int64_t *now)
{
    struct span rest = span_of(text);
    struct buf wire = { 0 };
    struct transcript_line line;

    while (transcript_next(&rest, &wire, &line)) {
        *now += 1000;
        if (line.is_event)
            record_event(r, d, line.event, SPAN("detail"), *now);
        else
            record_octets(r, d, line.side, line.octets, *now);
    }
    buf_release(&wire);
}

static struct record *record_of(const char *text)
{
    struct record *r = record_new(NULL);
    int64_t now = 1000000;

    play(r, record_open(r, "crepes.fr", "hamburger.edu", now), text, &now);
    return r;
}

#define TEXTBOOK                                                                                   \
    "S: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250 Hello crepes.fr, pleased to meet you\n"       \
    "C: MAIL FROM: <alice@crepes.fr>\nS: 250 alice@crepes.fr ... Sender ok\n"                      \
    "C: RCPT TO: <bob@hamburger.edu>\nS: 250 bob@hamburger.edu ... Recipient ok\nC: DATA\n"        \
    "S: 354 Enter mail, end with \".\" on a line by itself\nC: Do you like ketchup?\n"             \
    "C: How about pickles?\nC: .\nS: 250 Message accepted for delivery\nC: QUIT\n"                 \
    "S: 221 hamburger.edu closing connection\n--CLOSED_BY_SERVER\n"

Test(record, keeps_the_textbooks_dialogue)
{
    struct record *r = record_of(TEXTBOOK);
    struct record_line line;
    uint32_t first, last;

    cr_expect_eq(record_count(r), 1u);
    cr_expect_str_eq(record_client(r, 1), "crepes.fr");
    cr_expect_str_eq(record_server(r, 1), "hamburger.edu");
    record_set_server(r, 1, "mx.hamburger.edu");
    cr_expect_str_eq(record_server(r, 1), "mx.hamburger.edu");
    cr_expect_eq(record_opened_at(r, 1), 1000000);
    cr_expect_eq(record_lines(r, 1), 15u);
    record_line(r, 1, 5, 0, &line);
    cr_expect_eq(line.side, SIDE_SERVER);
    cr_expect_eq(line.role, ROLE_REPLY);
    cr_expect(line.reply_start && line.reply_end);
    cr_expect_eq(line.code, 250u);
    cr_expect_eq(line.time, 1005000);
    cr_expect(span_eq(line.line.head, SPAN("250 alice@crepes.fr ... Sender ok")));
    record_line(r, 1, 10, 0, &line);
    cr_expect_eq(line.role, ROLE_LETTER);
    cr_expect(line.has_mistake); /* no header */
    cr_expect_eq(line.code, 0u);
    cr_expect_eq(record_line_role(r, 1, 12), ROLE_DOT);
    cr_expect_eq(record_line_side(r, 1, 12), SIDE_CLIENT);
    cr_expect_eq(record_line_time(r, 1, 12), 1012000);
    cr_expect(record_letter(r, 1, UINT32_MAX, &first, &last));
    cr_expect(first == 10 && last == 11);
    cr_expect(record_letter(r, 1, 8, &first, &last));
    cr_expect(record_letter(r, 1, 7, &first, &last) == false);
    cr_expect(record_now(r, 1)->over);
    cr_expect_eq(record_now(r, 1)->letters, 1u);
    record_free(r);
    record_free(NULL);
}

Test(record, a_letter_whose_DATA_was_refused_is_none)
{
    struct record *r =
        record_of("S: 220 a\nC: HELO b\nS: 250 ok\nC: DATA\nC: Subject: x\nS: 503 no\nS: 500 no\n");
    uint32_t first, last;

    cr_expect_not(record_letter(r, 1, UINT32_MAX, &first, &last));
    record_free(r);
}

Test(record, an_empty_letter_has_no_lines)
{
    struct record *r =
        record_of("S: 220 a\nC: HELO b\nS: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 250 ok\n");
    uint32_t first, last;

    cr_expect(record_letter(r, 1, UINT32_MAX, &first, &last));
    cr_expect(first > last);
    record_free(r);
}

Test(record, masks_an_answer_that_begins_like_a_command)
{
    static const char *const want[] = { "AUTH LOGIN", "QUIT ********", "NOOP" };
    struct record *r = record_of("S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH LOGIN\n"
                                 "C: AUTH LOGIN\nS: 334 UGFzc3dvcmQ6\nC: QUIT c2VjcmV0\n"
                                 "S: 501 not base64\nC: NOOP\n");
    static const uint32_t at[] = { 5, 7, 9 };
    struct record_line line;

    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        record_line(r, 1, at[i], 0, &line);
        cr_expect(span_eq(line.line.head, span_of(want[i])), "%.*s", SPAN_ARG(line.line.head));
    }
    record_free(r);
}

Test(record, masks_secrets_for_every_reader)
{
    struct record *r =
        record_of("S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH PLAIN LOGIN\n"
                  "C: AUTH PLAIN AGJvYgBzZWNyZXQ=\nS: 535 no\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\n"
                  "C: Ym9i\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\nS: 235 ok\n");
    struct record_line line;
    struct buf octets = { 0 };

    record_line(r, 1, 5, 0, &line);
    cr_expect(line.masked);
    cr_expect(span_eq(line.line.head, SPAN("AUTH PLAIN " MASK)));
    cr_expect_eq(line.line.len, line.line.head.len);
    record_line(r, 1, 11, 0, &line);
    cr_expect(span_eq(line.line.head, SPAN(MASK)));
    record_line(r, 1, 11, RECORD_SECRETS, &line);
    cr_expect_not(line.masked);
    cr_expect(span_eq(line.line.head, SPAN("c2VjcmV0")));
    record_line_octets(r, 1, 5, 0, &octets);
    cr_expect_str_eq(buf_text(&octets), "AUTH PLAIN " MASK "\r\n");
    buf_clear(&octets);
    record_line_octets(r, 1, 5, RECORD_SECRETS, &octets);
    cr_expect_str_eq(buf_text(&octets), "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
    cr_expect_eq(record_find(r, 1, 0, false, SPAN("c2Vj")), 0u);
    cr_expect_eq(record_find(r, 1, 0, false, SPAN("AGJv")), 0u);
    cr_expect_eq(record_find(r, 1, 0, false, SPAN(MASK)), 5u);
    cr_expect_eq(record_find(r, 1, 5, false, SPAN(MASK)), 9u);
    cr_expect_eq(record_find(r, 1, 0, true, SPAN(MASK)), 11u);
    cr_expect_eq(record_find(r, 1, 0, false, SPAN("auth plain *")), 5u);
    cr_expect_eq(record_find(r, 1, 6, true, SPAN("plain")), 5u);
    record_octets(r, 1, SIDE_CLIENT, SPAN("AUTH PLAIN c2Vj"), 2000000);
    cr_expect(span_eq(record_open_line(r, 1, SIDE_CLIENT), SPAN("AUTH PLAIN " MASK)));
    record_octets(r, 1, SIDE_SERVER, SPAN("250-par"), 2000000);
    cr_expect(span_eq(record_open_line(r, 1, SIDE_SERVER), SPAN("250-par")));
    buf_release(&octets);
    record_free(r);
}

/* A long and varied dialogue. */
static void long_dialogue(struct buf *text, unsigned rounds)
{
    buf_add_text(text, "S: 220-one\nS: 220 two\nC: EHLO crepes.fr\nS: 250-a\nS: 250-SIZE 1000\nS: "
                       "250 PIPELINING\n");
    for (unsigned i = 0; i < rounds; i++) {
        buf_printf(text,
                   "C: MAIL FROM:<a%u@crepes.fr>\nC: RCPT TO:<b@c.example>\nC: RCPT "
                   "TO:<d@c.example>\nC: DATA\n",
                   i);
        buf_add_text(text, "S: 250 ok\nS: 550 no\nS: 250 ok\nS: 354 go\nC: Subject: x\nC:\n");
        for (unsigned j = 0; j < i % 40; j++)
            buf_printf(text, "C: line %u of the letter\n", j);
        buf_add_text(text,
                     i % 7 ? "C: .\nS: 250 taken\n" : "c: .\nC: .\nS: 552-too\nS: 552 large\n");
        if (i % 5 == 0)
            buf_add_text(text, "C: FOO\nS: 500 what\nC: RSET\nS: 250 ok\nS: 250 unasked\n");
    }
    buf_add_text(text, "C: DATA\nC: QUIT\nS: 503 no\nS: 221 bye\n--CLOSED_BY_SERVER\n");
}

Test(record, masks_a_line_behind_a_chunk_while_it_is_typed)
{
    struct record *r = record_of("S: 220 hi\nC: EHLO a.example\nS: 250 CHUNKING\nC: BDAT 3\n");

    record_octets(r, 1, SIDE_CLIENT, SPAN("abcAUTH PLAIN c2Vj"), 2000000);
    cr_expect(span_eq(record_open_line(r, 1, SIDE_CLIENT), SPAN("abcAUTH PLAIN " MASK)));
    record_free(r);
}

Test(record, masks_a_login_sent_as_a_letter)
{
    struct record *r =
        record_of("S: 220 hi\nC: HELO a.example\nS: 250 hi\nC: DATA\n"
                  "C: auth plain c2Vj\nC: AUTH LOGIN\nC: Ym9i\nC: c2Vj\nS: 503 no\n");
    static const char *const want[] = { "auth plain ********", "AUTH LOGIN", MASK, MASK };
    struct record_line line;

    for (uint32_t i = 0; i < 4; i++) {
        record_line(r, 1, i + 5, 0, &line);
        cr_expect(span_eq(line.line.head, span_of(want[i])), "line %u: %.*s", i + 5,
                  SPAN_ARG(line.line.head));
    }
    record_free(r);
}

Test(record, the_state_at_any_line_equals_the_state_reached_from_the_start)
{
    struct buf text = { 0 };
    struct record *r;
    struct observer from_start, at_line;
    uint32_t lines;

    long_dialogue(&text, 120);
    r = record_of(buf_text(&text));
    lines = record_lines(r, 1);
    cr_assert(lines > 10 * RECORD_SNAPSHOT_LINES);
    observer_init(&from_start);
    for (uint32_t n = 0; n < lines; n++) {
        struct record_line line;
        struct observed want, got;

        record_state(r, 1, n, &at_line);
        cr_assert(observer_same(&from_start, &at_line), "line %u", n);
        record_line(r, 1, n + 1, RECORD_SECRETS, &line);
        observer_line(&from_start, line.side, &line.line, &want);
        record_observed(r, 1, n + 1, &got);
        cr_assert(got.number == n + 1 && got.role == want.role && got.before == want.before &&
                      got.after == want.after && got.answers == want.answers &&
                      got.answers_line == want.answers_line && got.step == want.step,
                  "line %u", n + 1);
    }
    record_state(r, 1, lines, &at_line);
    cr_expect(observer_same(&at_line, record_now(r, 1)));
    cr_expect(at_line.over);
    buf_release(&text);
    record_free(r);
}

static void add_letter(struct record *r, unsigned d, size_t octets, int64_t *now)
{
    struct buf line = { 0 };

    play(r, d,
         "S: 220 a\nC: HELO b\nS: 250 ok\nC: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT "
         "TO:<c@d.example>\nS: 250 ok\n"
         "C: DATA\nS: 354 go\nC: Subject: x\nC:\n",
         now);
    for (size_t at = 0; at < octets; at += line.len) {
        buf_clear(&line);
        buf_printf(&line,
                   "%06zu a line of a letter that is quite long, to fill the store sooner\r\n", at);
        record_octets(r, d, SIDE_CLIENT, buf_span(&line), *now);
    }
    play(r, d, "C: QUIT\nC: .\nS: 250 taken\nC: QUIT\nS: 221 bye\n--CLOSED_BY_SERVER\n", now);
    buf_release(&line);
}

Test(record, above_the_cap_letter_text_becomes_a_gap_and_nothing_else)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *r = record_new(&limits);
    int64_t now = 0;
    struct record_cost cost;
    struct record_line line;
    unsigned char octets[4096], kinds[4096];
    uint32_t gaps = 0, lines;

    add_letter(r, record_open(r, "", "", 0), 5 * 1024 * 1024, &now);
    cr_assert_not(record_full(r, 1));
    record_cost(r, &cost);
    cr_expect(cost.octet_bytes <= limits.octets, "%lu", (unsigned long)cost.octet_bytes);
    lines = record_lines(r, 1);
    for (uint32_t n = 1; n <= lines; n++) {
        record_line(r, 1, n, 0, &line);
        if (line.gap) {
            gaps++;
            cr_expect_eq(line.role, ROLE_LETTER);
            cr_expect_eq(line.line.head.len, 0u);
            cr_expect(line.line.end == LINE_CRLF);
        } else {
            cr_expect(line.line.head.len == line.line.len);
        }
    }
    cr_expect(gaps > lines / 2);
    record_line(r, 1, 4, 0, &line);
    cr_expect(span_eq(line.line.head, SPAN("MAIL FROM:<a@b.example>")));
    record_line(r, 1, lines - 4, 0, &line); /* a command in the letter: kept */
    cr_expect(span_eq(line.line.head, SPAN("QUIT")));
    cr_expect_eq(record_now(r, 1)->letters, 1u);
    for (uint32_t n = 9; n < lines - 4; n += 1001) {
        struct observer o;

        record_state(r, 1, n, &o);
        cr_expect_eq(o.state, AT_BODY, "line %u", n);
    }
    cr_assert_eq(record_octets_at(r, 1, SIDE_CLIENT, 0, 4096, 0, octets, kinds), 4096u);
    cr_expect_eq(kinds[0], OCTET_KEPT);
    cr_expect_eq(kinds[4095], OCTET_GONE);
    cr_expect_eq(octets[4095], 0);
    cr_expect_eq(record_find(r, 1, 0, false, SPAN("000000 a line")), 0u);
    cr_expect_eq(record_find(r, 1, 0, false, SPAN("rcpt to")), 6u);
    cr_expect_neq(record_find(r, 1, 0, true, SPAN("of a letter")), 0u);
    record_free(r);
}

/* Lines that may yet be commands stay, whatever else goes. */
Test(record, a_gap_changes_no_state_when_a_letter_turns_out_to_be_commands)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *kept = record_new(NULL), *thinned = record_new(&limits);
    struct observer want, got;
    struct record_line line;

    for (int i = 0; i < 2; i++) {
        struct record *r = i ? thinned : kept;
        int64_t now = 0;

        play(r, record_open(r, "", "", 0),
             "S: 220 a\nC: HELO b\nS: 250 ok\nC: DATA\nC: text\nC: more text\nC: VRFY x\nC: "
             "ATUH\nC: eA==\n"
             "C: NOOP now\nS: 503 no\nS: 500 no\nS: 500 no\nS: 252 x\nS: 500 no\nS: 500 no\n"
             "--CLOSED_BY_SERVER\n",
             &now);
        add_letter(r, record_open(r, "", "", 0), 5 * 1024 * 1024, &now);
    }
    record_line(thinned, 1, 6, 0, &line);
    cr_expect(line.gap);
    for (uint32_t n = 0; n < record_lines(kept, 1); n++) {
        record_state(kept, 1, n, &want);
        record_state(thinned, 1, n, &got);
        want.body = got.body; /* an estimate */
        want.letter_has_header = got.letter_has_header;
        want.letter_unparted = got.letter_unparted;
        cr_expect(observer_same(&want, &got), "line %u", n);
    }
    record_free(kept);
    record_free(thinned);
}

Test(record, the_oldest_letter_of_all_dialogues_goes_first)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *r = record_new(&limits);
    int64_t now = 0;
    struct record_line line;

    add_letter(r, record_open(r, "", "", 0), 600 * 1024, &now);
    add_letter(r, record_open(r, "", "", 0), 700 * 1024, &now);
    record_line(r, 1, 20, 0, &line);
    cr_expect(line.gap);
    record_line(r, 2, record_lines(r, 2) - 10, 0, &line);
    cr_expect_not(line.gap);
    record_free(r);
}

Test(record, a_flood_from_the_server_fills_it_and_is_counted)
{
    struct record_limits limits = { .octets = 512 * 1024 };
    struct record *r = record_new(&limits);
    unsigned d = record_open(r, "", "", 0);
    struct buf flood = { 0 };

    buf_add_repeat(&flood, 'x', 200 * 1024);
    record_octets(r, d, SIDE_SERVER, buf_span(&flood), 1);
    cr_expect_not(record_full(r, d));
    cr_expect_eq(record_dropped(r, d), 0u);
    for (int i = 0; i < 8; i++)
        record_octets(r, d, SIDE_SERVER, buf_span(&flood), 1);
    cr_expect(record_full(r, d));
    cr_expect(record_dropped(r, d) > 2 * flood.len);
    record_event(r, d, TALK_STOPPED, SPAN("full"), 2);
    cr_expect(record_now(r, d)->over);
    buf_release(&flood);
    record_free(r);
}

Test(record, more_lines_than_the_limit_fill_it)
{
    struct record_limits limits = { .lines = 100 };
    struct record *r = record_new(&limits);
    unsigned d = record_open(r, "", "", 0);

    for (int i = 0; i < 50; i++)
        record_octets(r, d, SIDE_SERVER, SPAN("250-a\r\n250-b\r\n250-c\r\n"), 1);
    cr_expect(record_full(r, d));
    cr_expect_eq(record_lines(r, d), 100u);
    cr_expect_eq(record_dropped(r, d), 50u * 21 - 100 * 7);
    record_octets(r, d, SIDE_CLIENT, SPAN("half"), 1);
    record_event(r, d, TALK_RESET, SPAN(""), 2);
    cr_expect_eq(record_lines(r, d), 100u);
    record_free(r);
}

Test(record, costs_24_octets_a_line_and_8_a_read_at_most)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    struct record_cost cost;
    const uint32_t lines = 300000;

    record_octets(r, d, SIDE_SERVER, SPAN("220 a\r\n"), 1);
    for (uint32_t i = 1; i < lines; i += 2) {
        record_octets(r, d, SIDE_CLIENT, SPAN("NOOP\r\n"), i);
        record_octets(r, d, SIDE_SERVER, SPAN("250 ok\r\n"), i);
    }
    record_cost(r, &cost);
    cr_expect_eq(cost.lines, lines + 1);
    cr_expect_eq(cost.reads, lines + 1);
    cr_expect(cost.index_bytes + cost.snapshot_bytes <= 24 * cost.lines, "%lu + %lu",
              (unsigned long)cost.index_bytes, (unsigned long)cost.snapshot_bytes);
    cr_expect(cost.read_bytes <= 8 * cost.reads + 64 * 1024, "%lu", (unsigned long)cost.read_bytes);
    cr_expect(cost.octet_bytes <= cost.octets + 512 * 1024);
    record_free(r);
}

Test(record, tells_every_read_with_its_time)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 5);
    int64_t at = 5;

    for (uint32_t i = 0; i < 1000; i++) {
        at += i == 700 ? (int64_t)UINT32_MAX * 3 : i % 13;
        record_octets(r, d, i % 3 ? SIDE_SERVER : SIDE_CLIENT, SPAN("x\r\n"), at);
    }
    cr_assert_eq(record_reads(r, d), 1000u);
    at = 5;
    for (uint32_t i = 0; i < 1000; i++) {
        struct record_read read;

        at += i == 700 ? (int64_t)UINT32_MAX * 3 : i % 13;
        record_read_get(r, d, i, &read);
        cr_expect_eq(read.time, at, "read %u", i);
        cr_expect_eq(read.len, 3u);
        cr_expect_eq(read.side, i % 3 ? SIDE_SERVER : SIDE_CLIENT);
        cr_expect_eq(record_line_time(r, d, i + 1), at);
    }
    record_octets(r, d, SIDE_CLIENT, SPAN("y\r\n"), at - 100); /* a clock that went back */
    cr_expect_eq(record_line_time(r, d, 1001), at);
    record_free(r);
}

Test(record, gives_the_octets_of_every_read)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    uint64_t offset[2] = { 0 }, sixteens = 0;
    unsigned char octets[64], kinds[64];
    struct span text = SPAN("0123456789abcdefghijklmnopqrstuvwxyz");

    for (uint32_t i = 0; i < 1000; i++)
        record_octets(r, d, i % 3 ? SIDE_SERVER : SIDE_CLIENT, span_first(text, i % 36 + 1), i);
    for (uint32_t i = 0; i < 1000; i++) {
        struct record_read read;

        record_read_get(r, d, i, &read);
        cr_expect_eq(read.offset, offset[read.side], "read %u", i);
        cr_expect_eq(record_read_sixteens(r, d, i), sixteens, "read %u", i);
        cr_assert_eq(record_octets_at(r, d, read.side, read.offset, read.len, 0, octets, kinds),
                     read.len);
        cr_expect(span_eq(span_make(octets, read.len), span_first(text, read.len)), "read %u", i);
        cr_expect_eq(kinds[0], OCTET_KEPT);
        offset[read.side] += read.len;
        sixteens += (read.len + 15) / 16;
    }
    cr_expect_eq(record_read_sixteens(r, d, 1000), sixteens);
    cr_expect_eq(record_octets_at(r, d, SIDE_SERVER, offset[1] - 2, 9, 0, octets, kinds), 2u);
    cr_expect_eq(record_octets_at(r, d, SIDE_SERVER, offset[1], 9, 0, octets, kinds), 0u);
    record_free(r);
}

Test(record, shows_no_octets_that_nobody_looked_at)
{
    struct record_limits limits = { .lines = 1 };
    struct record *r = record_new(&limits);
    unsigned char octets[64], kinds[64];

    record_open(r, "", "", 0);
    record_octets(r, 1, SIDE_CLIENT, SPAN("NOOP\r\nAUTH PLAIN AGEAYg==\r\n"), 1);
    cr_assert(record_full(r, 1));
    cr_expect_eq(record_octets_at(r, 1, SIDE_CLIENT, 0, 64, 0, octets, kinds), 27u);
    cr_expect_eq(kinds[5], OCTET_KEPT);
    cr_expect_eq(kinds[6], OCTET_GONE);
    cr_expect_eq(kinds[26], OCTET_GONE);
    record_free(r);
}

Test(record, masks_every_octet_of_a_secret_however_it_was_cut)
{
    struct span sent = SPAN("NOOP\r\nAUTH PLAIN AGEAYg==\r\nQUIT");
    struct span want = SPAN("NOOP\r\nAUTH PLAIN ........\r\n....");

    for (size_t cut = 0; cut <= sent.len; cut++) {
        struct record *r = record_new(NULL);
        unsigned char octets[64], kinds[64];

        record_open(r, "", "", 0);
        record_octets(r, 1, SIDE_CLIENT, span_first(sent, cut), 1);
        record_octets(r, 1, SIDE_CLIENT, span_from(sent, cut), 2);
        for (size_t from = 0; from < sent.len; from++) {
            size_t got = record_octets_at(r, 1, SIDE_CLIENT, from, 64, 0, octets, kinds);

            cr_assert_eq(got, sent.len - from);
            for (size_t i = 0; i < got; i++) {
                bool secret = want.at[from + i] == '.';

                cr_assert_eq(kinds[i], secret ? OCTET_SECRET : OCTET_KEPT, "%zu %zu", cut, from);
                cr_assert_eq(octets[i], secret ? 0 : sent.at[from + i]);
            }
        }
        cr_expect_eq(record_octets_at(r, 1, SIDE_CLIENT, 0, 64, RECORD_SECRETS, octets, kinds),
                     sent.len);
        cr_expect(span_eq(span_make(octets, sent.len), sent));
        record_free(r);
    }
}

Test(record, keeps_events_and_facts_where_they_happened)
{
    struct record *r =
        record_of("--CONNECTING\n--CONNECTED\nS: 220 a\nC: QUIT\nS: 221 b\n--CLOSED_BY_SERVER\n");
    struct fact waits = { .kind = FACT_WAITS, .text = SPAN_INIT("a greeting") };
    struct fact body = { .kind = FACT_BODY, .number = 10, .header_lines = 1 };
    struct record_event e;
    struct record_fact f;
    const struct inside *in;
    uint64_t before = record_version(r);

    cr_expect_eq(record_events(r, 1), 3u);
    record_event_get(r, 1, 1, &e);
    cr_expect(e.event == TALK_CONNECTED && e.after == 0 && span_eq(e.detail, SPAN("detail")));
    record_event_get(r, 1, 2, &e);
    cr_expect(e.event == TALK_CLOSED_BY_SERVER && e.after == 3);
    cr_expect_null(record_inside(r, 1, UINT32_MAX));
    record_fact(r, 1, &waits, 9);
    record_fact(r, 1, &body, 10);
    body.number = 20;
    record_fact(r, 1, &body, 11); /* at the same line: in its place */
    cr_expect(record_version(r) > before);
    cr_expect_eq(record_facts(r, 1), 2u);
    record_fact_get(r, 1, 1, &f);
    cr_expect(f.fact.kind == FACT_BODY && f.fact.number == 20 && f.time == 11 && f.after == 3);
    in = record_inside(r, 1, UINT32_MAX);
    cr_assert_not_null(in);
    cr_expect_str_eq(in->waits, "a greeting");
    cr_expect_eq(in->octets, 20u);
    cr_expect_null(record_inside(r, 1, 2));
    record_free(r);
}

static uint32_t find_slowly(const struct record *r, uint32_t from, bool backwards,
                            struct span needle)
{
    uint32_t lines = record_lines(r, 1), n = backwards ? (from ? from : lines + 1) : from;

    for (;;) {
        struct record_line line;

        if (backwards ? n-- <= 1 : ++n > lines)
            return 0;
        record_line(r, 1, n, 0, &line);
        if (!line.gap && span_search(line.line.head, needle, 0, true) != SPAN_NOT_FOUND)
            return n;
    }
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0x7fff;
}

Test(record, keeps_what_a_server_repeats_once)
{
    struct record *r = record_of("S: 220 hi\n");
    struct fact waits = { .kind = FACT_WAITS, .text = SPAN_INIT("a long sentence of the server") };
    struct fact again = { .kind = FACT_BODY, .text = SPAN_INIT("a text where none is due") };
    struct record_cost before, cost;
    struct record_fact f;

    for (int i = 0; i < 20000; i++) {
        record_fact(r, 1, &waits, 1);
        if (i == 10000)
            record_cost(r, &before);
        record_fact(r, 1, &again, 1);
    }
    record_cost(r, &cost);
    cr_expect(cost.fact_bytes - before.fact_bytes <= 30000 * 64, "%lu",
              (unsigned long)(cost.fact_bytes - before.fact_bytes));
    record_fact_get(r, 1, 39998, &f);
    cr_expect(span_eq(f.fact.text, waits.text));
    record_free(r);
}

Test(record, is_full_when_there_are_too_many_facts)
{
    struct record *r = record_of("S: 220 hi\n");
    struct fact waits = { .kind = FACT_WAITS, .text = SPAN_INIT("x") };
    struct fact body = { .kind = FACT_BODY };
    unsigned char text[64 * 1024] = { 0 };
    uint32_t many;

    while (!record_full(r, 1) && record_facts(r, 1) < 1000000)
        record_fact(r, 1, &waits, 1);
    many = record_facts(r, 1);
    record_fact(r, 1, &body, 1);
    cr_expect(many < 1000000 && record_facts(r, 1) == many);
    record_open(r, "", "", 0);
    for (int i = 0; i < 1000 && !record_full(r, 2); i++) {
        text[0] = (unsigned char)i;
        waits.text = span_make(text, sizeof text);
        record_fact(r, 2, &waits, 1);
    }
    cr_expect(record_full(r, 2));
    record_free(r);
}

Test(record, finds_the_first_event_after_a_line)
{
    struct record *r =
        record_of("--CONNECTING\n--CONNECTED\nS: 220 a\nC: QUIT\n--CLOSED_BY_SERVER\n");
    static const uint32_t want[] = { 0, 2, 2 };

    for (uint32_t n = 0; n < 3; n++)
        cr_expect_eq(record_event_after(r, 1, n), want[n], "line %u", n);
    cr_expect_eq(record_event_after(r, 1, 3), record_events(r, 1));
    record_free(r);
}

Test(record, finds_what_a_look_at_every_line_finds)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0), seed = 7;
    static const char *const needles[] = { "q",     "QZ", "zqz",  "line 1", "aaaaaaaaaaaaaaaaaaaa",
                                           "250 z", "\r", "zz zq" };
    uint32_t lines;

    record_octets(r, d, SIDE_SERVER, SPAN("220 hello\r\n"), 0);
    for (uint32_t i = 0; i < 12000; i++) { /* more than one segment on each side */
        struct buf line = { 0 };

        buf_add_text(&line, i % 2 ? "250 " : "NOOP ");
        for (unsigned j = next_random(&seed) % 90; j > 0; j--)
            buf_add_octet(&line, (unsigned char)"aaaaeeeellliiinnn zzqZ1"[next_random(&seed) % 23]);
        buf_add_text(&line, "\r\n");
        record_octets(r, d, i % 2 ? SIDE_SERVER : SIDE_CLIENT, buf_span(&line), i);
        buf_release(&line);
    }
    lines = record_lines(r, d);
    for (size_t i = 0; i < sizeof needles / sizeof needles[0]; i++)
        for (int back = 0; back < 2; back++)
            for (uint32_t from = 0, count = 0; from <= lines && count < 40; count++) {
                uint32_t want = find_slowly(r, from, back, span_of(needles[i]));

                cr_assert_eq(record_find(r, d, from, back, span_of(needles[i])), want,
                             "'%s' from %u, backwards %d: got %u, want %u", needles[i], from, back,
                             record_find(r, d, from, back, span_of(needles[i])), want);
                from = want ? want : from + lines / 7 + 1;
            }
    cr_expect_eq(record_find(r, d, 0, false, SPAN("")), 0u);
    cr_expect_eq(record_find(r, d, 0, false, SPAN("a\nb")), 0u);
    record_free(r);
}

Test(record, finds_across_the_border_of_segments)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    struct buf line = { 0 };

    buf_add_repeat(&line, 'x', 256 * 1024 - 5);
    buf_add_text(&line, "the needle is here\r\n");
    record_octets(r, d, SIDE_SERVER, buf_span(&line), 0);
    record_octets(r, d, SIDE_SERVER, SPAN("250 ok\r\n"), 0);
    cr_expect_eq(record_find(r, d, 0, false, SPAN("The Needle")), 1u);
    cr_expect_eq(record_find(r, d, 0, true, SPAN("needle is")), 1u);
    cr_expect_eq(record_find(r, d, 0, false, SPAN("needles")), 0u);
    buf_release(&line);
    record_free(r);
}

Test(record, keeps_lines_of_any_length_byte_for_byte)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    struct buf sent = { 0 }, got = { 0 };

    for (int i = 0; i < 3000; i++)
        buf_add(&sent, SPAN("\x00\x1b[2J\xff\r\xc3\xa9 bits and pieces of a line without end "));
    buf_add_text(&sent, "\r\n220 hi\n250 bare\r\r\nrest");
    for (size_t at = 0; at < sent.len; at += 777)
        record_octets(r, d, SIDE_SERVER, span_first(span_from(buf_span(&sent), at), 777), 0);
    record_event(r, d, TALK_CLOSED_BY_SERVER, SPAN(""), 1);
    for (uint32_t n = 1; n <= record_lines(r, d); n++)
        record_line_octets(r, d, n, 0, &got);
    cr_expect(span_eq(buf_span(&got), buf_span(&sent)));
    buf_release(&sent);
    buf_release(&got);
    record_free(r);
}

/* Forwards, backwards, and again: each line as if the facts were read from the start. */
Test(record, tells_the_inside_at_any_line)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    static const uint32_t looks[] = { 5, 50, 50, 7, 99, 100, 98, 1, 30, UINT32_MAX, 29 };

    for (uint64_t i = 1; i <= 100; i++) {
        struct fact box = { .kind = FACT_MAILBOX, .text = SPAN_INIT("bob"), .number = i };
        struct fact body = { .kind = FACT_BODY, .number = i };

        record_octets(r, d, i % 2 ? SIDE_SERVER : SIDE_CLIENT, SPAN("250 x\r\n"), 0);
        record_fact(r, d, &box, 0);
        record_fact(r, d, &body, 0);
        body.number += 1000;
        record_fact(r, d, &body, 0); /* in the place of the one before */
        cr_expect_eq(record_inside(r, d, (uint32_t)(i / 2 + 1))->octets, 1000 + i / 2 + 1);
    }
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        const struct inside *in = record_inside(r, d, looks[i]);
        uint32_t want = looks[i] < 100 ? looks[i] : 100;

        cr_assert_not_null(in);
        cr_expect_eq(in->mailboxes[0].letters, want, "look %zu", i);
        cr_expect_eq(in->octets, want + 1000u, "look %zu", i);
    }
    record_free(r);
}
