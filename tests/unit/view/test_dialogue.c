#include "view/dialogue.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <locale.h>

#include "support/screens.h"

#define ROWS 10
#define COLS 60

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static struct dialogue_look look_of(const struct record *r)
{
    return (struct dialogue_look){
        .record = r, .dialogue = record_count(r), .notes = { .lab = true }, .cols = COLS
    };
}

/* The pane from `top` on as text, and what it says about itself. */
static struct buf drawn_text(const struct dialogue_look *look, struct dialogue_pos top,
                             unsigned rows, struct dialogue_drawn *drawn)
{
    struct dialogue_drawn ignored;
    struct buf text = { 0 };
    struct grid g;

    grid_init(&g, rows, look->cols);
    dialogue_draw(look, top, &g, (struct rect){ 0, 0, rows, look->cols }, drawn ? drawn : &ignored);
    grid_to_text(&g, &text);
    grid_release(&g);
    return text;
}

static void expect_text(const struct dialogue_look *look, unsigned rows, const char *want)
{
    struct buf got = drawn_text(look, (struct dialogue_pos){ 1, 0, 0 }, rows, NULL), diff = { 0 };

    screens_diff(span_of(want), buf_span(&got), &diff);
    cr_expect_eq(diff.len, 0, "%s", buf_text(&diff));
    buf_release(&got);
    buf_release(&diff);
}

static bool shows(const struct dialogue_look *look, struct dialogue_pos top, unsigned rows,
                  const char *words)
{
    struct buf text = drawn_text(look, top, rows, NULL);
    bool has = span_search(buf_span(&text), span_of(words), 0, false) != SPAN_NOT_FOUND;

    buf_release(&text);
    return has;
}

static const struct dialogue_pos start = { 1, 0, 0 };

Test(dialogue, tells_which_command_of_a_group_a_reply_answers, .init = utf8)
{
    struct record *r = talk_of("S: 220 x\nC: EHLO a.example\nS: 250-x\nS: 250 PIPELINING\n"
                               "C: RSET\nC: NOOP b\nS: 250 fine\nS: 250 ok\n");
    struct dialogue_look look = look_of(r);

    expect_text(&look, 8,
                " S: 220 x\n C: EHLO a.example\n S: 250-x\n S: 250 PIPELINING\n C: RSET\n"
                " C: NOOP b\n S: 250 fine  (to RSET)\n S: 250 ok  (to NOOP b)\n");
    look.cols = 23;
    expect_text(&look, 10,
                " S: 220 x\n C: EHLO a.example\n S: 250-x\n S: 250 PIPELINING\n C: RSET\n"
                " C: NOOP b\n S: 250 fine\n   (to RSET)\n S: 250 ok\n   (to NOOP b)\n");
    record_free(r);
}

Test(dialogue, shows_sides_and_the_letter_apart, .init = utf8)
{
    struct record *r = talk_of("S: 220 hamburger.edu\n"
                               "C: HELO crepes.fr\n"
                               "S: 250 Hello crepes.fr, pleased to meet you\n"
                               "C: MAIL FROM:<alice@crepes.fr>\n"
                               "S: 250 alice@crepes.fr ... Sender ok\n"
                               "C: RCPT TO:<bob@hamburger.edu>\n"
                               "S: 250 bob@hamburger.edu ... Recipient ok\n"
                               "C: DATA\n"
                               "S: 354 Enter mail, end with \".\" on a line by itself\n"
                               "C: Subject: lunch\n"
                               "C: \n"
                               "C: Do you like ketchup?\n"
                               "C: .\n"
                               "S: 250 Message accepted for delivery\n");
    struct dialogue_look look = look_of(r);

    expect_text(&look, 14,
                " S: 220 hamburger.edu\n"
                " C: HELO crepes.fr\n"
                " S: 250 Hello crepes.fr, pleased to meet you\n"
                " C: MAIL FROM:<alice@crepes.fr>\n"
                " S: 250 alice@crepes.fr ... Sender ok\n"
                " C: RCPT TO:<bob@hamburger.edu>\n"
                " S: 250 bob@hamburger.edu ... Recipient ok\n"
                " C: DATA\n"
                " S: 354 Enter mail, end with \".\" on a line by itself\n"
                " C: | Subject: lunch\n"
                " C: |\n"
                " C: | Do you like ketchup?\n"
                " C: .\n"
                " S: 250 Message accepted for delivery\n");
    record_free(r);
}

