#include "view/plain.h"

#include <locale.h>
#include <stdio.h>

#include "support/talks.h"

static struct buf shown;
static const struct notes_style learner = { .level = NOTES_LEARNER, .lab = true };

static void add_new(const struct record *r, struct plain_cursor *cursor, unsigned flags)
{
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    plain_dialogue(r, 1, cursor, &learner, flags, &s);
    buf_add(&shown, buf_span(&s.text));
    styled_release(&s);
}

static const char *plain(const struct record *r, unsigned flags)
{
    struct plain_cursor cursor = { 0 };

    buf_clear(&shown);
    add_new(r, &cursor, flags);
    return buf_text(&shown);
}

static const char *plain_of(const char *talk, unsigned flags)
{
    struct record *r = talk_of(talk);

    plain(r, flags);
    record_free(r);
    return buf_text(&shown);
}

#define TALK                                                                                       \
    "- RESOLVING mx.example.org\n- CONNECTED 127.0.0.1:25\n"                                       \
    "S: 220-hamburger.edu\nS: 220 at your service\n"                                               \
    "C: HELO crepes.fr\nS: 250 Hello crepes.fr, pleased to meet you\n"                             \
    "C: MAIL FROM: <alice@crepes.fr>\nS: 250 alice@crepes.fr ... Sender ok\n"                      \
    "C: RCPT TO:<bob@hamburger.edu>\n+ 2500\nS: 250 bob@hamburger.edu ... Recipient ok\n"          \
    "C: DATA\nS: 354 Enter mail\n"                                                                 \
    "C: Do you like ketchup?\nC: QUIT\nC: ..\nC: .\nS: 250 Message accepted for delivery\n"        \
    "C: FOO\nS: 500 what?\n"                                                                       \
    "C: QUIT\nS: 221 bye\n- CLOSED_BY_SERVER\n"

Test(plain, is_the_dialogue_as_the_textbooks_print_it)
{
    cr_expect_str_eq(plain_of(TALK, 0), "S: 220-hamburger.edu\n"
                                        "S: 220 at your service\n"
                                        "C: HELO crepes.fr\n"
                                        "S: 250 Hello crepes.fr, pleased to meet you\n"
                                        "C: MAIL FROM: <alice@crepes.fr>\n"
                                        "S: 250 alice@crepes.fr ... Sender ok\n"
                                        "C: RCPT TO:<bob@hamburger.edu>\n"
                                        "S: 250 bob@hamburger.edu ... Recipient ok\n"
                                        "C: DATA\n"
                                        "S: 354 Enter mail\n"
                                        "C: | Do you like ketchup?\n"
                                        "C: | QUIT\n"
                                        "C: | ..\n"
                                        "C: .\n"
                                        "S: 250 Message accepted for delivery\n"
                                        "C: FOO\n"
                                        "S: 500 what?\n"
                                        "C: QUIT\n"
                                        "S: 221 bye\n"
                                        "-- the server closed the connection\n");
    buf_release(&shown);
}

Test(plain, tells_times_and_events_when_asked)
{
    cr_expect_str_eq(plain_of("- RESOLVING mx.example.org\n- CONNECTED 127.0.0.1:25\n"
                              "S: 220-a\nS: 220 b\nC: HELO crepes.fr\nC: NOOP\n+ 2500\nS: 250-x\n"
                              "C: RSET\nS: 250 y\nS: 250 z\nS: 250 z\nS: 421 unasked\n- RESET\n",
                              PLAIN_TIMES | PLAIN_EVENTS),
                     "-- looking up the name mx.example.org\n"
                     "-- connected to 127.0.0.1:25\n"
                     "S: 220-a\n"
                     "S: 220 b\n"
                     "   after 100 ms\n"
                     "C: HELO crepes.fr\n"
                     "C: NOOP\n"
                     "S: 250-x\n"
                     "   - to HELO crepes.fr\n"
                     "C: RSET\n"
                     "S: 250 y\n"
                     "   after 2.6 s\n"
                     "S: 250 z\n"
                     "   - to NOOP\n"
                     "   after 2.8 s\n"
                     "S: 250 z\n"
                     "   - to RSET\n"
                     "   after 300 ms\n"
                     "S: 421 unasked\n"
                     "-- the connection was broken off (reset)\n",
                     "%s", buf_text(&shown));
    buf_release(&shown);
}