Test(dialogue, wraps_long_lines_under_their_text, .init = utf8)
{
    struct record *r = talk_of("S: 220 one two three four five six seven eight nine ten\n");
    struct dialogue_look look = look_of(r);

    look.cols = 30;
    expect_text(&look, 4,
                " S: 220 one two three four\n"
                "    five six seven eight nine\n"
                "    ten\n"
                "\n");
    record_free(r);
}

/* Octets of a peer, and what stands in the pane for them. */
Test(dialogue, shows_attacks_as_marks, .init = utf8)
{
    static const struct {
        const char *name, *sent, *shown;
    } rows[] = {
        { "colour", "220 \033[31mred\033[0m", "<ESC>[31mred<ESC>[0m" },
        { "title", "220 \033]0;owned\a", "<ESC>]0;owned<BEL>" },
        { "clipboard", "220 \033]52;c;eA==\033\\", "<ESC>]52;c;eA==<ESC>\\" },
        { "C1 CSI", "220 \302\23331m", "<U+009B>31m" },
        { "CSI octet", "220 \23331m", "<0x9B>31m" },
        { "bidi", "220 abc\342\200\256def", "abc<U+202E>def" },
        { "isolate", "220 \342\201\246x\342\201\251", "<U+2066>x<U+2069>" },
        { "zero width", "220 a\342\200\213b", "a<U+200B>b" },
        { "bare CR", "220 over\rwrite", "over<CR>write" },
        { "backspace", "220 a\b\bb", "a<BS><BS>b" },
        { "tab", "220 a\tb", "a<TAB>b" },
        { "broken UTF-8", "220 \303(", "<0xC3>(" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of("");
        struct dialogue_look look = look_of(r);

        talk_octets_of(r, 1, SIDE_SERVER, span_of(rows[i].sent));
        cr_expect(shows(&look, start, ROWS, rows[i].shown), "%s, unfinished", rows[i].name);
        talk_octets_of(r, 1, SIDE_SERVER, SPAN("\r\n"));
        cr_expect(shows(&look, start, ROWS, rows[i].shown), "%s", rows[i].name);
        talk_octets_of(r, 1, SIDE_CLIENT, span_of(rows[i].sent));
        talk_octets_of(r, 1, SIDE_CLIENT, SPAN("\r\n"));
        cr_expect(shows(&look, (struct dialogue_pos){ 1, 2, 0 }, ROWS, rows[i].shown), "%s",
                  rows[i].name);
        record_free(r);
    }
}

Test(dialogue, lets_no_control_reach_a_cell, .init = utf8)
{
    struct record *r = talk_of("");
    struct dialogue_look look = look_of(r);
    struct dialogue_drawn drawn;
    unsigned char all[512];
    struct grid g;

    for (unsigned i = 0; i < 512; i++)
        all[i] = (unsigned char)(i * 7 + i / 256);
    look.selected = 1;
    for (int i = 0; i < 4; i++)
        talk_octets_of(r, 1, i % 2 ? SIDE_CLIENT : SIDE_SERVER, span_make(all, sizeof all));
    record_event(r, 1, TALK_RESET, span_make(all, sizeof all), CLOCK_SECOND * 9);
    grid_init(&g, 200, COLS);
    dialogue_draw(&look, start, &g, (struct rect){ 0, 0, 200, COLS }, &drawn);
    for (size_t i = 0; i < 200 * COLS; i++)
        for (unsigned c = 0; c < CELL_CHARS && g.cells[i].chars[c]; c++) {
            uint32_t code = g.cells[i].chars[c];

            cr_assert(code >= 0x20 && code != 0x7f && (code < 0x80 || code > 0x9f), "%x", code);
        }
    grid_release(&g);
    record_free(r);
}

Test(dialogue, shows_wide_characters_and_emoji, .init = utf8)
{
    struct record *r = talk_of("S: 220 \344\275\240\345\245\275 \360\237\215\224 \303\251\n");
    struct dialogue_look look = look_of(r);

    expect_text(&look, 1, " S: 220 \344\275\240\345\245\275 \360\237\215\224 \303\251\n");
    look.ascii = true;
    expect_text(&look, 1, " S: 220 <U+4F60><U+597D> <U+1F354> <U+00E9>\n");
    record_free(r);
}

Test(dialogue, hides_secrets, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 AUTH PLAIN LOGIN\n"
                               "C: AUTH PLAIN AGFsaWNlAHNlc2FtZQ==\nS: 235 ok\n");
    struct dialogue_look look = look_of(r);

    cr_expect(shows(&look, start, 20, "AUTH PLAIN ********"));
    cr_expect_not(shows(&look, start, 20, "AGFs"));
    record_free(r);
}

Test(dialogue, marks_the_selected_line, .init = utf8)
{
    struct record *r = talk_textbook();
    struct dialogue_look look = look_of(r);
    struct dialogue_drawn drawn;
    struct buf text;

    look.selected = 3;
    text = drawn_text(&look, (struct dialogue_pos){ 1, 2, 0 }, 4, &drawn);
    cr_expect_neq(span_search(buf_span(&text), SPAN("\342\226\270S: 250 Hello"), 0, false),
                  SPAN_NOT_FOUND);
    cr_expect(drawn.mark);
    cr_expect_eq(drawn.mark_row, 1);
    cr_expect_eq(drawn.first, 2);
    cr_expect_eq(drawn.last, 5);
    cr_expect_eq(drawn.above, 1);
    cr_expect_eq(drawn.below, record_lines(r, 1) - 5);
    buf_release(&text);
    look.ascii = true;
    cr_expect(shows(&look, (struct dialogue_pos){ 1, 2, 0 }, 4, ">S: 250 Hello"));
    text = drawn_text(&look, (struct dialogue_pos){ 1, 4, 0 }, 4, &drawn);
    cr_expect_not(drawn.mark);
    buf_release(&text);
    record_free(r);
}

Test(dialogue, gives_a_selected_line_more_rows, .init = utf8)
{
    struct record *r = talk_of("");
    struct dialogue_look look = look_of(r);
    struct buf line = { 0 };
    struct dialogue_drawn drawn;
    struct buf text;

    buf_add_text(&line, "220 ");
    buf_add_repeat(&line, 'x', 300);
    buf_add_text(&line, "\r\n");
    talk_octets_of(r, 1, SIDE_SERVER, buf_span(&line));
    look.cols = 20; /* 15 for the line's text */
    text = drawn_text(&look, start, 100, &drawn);
    cr_expect_eq(drawn.rows, DIALOGUE_LINE_ROWS);
    cr_expect(shows(&look, start, 100, "\n    ... (304 octets"));
    buf_release(&text);
    look.selected = 1;
    text = drawn_text(&look, start, 100, &drawn);
    cr_expect_eq(drawn.rows, 21);
    cr_expect_not(shows(&look, start, 100, "..."));
    buf_release(&text);
    buf_truncate(&line, line.len - 2);
    buf_add_repeat(&line, 'x', 5000);
    buf_add_text(&line, "\r\n");
    talk_octets_of(r, 1, SIDE_SERVER, buf_span(&line));
    look.selected = 2;
    cr_expect(shows(&look, (struct dialogue_pos){ 1, 2, DIALOGUE_SELECTED_ROWS - 1 }, 1,
                    "    ... (5304 octets"));
    buf_release(&line);
    record_free(r);
}

Test(dialogue, says_how_long_a_line_is_whose_head_fits, .init = utf8)
{
    struct record *r = talk_of("");
    struct dialogue_look look = look_of(r);
    struct buf line = { 0 };

    buf_add_text(&line, "220 ");
    buf_add_repeat(&line, 'x', 2 * LINE_HEAD_MAX);
    buf_add_text(&line, "\r\n");
    talk_octets_of(r, 1, SIDE_SERVER, buf_span(&line));
    look.cols = 300;
    look.selected = 1;
    cr_expect(shows(&look, start, 100, "... (32772 octets in this line)"));
    buf_release(&line);
    record_free(r);
}