Test(plain, puts_the_time_of_a_reply_behind_what_it_means)
{
    const char *at;

    plain_of("S: 220 b\nC: HELO crepes.fr\n+ 2500\nS: 250 x\n", PLAIN_TIMES | PLAIN_MEANINGS);
    at = strstr(buf_text(&shown), "S: 250 x\n   = 250: ");
    cr_assert(at, "%s", buf_text(&shown));
    at = strstr(at, " (after 2.5 s)\n");
    cr_assert(at, "%s", buf_text(&shown));
    cr_expect_str_eq(at, " (after 2.5 s)\n", "the last thing");
    cr_expect(!strstr(buf_text(&shown), "\n   after"), "no line of its own");
    buf_release(&shown);
}

/* The text that a talk must have with all its explanations, put together from the lines as the
 * record has them. */
static void expected(const struct record *r, struct buf *out)
{
    static const char *const signs[] = { "-", "-", "!", "x" };
    struct notes notes = { 0 };
    struct buf words = { 0 };
    struct walk w;

    walk_start(&w, r, 1, 1);
    while (walk_next(&w)) {
        buf_printf(out, "%s%.*s\n",
                   w.line.side == SIDE_SERVER   ? "S: "
                   : w.line.role == ROLE_LETTER ? "C: | "
                                                : "C: ",
                   SPAN_ARG(w.line.line.head));
        notes_gutter(&w.line, &w.after, &learner, &notes);
        for (unsigned i = 0; i < notes.count; i++)
            buf_printf(out, "   %s %.*s\n", signs[notes.at[i].kind], SPAN_ARG(notes.at[i].text));
        if (w.line.role != ROLE_REPLY || !w.line.reply.whole)
            continue;
        buf_clear(&words);
        notes_meaning(&w.line, &w.after, &w.asked, &learner, &words);
        cr_assert(span_eq(span_first(span_from(buf_span(&words), 3), 3), SPAN(" = ")), "%s",
                  buf_text(&words));
        buf_printf(out, "   = %.3s: %s\n", buf_text(&words), buf_text(&words) + 6);
    }
    notes_release(&notes);
    buf_release(&words);
}

Test(plain, explains_each_line_under_it_and_a_reply_once_whole)
{
    struct record *r = talk_of(TALK);
    struct buf want = { 0 }, words = { 0 };

    expected(r, &want);
    notes_event(TALK_CLOSED_BY_SERVER, SPAN(""), 25, &learner, &words);
    buf_printf(&want, "-- the server closed the connection\n   = %s\n", buf_text(&words));
    cr_expect_str_eq(plain(r, PLAIN_MEANINGS | PLAIN_NOTES | PLAIN_ASCII), buf_text(&want), "%s",
                     buf_text(&shown));
    cr_expect(strstr(buf_text(&want), "   ! ") && strstr(buf_text(&want), "   x "));
    buf_release(&words);
    buf_release(&want);
    buf_release(&shown);
    record_free(r);
}

Test(plain, has_signs_and_their_twins)
{
    cr_expect(strstr(plain_of("S: 220 x\nC: FOO\n", PLAIN_NOTES), "\n   ✗ "));
    cr_expect(strstr(plain_of("S: 220 x\nC: FOO\n", PLAIN_NOTES | PLAIN_ASCII), "\n   x "));
    buf_release(&shown);
}

Test(plain, is_the_same_when_it_grows_line_by_line)
{
    struct record *r = talk_of("");
    struct plain_cursor cursor = { 0 };
    struct buf grown = { 0 };
    struct span rest = span_of(TALK), line;

    buf_clear(&shown);
    add_new(r, &cursor, PLAIN_ALL);
    while (rest.len) {
        char one[128];

        line = span_cut(rest, '\n', &rest);
        snprintf(one, sizeof one, "%.*s\n", SPAN_ARG(line));
        talk_add(r, 1, one);
        if (one[0] == '+')
            continue;
        add_new(r, &cursor, PLAIN_ALL);
        add_new(r, &cursor, PLAIN_ALL); /* nothing new: nothing said */
    }
    buf_add(&grown, buf_span(&shown));
    cr_expect_str_eq(buf_text(&grown), plain(r, PLAIN_ALL));
    cr_expect_eq(cursor.line, record_lines(r, 1));
    cr_expect_eq(cursor.event, record_events(r, 1));
    buf_release(&grown);
    buf_release(&shown);
    record_free(r);
}