Test(dialogue, colours_what_was_found_and_replies_by_class, .init = utf8)
{
    static const struct {
        const char *reply;
        enum style style;
    } rows[] = {
        { "250 ok now", STYLE_YES }, { "354 ok", STYLE_GO_ON },  { "450 ok", STYLE_LATER },
        { "550 ok", STYLE_NO },      { "150 ok", STYLE_SERVER },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of("");
        struct dialogue_look look = look_of(r);
        struct dialogue_drawn drawn;
        struct grid g;

        talk_octets_of(r, 1, SIDE_SERVER, span_of(rows[i].reply));
        talk_octets_of(r, 1, SIDE_SERVER, SPAN("\r\n"));
        look.found = SPAN("OK");
        grid_init(&g, 2, COLS);
        dialogue_draw(&look, start, &g, (struct rect){ 0, 0, 2, COLS }, &drawn);
        cr_expect_eq(grid_at(&g, 0, 1)->style, STYLE_SERVER);
        cr_expect_eq(grid_at(&g, 0, 4)->style, rows[i].style, "%s", rows[i].reply);
        cr_expect_eq(grid_at(&g, 0, 8)->style, STYLE_FOUND, "%s", rows[i].reply);
        cr_expect_eq(grid_at(&g, 0, 9)->style, STYLE_FOUND, "%s", rows[i].reply);
        if (i == 0)
            cr_expect_eq(grid_at(&g, 0, 11)->style, STYLE_SERVER);
        grid_release(&g);
        record_free(r);
    }
}

Test(dialogue, tells_what_happened_to_the_connection, .init = utf8)
{
    struct record *r = talk_of("- CONNECTING 127.0.0.1:25\n- REFUSED 127.0.0.1:25\n");
    struct dialogue_look look = look_of(r);

    cr_expect(shows(&look, start, ROWS, " -- the connection was refused: 127.0.0.1:25\n"));
    cr_expect_not(shows(&look, start, ROWS, "connecting to"));
    look.events = true;
    cr_expect(shows(&look, start, ROWS, " -- connecting to 127.0.0.1:25\n"));
    record_free(r);
}

Test(dialogue, always_shows_which_mail_servers_a_domain_has, .init = utf8)
{
    struct record *r = talk_of("- RESOLVING a.fr\n- LOOKUP MX a.fr: 10 b.fr (3 ms)\n"
                               "- CHOSEN b.fr (preference 10, 1 of 1)\n");
    struct dialogue_look look = look_of(r);

    cr_expect(shows(&look, start, ROWS, " -- asked the name service: MX a.fr: 10 b.fr (3 ms)\n"));
    cr_expect(shows(&look, start, ROWS, "mail server to try: b.fr"));
    cr_expect_not(shows(&look, start, ROWS, "looking up the name"));
    record_free(r);
}

Test(dialogue, puts_events_behind_their_lines, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\nC: QUIT\nS: 221 b\n- CLOSED_BY_SERVER\n");
    struct dialogue_look look = look_of(r);
    struct buf text = drawn_text(&look, start, ROWS, NULL);
    size_t bye = span_search(buf_span(&text), SPAN("221 b"), 0, false),
           closed =
               span_search(buf_span(&text), SPAN("-- the server closed the connection"), 0, false);

    cr_expect_lt(bye, closed);
    cr_expect_neq(closed, SPAN_NOT_FOUND);
    buf_release(&text);
    record_free(r);
}

Test(dialogue, shows_lines_that_have_not_ended, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\ns: 25\nc: HEL\n");
    struct dialogue_look look = look_of(r);

    expect_text(&look, 5,
                " S: 220 a\n"
                " S: 25\n"
                "    ... (this line has not ended yet)\n"
                " C: HEL\n"
                "    ... (this line has not ended yet)\n");
    record_free(r);
    r = talk_of("S: 220 a\nC: HELO b\nS: 250 a\nC: MAIL FROM:<a@b>\nS: 250 a\n"
                "C: RCPT TO:<b@c>\nS: 250 a\nC: DATA\nS: 354 a\nc: Hel\n");
    look = look_of(r);
    cr_expect(shows(&look, start, 20, " C: | Hel\n"));
    record_free(r);
}

Test(dialogue, says_when_octets_are_no_longer_kept, .init = utf8)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *r = record_new(&limits);
    struct dialogue_look look;
    struct buf lines = { 0 };

    record_open(r, "a", "b", 0);
    talk_add(r, 1,
             "S: 220 a\nC: HELO b\nS: 250 a\nC: MAIL FROM:<a@b>\nS: 250 a\n"
             "C: RCPT TO:<b@c>\nS: 250 a\nC: DATA\nS: 354 a\nC: Subject: x\nC: \n");
    for (int i = 0; i < 1000; i++)
        buf_add_text(&lines, "a line of the letter with some octets in it\r\n");
    for (int i = 0; i < 60; i++)
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&lines));
    look = look_of(r);
    cr_expect(shows(&look, (struct dialogue_pos){ 1, 1000, 0 }, 5,
                    " C: | (43 octets, no longer kept)\n"));
    buf_release(&lines);
    record_free(r);
}

Test(dialogue, says_when_a_talk_is_full, .init = utf8)
{
    struct record_limits limits = { .lines = 2 };
    struct record *r = record_new(&limits);
    struct dialogue_look look;

    record_open(r, "a", "b", 0);
    talk_add(r, 1, "S: 220 a\nC: HELO b\nS: 250 a\n");
    look = look_of(r);
    cr_expect(shows(&look, start, ROWS, "This talk has reached the limit of what is kept:"));
    cr_expect(shows(&look, start, ROWS, "that came after it are not"));
    record_free(r);

    r = record_new(&limits);
    record_open(r, "a", "b", 0);
    talk_add(r, 1, "S: 220 a\nC: HELO b\n");
    cr_assert(record_full(r, 1));
    look = look_of(r);
    cr_expect(shows(&look, start, ROWS, "This talk has reached the limit of what is kept."));
    cr_expect_not(shows(&look, start, ROWS, "that came after"));
    record_free(r);
}

Test(dialogue, greets_newcomers_until_they_speak, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\n");
    struct dialogue_look look = look_of(r);

    cr_expect_not(shows(&look, start, 20, "Welcome."));
    look.welcome = 20;
    cr_expect(shows(&look, start, 20, "    Welcome. The server above is real"));
    look.cols = 30; /* narrow: everything is further left */
    look.welcome = 40;
    cr_expect(shows(&look, start, 40, "\n  1  Type after the C: below,\n     press Enter"));
    talk_add(r, 1, "c: H\n");
    cr_expect_not(shows(&look, start, 20, "Welcome."));
    talk_add(r, 1, "c: ELO x\nC: \n");
    cr_expect_not(shows(&look, start, 20, "Welcome."));
    for (int i = 0; i < 8; i++)
        talk_add(r, 1, "S: 250 a\n");
    cr_expect_not(shows(&look, start, 20, "Welcome."));
    record_free(r);
}

Test(dialogue, shows_as_much_of_the_welcome_as_fits_below_the_greeting, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\n");
    struct dialogue_look look = look_of(r);

    look.cols = 60;
    look.welcome = 6;
    expect_text(&look, 6,
                " S: 220 a\n"
                "\n"
                "    Never done this?   Type   /learn   for lesson 1: send\n"
                "    Bob a letter, 8 min.\n");
    look.welcome = 3;
    expect_text(&look, 3, " S: 220 a\n");
    look.welcome = 1;
    expect_text(&look, 1, " S: 220 a\n");
    record_free(r);
}

Test(dialogue, shows_the_start_of_the_last_line_in_a_small_pane, .init = utf8)
{
    struct record *r = talk_of("S: 220 hamburger.edu is ready\n");
    struct dialogue_look look = look_of(r);
    struct dialogue_drawn drawn;
    struct grid g = { 0 };

    look.cols = 20;
    for (unsigned rows = 1; rows <= 3; rows++) {
        struct dialogue_pos top;

        grid_resize(&g, rows, 20);
        top = dialogue_draw_end(&look, &g, (struct rect){ 0, 0, rows, 20 }, &drawn);
        cr_expect_eq(top.row, 0);
        cr_expect(screens_has(&g, "S: 220"), "%u rows", rows);
    }
    talk_add(r, 1, "C: QUIT\n");
    grid_resize(&g, 2, 20);
    dialogue_draw_end(&look, &g, (struct rect){ 0, 0, 2, 20 }, &drawn);
    cr_expect(screens_has(&g, "C: QUIT"));
    grid_release(&g);
    record_free(r);
}

Test(dialogue, greets_nobody_when_the_talk_is_over, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\n- CLOSED_BY_CLIENT\n");
    struct dialogue_look look = look_of(r);

    look.welcome = 20;
    cr_expect_not(shows(&look, start, 20, "Welcome."));
    record_free(r);
}

Test(dialogue, parts_the_talks, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\nC: QUIT\nS: 221 a\n");
    struct dialogue_look look;
    struct dialogue_drawn drawn;
    struct buf text;

    record_open(r, "a", "", CLOCK_SECOND);
    record_open(r, "a", "c.example", CLOCK_SECOND * 2);
    talk_add(r, 3, "S: 220 c\n");
    look = look_of(r);
    expect_text(&look, 8,
                " S: 220 a\n"
                " C: QUIT\n"
                " S: 221 a\n"
                "\n"
                " talk 2\n"
                "\n"
                " talk 3 with c.example\n"
                " S: 220 c\n");
    text = drawn_text(&look, (struct dialogue_pos){ 1, 2, 0 }, 4, &drawn);
    cr_expect_eq(drawn.above, 1);
    cr_expect_eq(drawn.below, 1);
    cr_expect_eq(drawn.first, 0, "no line of the last talk is visible");
    buf_release(&text);
    record_free(r);
}