Test(plain, goes_on_from_a_place_that_another_reader_left)
{
    struct record *r = talk_of(TALK);
    struct plain_cursor cursor = { .line = 17, .event = 2 };

    buf_clear(&shown);
    add_new(r, &cursor, 0);
    cr_expect_str_eq(buf_text(&shown),
                     "C: QUIT\n"
                     "S: 221 bye\n"
                     "-- the server closed the connection\n",
                     "%s", buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

Test(plain, waits_for_whole_lines)
{
    struct record *r = talk_of("s: 220 ham\n");
    struct plain_cursor cursor = { 0 };

    buf_clear(&shown);
    add_new(r, &cursor, PLAIN_ALL);
    cr_expect_str_eq(buf_text(&shown), "");
    talk_add(r, 1, "S: burger\nc: QUI\n");
    add_new(r, &cursor, 0);
    cr_expect_str_eq(buf_text(&shown), "S: 220 hamburger\n");
    talk_add(r, 1, "- RESET\n");
    add_new(r, &cursor, 0);
    cr_expect_str_eq(buf_text(&shown), "S: 220 hamburger\n"
                                       "C: QUI\n"
                                       "-- the connection was broken off (reset)\n");
    buf_release(&shown);
    record_free(r);
}

Test(plain, shows_what_a_peer_sends_and_obeys_nothing)
{
    struct record *r = talk_of("- CONNECTED \033[1mhost\nS: 220 \033]0;owned\007\x9b"
                               "31m\n");

    talk_octets_of(r, 1, SIDE_SERVER, SPAN("250 a\0b\rc \xe2\x80\xae caf\xc3\xa9 \xe6\x97\xa5\n"));
    talk_octets_of(r, 1, SIDE_CLIENT, SPAN("MAIL \033[2J\r\n"));
    cr_expect_str_eq(plain(r, PLAIN_EVENTS),
                     "-- connected to <ESC>[1mhost\n"
                     "S: 220 <ESC>]0;owned<BEL><0x9B>31m\n"
                     "S: 250 a<NUL>b<CR>c <U+202E> caf\xc3\xa9 \xe6\x97\xa5\n"
                     "C: MAIL <ESC>[2J\n",
                     "%s", buf_text(&shown));
    plain(r, PLAIN_ALL | PLAIN_ASCII | PLAIN_TIMES);
    for (size_t i = 0; i < shown.len; i++)
        cr_assert(shown.at[i] == '\n' || (shown.at[i] >= ' ' && shown.at[i] < 0x7f), "octet %u",
                  shown.at[i]);
    buf_release(&shown);
    record_free(r);
}

Test(plain, masks_secrets_unless_told_otherwise)
{
    static const char talk[] = "S: 220 x\nC: EHLO y\nS: 250-x\nS: 250 AUTH PLAIN\n"
                               "C: AUTH PLAIN c2VjcmV0\nS: 334\nC: bXkgcGFzcw==\nS: 535 no\n";

    cr_expect_str_eq(plain_of(talk, 0), "S: 220 x\nC: EHLO y\nS: 250-x\nS: 250 AUTH PLAIN\n"
                                        "C: AUTH PLAIN ********\nS: 334\nC: ********\nS: 535 no\n");
    cr_expect_str_eq(plain_of(talk, PLAIN_SECRETS),
                     "S: 220 x\nC: EHLO y\nS: 250-x\nS: 250 AUTH PLAIN\n"
                     "C: AUTH PLAIN c2VjcmV0\nS: 334\nC: bXkgcGFzcw==\nS: 535 no\n");
    cr_expect_null(strstr(plain_of(talk, PLAIN_ALL), "c2VjcmV0"));
    cr_expect_null(strstr(plain_of(talk, PLAIN_ALL), "bXkgcGFzcw=="));
    buf_release(&shown);
}

/* Reply codes have the colour of their class. */
Test(plain, styles_codes_by_their_class)
{
    static const struct {
        const char *talk;
        enum style style;
    } rows[] = {
        { "S: 220 x\n", STYLE_YES },    { "S: 354 x\n", STYLE_GO_ON },
        { "S: 421 x\n", STYLE_LATER },  { "S: 554 x\n", STYLE_NO },
        { "S: 199 x\n", STYLE_SERVER }, { "S: 999 x\n", STYLE_SERVER },
        { "S: hello\n", STYLE_SERVER },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of(rows[i].talk);
        struct plain_cursor cursor = { 0 };
        struct styled s = { 0 };

        plain_dialogue(r, 1, &cursor, &learner, 0, &s);
        cr_expect_eq(s.runs[0].style, STYLE_SERVER);
        cr_expect_eq(s.runs[rows[i].style == STYLE_SERVER ? 0 : 1].style, rows[i].style, "%s",
                     rows[i].talk);
        styled_release(&s);
        record_free(r);
    }
}

Test(plain, says_how_much_of_an_endless_line_is_left_out)
{
    struct record *r = talk_of("S: 220 x\n");
    struct buf line = { 0 };

    buf_add_repeat(&line, 'x', 100000);
    buf_add_text(&line, "\r\n");
    talk_octets_of(r, 1, SIDE_SERVER, buf_span(&line));
    talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&line));
    plain(r, 0);
    cr_expect(strstr(buf_text(&shown), "xxx ... and 83616 more octets\nC: xxx"));
    buf_release(&line);
    buf_release(&shown);
    record_free(r);
}