Test(dialogue, shows_times_where_there_is_room, .init = utf8)
{
    struct record *r = talk_of("- CONNECTED 127.0.0.1:25\nS: 220 a\n+ 6400\nC: EHLO crepes.fr\n"
                               "S: 250-a\nS: 250 PIPELINING\nC: NOOP\nC: NOOP\n");
    struct dialogue_look look = look_of(r);

    look.times = true;
    expect_text(&look, 6,
                " S: 220 a                                            100 ms\n"
                " C: EHLO crepes.fr                                    6.4 s\n"
                " S: 250-a                                            100 ms\n"
                " S: 250 PIPELINING\n"
                " C: NOOP                                             100 ms\n"
                " C: NOOP\n");
    look.cols = 59;
    cr_expect_not(shows(&look, start, 6, "6.4 s"));
    record_free(r);
}

Test(dialogue, writes_times_short)
{
    static const struct {
        int64_t micros;
        const char *want;
    } rows[] = {
        { -5, "0.0 ms" },
        { 40, "0.0 ms" },
        { 410, "0.4 ms" },
        { 9949, "9.9 ms" },
        { 9950, "10 ms" },
        { 41000, "41 ms" },
        { 999499, "999 ms" },
        { 999500, "1.0 s" },
        { 6400000, "6.4 s" },
        { 59949999, "59.9 s" },
        { 59999999, "59.9 s" },
        { 60 * CLOCK_SECOND, "1 min" },
        { 125 * CLOCK_SECOND, "2 min 5 s" },
        { 120 * CLOCK_SECOND, "2 min" },
        { 605 * CLOCK_SECOND, "10 min" },
        { 3725 * CLOCK_SECOND, "1 h 2 min" },
        { 36000 * CLOCK_SECOND, "10 h" },
        { 90000 * CLOCK_SECOND, "1 d 1 h" },
        { 864000 * CLOCK_SECOND, "10 d" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got = { 0 };

        dialogue_time(&got, rows[i].micros);
        cr_expect_str_eq(buf_text(&got), rows[i].want);
        cr_expect_leq(got.len, 9, "%s", buf_text(&got));
        buf_release(&got);
    }
}

/* A record of n lines, and the last ones unlike the others. */
static struct record *long_talk(uint32_t lines)
{
    struct record *r = talk_of("S: 220 a\nC: EHLO crepes.fr\nS: 250-a\nS: 250 PIPELINING\n");
    struct buf client = { 0 }, server = { 0 };

    for (uint32_t i = 0; i < 500; i++) {
        buf_add_text(&client, "RSET\r\n");
        buf_add_text(&server, "250 that is fine with me\r\n");
    }
    while (record_lines(r, 1) < lines) {
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&client));
        talk_octets_of(r, 1, SIDE_SERVER, buf_span(&server));
    }
    buf_release(&client);
    buf_release(&server);
    return r;
}

static struct dialogue_drawn drawn_at(const struct dialogue_look *look, struct dialogue_pos top,
                                      unsigned rows, struct grid *g)
{
    struct dialogue_drawn drawn;

    grid_clear(g, (struct rect){ 0, 0, g->rows, g->cols });
    dialogue_draw(look, top, g, (struct rect){ 0, 0, rows, look->cols }, &drawn);
    return drawn;
}

Test(dialogue, pages_through_a_million_lines_and_meets_each_once, .init = utf8)
{
    struct record *r = long_talk(1000000);
    uint32_t lines = record_lines(r, 1), met = 0;
    struct dialogue_look look = look_of(r);
    struct dialogue_pos pos = start, end;
    struct grid g;

    grid_init(&g, 250, COLS);
    look.cols = COLS;
    end = dialogue_end(&look, 250);
    pos = dialogue_scroll(&look, pos, 0, 250);
    for (;;) {
        struct dialogue_drawn drawn = drawn_at(&look, pos, 250, &g);

        if (dialogue_pos_compare(pos, end) < 0)
            cr_assert_eq(drawn.first, met + 1);
        cr_assert_eq(drawn.above + 1, drawn.first);
        cr_assert_eq(drawn.below, lines - drawn.last);
        met = drawn.last;
        if (dialogue_pos_compare(pos, end) >= 0)
            break;
        pos = dialogue_scroll(&look, pos, 250, 250);
    }
    cr_expect_eq(met, lines);
    for (met = lines + 1; dialogue_pos_compare(pos, (struct dialogue_pos){ 1, 1, 0 }) > 0;) {
        struct dialogue_pos up = dialogue_scroll(&look, pos, -250, 250);
        struct dialogue_drawn drawn = drawn_at(&look, up, 250, &g);

        cr_assert_lt(drawn.first, met);
        cr_assert_geq(drawn.last + 1, pos.item, "a gap before line %u", (unsigned)pos.item);
        met = drawn.first;
        pos = up;
    }
    cr_expect_eq(met, 1);
    grid_release(&g);
    record_free(r);
}

Test(dialogue, scrolls_line_by_line_down_and_up, .init = utf8)
{
    struct record *r = long_talk(2000);
    struct dialogue_look look = look_of(r);
    struct dialogue_pos end = dialogue_end(&look, ROWS), pos = { 1, 1, 0 };
    uint32_t steps = 0;

    look.cols = 24; /* replies take two rows */
    end = dialogue_end(&look, ROWS);
    for (struct dialogue_pos next; dialogue_pos_compare(pos, end) < 0; pos = next, steps++) {
        next = dialogue_scroll(&look, pos, 1, ROWS);
        cr_assert(next.item == pos.item ? next.row == pos.row + 1
                                        : next.item == pos.item + 1 && next.row == 0);
        cr_assert_eq(dialogue_pos_compare(dialogue_scroll(&look, next, -1, ROWS), pos), 0);
    }
    cr_expect_eq(dialogue_pos_compare(dialogue_scroll(&look, pos, 1, ROWS), end), 0);
    cr_expect_gt(steps, record_lines(r, 1));
    for (; steps > 0; steps--)
        pos = dialogue_scroll(&look, pos, -1, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, (struct dialogue_pos){ 1, 1, 0 }), 0);
    pos = dialogue_scroll(&look, pos, -1, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, (struct dialogue_pos){ 1, 1, 0 }), 0);
    record_free(r);
}

Test(dialogue, leaps_to_both_ends, .init = utf8)
{
    struct record *r = long_talk(100000);
    struct dialogue_look look;
    struct dialogue_pos first = { 1, 1, 0 }, end, pos;

    record_open(r, "a", "b", CLOCK_SECOND * 1000000);
    talk_add(r, 2, "S: 220 a\n");
    look = look_of(r);
    end = dialogue_end(&look, ROWS);
    pos = dialogue_scroll(&look, first, INT_MAX, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, end), 0);
    pos = dialogue_scroll(&look, end, INT_MIN, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, first), 0);
    pos = dialogue_scroll(&look, first, 50000, ROWS);
    cr_expect_eq(pos.talk, 1);
    cr_expect_eq(pos.item, 50001);
    pos = dialogue_scroll(&look, pos, -50000, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, first), 0);
    record_free(r);
}

Test(dialogue, shows_a_line_and_moves_no_more_than_it_must, .init = utf8)
{
    struct record *r = long_talk(3000);
    struct dialogue_look look = look_of(r);
    struct dialogue_pos from = { 1, 1000, 0 }, pos;

    pos = dialogue_show(&look, from, ROWS, 1000 + ROWS - 1);
    cr_expect_eq(dialogue_pos_compare(pos, from), 0, "it is visible already");
    pos = dialogue_show(&look, from, ROWS, 1000 + ROWS);
    cr_expect_eq(pos.item, 1001);
    pos = dialogue_show(&look, from, ROWS, 990);
    cr_expect_eq(pos.item, 990);
    pos = dialogue_show(&look, from, ROWS, 2500);
    cr_expect_eq(pos.item, 2500 - ROWS + 1);
    pos = dialogue_show(&look, from, ROWS, record_lines(r, 1));
    cr_expect_eq(dialogue_pos_compare(pos, dialogue_end(&look, ROWS)), 0);
    pos = dialogue_show(&look, from, ROWS, 0);
    cr_expect_eq(dialogue_pos_compare(pos, from), 0, "there is no line 0");
    pos = dialogue_show(&look, from, ROWS, 99999);
    cr_expect_eq(dialogue_pos_compare(pos, from), 0);
    look.cols = 10;
    pos = dialogue_show(&look, from, 3, 2000);
    cr_expect_eq(pos.item, 2000, "a line that is taller than the pane stands at its top");
    record_free(r);
}