Test(plain, tells_a_gap_in_words)
{
    struct record_limits limits = { .octets = 512 * 1024 };
    struct record *r = record_new(&limits);
    struct buf line = { 0 };
    const char *gap;

    record_open(r, "a", "b", 0);
    talk_add(r, 1,
             "S: 220 x\nC: HELO y\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 ok\n"
             "C: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\nS: 354 go\n");
    buf_add_repeat(&line, 'x', 70);
    buf_add_text(&line, "\r\n");
    for (int i = 0; i < 14000; i++)
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&line));
    talk_add(r, 1, "C: .\nS: 250 taken\n- CLOSED_BY_SERVER\n");
    gap = strstr(plain(r, PLAIN_NOTES), "-- ");
    cr_assert_not_null(gap);
    cr_expect(strstr(gap, " lines of the letter, ") && strstr(gap, "no longer kept in memory\n"));
    cr_expect(strstr(gap, "C: | xxx"), "the newest lines are still there");
    cr_expect(strstr(gap, "S: 250 taken\n-- the server closed the connection\n"));
    buf_release(&line);
    buf_release(&shown);
    record_free(r);
}

Test(plain, says_what_came_when_the_record_was_full)
{
    struct record_limits limits = { .lines = 3 };
    struct record *r = record_new(&limits);

    record_open(r, "a", "b", 0);
    talk_add(r, 1, "S: 220 x\nC: HELO y\nS: 250 x\nC: NOOP\nS: 250 x\n- STOPPED\n");
    cr_expect_str_eq(plain(r, 0),
                     "S: 220 x\nC: HELO y\nS: 250 x\n"
                     "-- 13 more octets came and were not kept: the talk is too long for this "
                     "program\n"
                     "-- the talk was stopped by this program\n",
                     "%s", buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

/* A new line costs itself alone: what the cursor knows is never worked out anew. */
Test(plain, replays_nothing_however_long_the_talk_is)
{
    struct record *r = talk_of("S: 220 x\n");
    struct plain_cursor cursor = { 0 };

    for (int i = 0; i < 50000; i++) {
        talk_octets_of(r, 1, SIDE_CLIENT, SPAN("NOOP\r\n"));
        talk_octets_of(r, 1, SIDE_SERVER, SPAN("250 ok\r\n"));
    }
    add_new(r, &cursor, 0);
    cr_expect_eq(cursor.line, 100001u);
    cursor.walk.after.errors = 12345; /* a replay would not know of it */
    talk_add(r, 1, "C: NOOP\nS: 550 x\n");
    add_new(r, &cursor, 0);
    cr_expect_eq(cursor.walk.after.errors, 12346u);
    buf_release(&shown);
    record_free(r);
}