Test(dialogue, shows_a_line_of_the_last_talk, .init = utf8)
{
    struct record *r = long_talk(1000);
    struct dialogue_look look;
    struct dialogue_pos pos;

    record_open(r, "a", "b", CLOCK_SECOND * 1000000);
    talk_add(r, 2, "S: 220 a\nC: NOOP\nS: 250 a\n");
    look = look_of(r);
    pos = dialogue_show(&look, (struct dialogue_pos){ 1, 5, 0 }, 3, 2);
    cr_expect_eq(pos.talk, 2);
    cr_expect_eq(pos.item, 0);
    cr_expect_eq(pos.row, 1);
    record_free(r);
}

Test(dialogue, keeps_its_place_when_resized, .init = utf8)
{
    struct record *r = long_talk(3000);
    struct dialogue_look look = look_of(r);
    struct dialogue_pos from = { 1, 2001, 1 }, pos;

    look.cols = 20;
    pos = dialogue_scroll(&look, from, 0, ROWS);
    cr_expect_eq(pos.item, 2001);
    look.cols = 200;
    pos = dialogue_scroll(&look, (struct dialogue_pos){ 1, 2001, 7 }, 0, ROWS);
    cr_expect_eq(pos.item, 2001);
    cr_expect_eq(pos.row, 0);
    pos = dialogue_scroll(&look, (struct dialogue_pos){ 9, 2001, 7 }, 0, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, dialogue_end(&look, ROWS)), 0);
    pos = dialogue_scroll(&look, (struct dialogue_pos){ 0, 7, 7 }, 0, ROWS);
    cr_expect_eq(pos.item, 1);
    pos = dialogue_scroll(&look, (struct dialogue_pos){ 1, 99999, 7 }, 0, ROWS);
    cr_expect_eq(dialogue_pos_compare(pos, dialogue_end(&look, ROWS)), 0);
    record_free(r);
}

Test(dialogue, finds_the_line_in_a_row, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\nC: NOOP\ns: 25\n");
    struct dialogue_look look = look_of(r);
    static const struct {
        unsigned row, talk;
        uint32_t item;
    } rows[] = { { 0, 1, 1 }, { 1, 1, 2 }, { 2, 1, 0 }, { 3, 1, 0 }, { 4, 0, 0 }, { 99, 0, 0 } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialogue_pos at = dialogue_at(&look, start, rows[i].row);

        cr_expect_eq(at.talk, rows[i].talk, "row %u", rows[i].row);
        cr_expect_eq(at.item, rows[i].item, "row %u", rows[i].row);
    }
    record_free(r);
}

Test(dialogue, has_nothing_to_show_without_a_talk, .init = utf8)
{
    struct record *r = record_new(NULL);
    struct dialogue_look look = { .record = r, .cols = COLS };
    struct dialogue_drawn drawn;
    struct grid g;

    grid_init(&g, 3, COLS);
    dialogue_draw(&look, start, &g, (struct rect){ 0, 0, 3, COLS }, &drawn);
    cr_expect_eq(drawn.rows, 0);
    cr_expect_eq(dialogue_draw_end(&look, &g, (struct rect){ 0, 0, 3, COLS }, &drawn).talk, 0);
    cr_expect_eq(dialogue_end(&look, 3).talk, 0);
    cr_expect_eq(dialogue_scroll(&look, start, 5, 3).talk, 0);
    cr_expect_eq(dialogue_show(&look, start, 3, 1).talk, 0);
    cr_expect_eq(dialogue_at(&look, start, 0).talk, 0);
    record_open(r, "a", "b", 0);
    look.dialogue = 1; /* a talk without a line, an event, a head */
    dialogue_draw(&look, dialogue_end(&look, 3), &g, (struct rect){ 0, 0, 3, COLS }, &drawn);
    cr_expect_eq(drawn.rows, 0);
    cr_expect_eq(drawn.above + drawn.below, 0);
    cr_expect_eq(dialogue_at(&look, start, 0).talk, 0);
    cr_expect_eq(dialogue_scroll(&look, start, 5, 3).talk, 1);
    grid_release(&g);
    record_free(r);
}
