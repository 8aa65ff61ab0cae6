#include "view/screen.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static void expect_screen(const struct screen *s, const char *name)
{
    struct grid g = { 0 };
    struct screen_spots spots;

    screens_draw(s, &g, &spots);
    screens_expect(&g, name);
    grid_release(&g);
}

Test(screen, greets_a_newcomer, .init = utf8)
{
    struct record *r = screens_lab();
    struct screen s = screens_first(r, 24, 80);

    expect_screen(&s, "first.txt");
    record_free(r);
}

Test(screen, shows_a_letter_being_written, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);

    expect_screen(&s, "data.txt");
    record_free(r);
}

/* The lab after RCPT, as design and documentation show it on a wide terminal. */
static struct record *before_data(void)
{
    struct record *r = screens_lab();

    screens_add(r, "+ 2500\nC: HELO crepes.fr\n"
                   "* GREETED 0 crepes.fr\n"
                   "S: 250 Hello crepes.fr, pleased to meet you\n"
                   "+ 6400\nC: MAIL FROM:<alice@crepes.fr>\n"
                   "* FROM alice@crepes.fr\n"
                   "S: 250 alice@crepes.fr ... Sender ok\n"
                   "+ 4100\nC: RCPT TO:<bob@hamburger.edu>\n"
                   "* TO bob@hamburger.edu\n"
                   "* DECIDED 250 mailbox bob exists here: recipient accepted\n"
                   "* WAITS a recipient, or DATA\n"
                   "S: 250 bob@hamburger.edu ... Recipient ok\n");
    return r;
}

static struct screen after_rcpt(const struct record *r, unsigned rows, unsigned cols)
{
    static const struct next_item next[] = {
        { "DATA", "write the letter" },
        { "RCPT TO:<...>", "one more recipient" },
        { "RSET", "drop this letter, HELO stays" },
        { "QUIT", "end the talk" },
    };
    struct screen s = screens_first(r, rows, cols);

    s.next = next;
    s.next_count = 4;
    s.hint = "";
    return s;
}

Test(screen, puts_the_inside_beside_the_dialogue_on_a_wide_terminal, .init = utf8)
{
    struct record *r = before_data();
    struct screen s = after_rcpt(r, 20, 125);

    expect_screen(&s, "wide.txt");
    record_free(r);
}

Test(screen, shows_more_of_the_inside_on_a_tall_terminal, .init = utf8)
{
    struct record *r = before_data();
    struct screen s = after_rcpt(r, 32, 90);

    expect_screen(&s, "tall.txt");
    record_free(r);
}

Test(screen, tells_all_of_what_ended_the_talk, .init = utf8)
{
    struct record *r = screens_lab();
    struct screen s = screens_first(r, 24, 80);
    struct screen_spots spots;
    struct grid g = { 0 };

    screens_draw(&s, &g, &spots);
    cr_expect_eq(spots.meaning.rows, 2);
    screens_add(r, "C: QUIT\nS: 221 bye\n- CLOSED_BY_SERVER\n");
    screens_draw(&s, &g, &spots);
    cr_expect_eq(spots.meaning.rows, 3);
    cr_expect_not(screens_has(&g, "..."));
    s.rows = 14; /* the dialogue has no row to spare */
    screens_draw(&s, &g, &spots);
    cr_expect_eq(spots.meaning.rows, 2);
    cr_expect(screens_has(&g, " ..."));
    cr_expect_not(screens_has(&g, "F2"));
    grid_release(&g);
    record_free(r);
}

Test(screen, shortens_what_is_out_of_sight_on_a_narrow_terminal, .init = utf8)
{
    struct record *r = before_data();
    struct screen s = after_rcpt(r, 10, 40);
    struct screen_spots spots;
    struct grid g = { 0 };
    struct buf text;

    s.follow = false;
    s.top = (struct dialogue_pos){ 1, 3, 0 };
    screens_draw(&s, &g, &spots);
    text = screens_text(&g);
    cr_expect(screens_has(&g, "2 above, 2 new below"), "%s", buf_text(&text));
    buf_release(&text);
    grid_release(&g);
    record_free(r);
}

Test(screen, drops_panes_as_it_shrinks, .init = utf8)
{
    static const struct {
        unsigned rows;
        bool inside, meaning, next, footer;
    } rows[] = {
        { 24, true, true, true, true },    { 19, true, true, true, true },
        { 17, false, true, true, true },   { 14, false, true, true, true },
        { 13, false, false, true, true },  { 9, false, false, true, true },
        { 8, false, false, false, true },  { 7, false, false, false, true },
        { 6, false, false, false, false }, { 4, false, false, false, false },
    };
    struct record *r = screens_lab();
    struct grid g = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct screen s = screens_first(r, rows[i].rows, 80);
        struct screen_spots spots;

        screen_draw(&s, &g, &spots);
        cr_expect_not(spots.too_small);
        cr_expect_eq(spots.inside.rows > 0, rows[i].inside, "%u rows", rows[i].rows);
        cr_expect_eq(spots.meaning.rows > 0, rows[i].meaning, "%u rows", rows[i].rows);
        cr_expect_eq(spots.next.rows > 0, rows[i].next, "%u rows", rows[i].rows);
        cr_expect_eq(spots.footer.rows > 0, rows[i].footer, "%u rows", rows[i].rows);
        cr_expect_gt(spots.dialogue.rows, 0, "%u rows", rows[i].rows);
        cr_expect_eq(spots.prompt.rows, 1);
    }
    grid_release(&g);
    record_free(r);
}

Test(screen, stays_calm_on_a_small_terminal, .init = utf8)
{
    struct record *r = before_data();
    struct screen s = after_rcpt(r, 16, 60);

    expect_screen(&s, "60x16.txt");
    s.rows = 24;
    s.cols = 40;
    expect_screen(&s, "40x24.txt");
    s.rows = 3;
    s.cols = 20;
    expect_screen(&s, "too-small.txt");
    record_free(r);
}

static void expect_inside(const struct screen *s, const struct rect *at, const char *name)
{
    cr_assert(at->row + at->rows <= s->rows && at->col + at->cols <= s->cols,
              "%s at %ux%u: %u,%u %ux%u", name, s->rows, s->cols, at->row, at->col, at->rows,
              at->cols);
}

/* Every pane lies on the screen, and no two rows of text are taken twice. */
static void expect_sound(const struct screen *s, const struct grid *g,
                         const struct screen_spots *spots)
{
    unsigned taken = spots->status.rows + spots->dialogue.rows + spots->meaning.rows +
                     spots->next.rows + spots->footer.rows + spots->prompt.rows + spots->page.rows +
                     (spots->wide ? 0 : spots->inside.rows);

    cr_assert_eq(g->rows, s->rows);
    cr_assert_eq(g->cols, s->cols);
    cr_assert_leq(taken, s->rows);
    expect_inside(s, &spots->dialogue, "dialogue");
    expect_inside(s, &spots->inside, "inside");
    expect_inside(s, &spots->meaning, "meaning");
    expect_inside(s, &spots->next, "next");
    expect_inside(s, &spots->footer, "footer");
    expect_inside(s, &spots->prompt, "prompt");
    expect_inside(s, &spots->page, "page");
    cr_assert_leq(spots->hint_col, s->cols);
    cr_assert(spots->too_small || spots->prompt.cols > 0);
}

static void at_every_size(const struct screen *of)
{
    struct grid g = { 0 };
    struct screen s = *of;

    for (s.rows = 1; s.rows <= 100; s.rows += s.rows < 34 ? 1 : 33)
        for (s.cols = 1; s.cols <= 300; s.cols += s.cols < 120 ? 1 : 45) {
            struct screen_spots spots;

            screen_draw(&s, &g, &spots);
            expect_sound(&s, &g, &spots);
        }
    grid_release(&g);
}

Test(screen, fits_every_size, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 1, 1);

    at_every_size(&s);
    record_free(r);
}

Test(screen, fits_every_size_with_pages_and_odd_prompts, .init = utf8)
{
    struct record *r = talk_of("- CONNECTED 127.0.0.1:25\n"
                               "S: 220 \344\275\240\345\245\275\344\275\240\345\245\275 mx\n"
                               "C: EHLO a.example\nS: 250-x\nS: 250 PIPELINING\n"
                               "s: 250 more to come\n");
    struct screen s = screens_first(r, 1, 1);
    struct styled text = { 0 };

    s.notes.lab = false;
    s.follow = false;
    s.prompt = "a prompt that is much too long for a narrow terminal> ";
    s.inside_more = 1000;
    s.selected = 2;
    at_every_size(&s);
    s.inside_more = -1000;
    s.focus = FOCUS_INSIDE;
    s.maximised = true;
    at_every_size(&s);
    s.page = PAGE_TEXT;
    styled_printf(&text, STYLE_PLAIN, "one\n%0300d\nthree\n", 7);
    s.page_text = &text;
    s.page_mark = 1;
    s.page_top = 99;
    at_every_size(&s);
    for (enum screen_page page = PAGE_LADDER; page <= PAGE_OCTETS; page++) {
        s.page = page;
        at_every_size(&s);
    }
    s.dialogue = 0;
    at_every_size(&s);
    s.page = PAGE_NONE;
    at_every_size(&s);
    styled_release(&text);
    record_free(r);
}

Test(screen, shows_the_state_where_the_user_looks, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    s.selected = 3;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.explained, 3);
    cr_expect(screens_has(&g, "what line 3 means"));
    cr_expect(screens_has(&g, "waits for    a new letter, or QUIT"));
    cr_expect(screens_has(&g, "letter from  nobody yet"));
    s.selected = 99; /* there is no such line */
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.explained, 0);
    s.selected = 0;
    s.follow = false;
    s.top = (struct dialogue_pos){ 1, 1, 0 };
    s.seen = 12;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.explained, 11, "the last line in sight");
    cr_expect(screens_has(&g, "1 new below"));
    s.seen = 13;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "2 more below"));
    s.top.item = 2;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "1 more above, 1 more below"));
    s.follow = true;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.explained, 0);
    cr_expect(screens_has(&g, "4 more above"));
    grid_release(&g);
    record_free(r);
}

Test(screen, keeps_its_place_through_a_resize, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    s.follow = false;
    s.top = (struct dialogue_pos){ 1, 3, 0 };
    for (s.rows = 24; s.rows > 8; s.rows -= 5)
        for (s.cols = 80; s.cols >= 20; s.cols -= 7) {
            screen_draw(&s, &g, &spots);
            cr_expect_leq(spots.top.item, 3, "%ux%u", s.rows, s.cols);
            if (spots.drawn.below)
                cr_expect_eq(spots.top.item, 3, "%ux%u", s.rows, s.cols);
        }
    grid_release(&g);
    record_free(r);
}

Test(screen, shows_the_focus_without_colour, .init = utf8)
{
    static const enum screen_focus focuses[] = { FOCUS_DIALOGUE, FOCUS_INSIDE, FOCUS_MEANING };
    static const char *const headings[] = { "== dialogue", "== inside", "== what" };
    struct record *r = screens_lab();
    struct screen s = screens_first(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    s.ascii = true;
    for (size_t i = 0; i < sizeof focuses / sizeof focuses[0]; i++) {
        s.focus = focuses[i];
        screen_draw(&s, &g, &spots);
        for (size_t k = 0; k < sizeof headings / sizeof headings[0]; k++)
            cr_expect_eq(screens_has(&g, headings[k]), i == k, "%s", headings[k]);
    }
    grid_release(&g);
    record_free(r);
}

Test(screen, gives_the_focused_pane_all_when_maximised, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    s.maximised = true;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.dialogue.rows, 18);
    cr_expect_eq(spots.inside.rows + spots.meaning.rows, 0);
    s.focus = FOCUS_INSIDE;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.inside.rows, 18);
    cr_expect_eq(spots.dialogue.rows + spots.meaning.rows, 0);
    cr_expect(screens_has(&g, "just decided sender and recipient are known"));
    s.focus = FOCUS_MEANING;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.meaning.rows, 18);
    s.maximised = false;
    s.no_meaning = s.no_inside = true;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.inside.rows + spots.meaning.rows, 0);
    s.no_inside = false;
    s.inside_more = 2;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.inside.rows, 5);
    grid_release(&g);
    record_free(r);
}

/* What is beyond ASCII has a twin, and all of the screen is still there. */
Test(screen, has_a_twin_in_ascii, .init = utf8)
{
    struct record *r = before_data();
    struct screen s = after_rcpt(r, 20, 125);
    struct grid g = { 0 };
    struct screen_spots spots;
    struct buf text;

    talk_add(r, 1, "S: 250 caf\303\251 \360\237\215\224\n");
    s.ascii = true;
    s.selected = 4;
    s.client = "caf\303\251";
    screen_draw(&s, &g, &spots);
    text = screens_text(&g);
    for (size_t i = 0; i < text.len; i++)
        cr_assert_lt(text.at[i], 0x80);
    cr_expect(screens_has(&g, ">C: MAIL FROM"));
    cr_expect(screens_has(&g, "-+- inside") || screens_has(&g, "+-- inside"));
    cr_expect(screens_has(&g, "caf<U+00E9> <U+1F354>"));
    buf_release(&text);
    grid_release(&g);
    record_free(r);
}

Test(screen, keeps_the_indent_of_a_line_that_a_page_wraps, .init = utf8)
{
    struct record *r = screens_lab();
    struct screen s = screens_first(r, 10, 40);
    struct styled text = { 0 };
    struct screen_spots spots;
    struct grid g = { 0 };

    styled_add_text(&text, STYLE_PLAIN,
                    "    four blanks before a line that is longer than the page\nnone\n");
    s.page = PAGE_TEXT;
    s.page_text = &text;
    screens_draw(&s, &g, &spots);
    cr_expect(
        screens_has(&g, "\n    four blanks before a line that is\n    longer than the page\nnone"));
    cr_expect_eq(spots.page_rows, 3);
    styled_release(&text);
    grid_release(&g);
    record_free(r);
}

Test(screen, shows_a_page_in_the_place_of_the_panes, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;
    struct styled text = { 0 };

    for (int i = 1; i <= 50; i++)
        styled_printf(&text, STYLE_PLAIN, i == 3 ? "%0100d\n" : "row %d\n", i);
    s.page = PAGE_TEXT;
    s.page_text = &text;
    s.page_heading = "help";
    s.page_mark = 3;
    s.focus = FOCUS_DIALOGUE;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.page_rows, 51);
    cr_expect_eq(spots.page.rows, 19);
    cr_expect_eq(spots.dialogue.rows, 0);
    cr_expect(screens_has(&g, "32 more below"));
    cr_expect(screens_has(&g, " help "));
    cr_expect_eq(grid_at(&g, 6, 0)->style, STYLE_INVERSE, "line 3 is in row 2 + 4");
    cr_expect_eq(grid_at(&g, 5, 0)->style, STYLE_PLAIN);
    s.page_top = 4;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "4 more above, 28 more below"));
    cr_expect_eq(grid_at(&g, 2, 0)->style, STYLE_INVERSE);
    s.page_top = 3;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(grid_at(&g, 2, 0)->chars[0], '0', "the second row of a long line");
    s.page_top = UINT32_MAX;
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.page_top, 32);
    cr_expect(screens_has(&g, "32 more above \342\225\220"));
    styled_release(&text);
    grid_release(&g);
    record_free(r);
}

Test(screen, shows_ladder_states_and_letter_as_pages, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    s.page = PAGE_LADDER;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "the ladder: who said what, and when"));
    cr_expect(screens_has(&g, "HELO crepes.fr"));
    s.page = PAGE_STATES;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "the states of the session"));
    s.page = PAGE_LETTER;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "Do you like ketchup?"));
    s.selected = 2;
    screen_draw(&s, &g, &spots);
    cr_expect_not(screens_has(&g, "Do you like ketchup?"), "there was no letter then");
    s.dialogue = 0;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "There is no talk yet"));
    grid_release(&g);
    record_free(r);
}

Test(screen, does_without_a_talk, .init = utf8)
{
    struct record *r = record_new(NULL);
    struct screen s = screens_first(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;
    struct dialogue_look look;

    s.dialogue = 0;
    screen_draw(&s, &g, &spots);
    cr_expect(screens_has(&g, "There is no talk yet. /connect HOST starts one."));
    cr_expect(screens_has(&g, "no server"));
    cr_expect_eq(spots.inside.rows + spots.meaning.rows, 0);
    screen_look(&s, &spots, &look);
    cr_expect_eq(look.cols, 80);
    cr_expect_eq(dialogue_end(&look, 5).talk, 0);
    grid_release(&g);
    record_free(r);
}

Test(screen, puts_hint_and_footer_where_there_is_room, .init = utf8)
{
    static const struct {
        unsigned cols, hint_col;
    } rows[] = { { 80, 47 }, { 200, 47 }, { 60, 38 }, { 38, 16 }, { 37, 37 }, { 20, 20 } };
    struct record *r = screens_lab();
    struct grid g = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct screen s = screens_first(r, 24, rows[i].cols);
        struct screen_spots spots;

        screen_draw(&s, &g, &spots);
        cr_expect_eq(spots.hint_col, rows[i].hint_col, "%u columns: %u", rows[i].cols,
                     spots.hint_col);
        cr_expect_eq(screens_has(&g, "type here, then Enter"), spots.hint_col < rows[i].cols);
        cr_expect_eq(screens_has(&g, "PgUp look back"), rows[i].cols >= 60, "%u", rows[i].cols);
        cr_expect(screens_has(&g, "Esc menu"));
    }
    grid_release(&g);
    record_free(r);
}

Test(screen, shows_a_real_server, .init = utf8)
{
    struct record *r = record_new(NULL);
    struct screen s;

    record_open(r, "client.example", "mx.example.org", 0);
    talk_add(r, 1,
             "- RESOLVING mx.example.org\n- RESOLVED 192.0.2.25\n- CONNECTING 192.0.2.25:25\n"
             "- CONNECTED 192.0.2.25:25\nS: 220 mx.example.org ESMTP Postfix (Debian)\n"
             "C: EHLO client.example\nS: 250-mx.example.org\nS: 250-PIPELINING\n"
             "S: 250-SIZE 10240000\nS: 250-XFOO\nS: 250 SMTPUTF8\n");
    s = screens_first(r, 24, 80);
    s.notes.lab = false;
    s.client = "client.example";
    s.no_meaning = true;
    expect_screen(&s, "real.txt");
    record_free(r);
}

Test(screen, draws_a_million_lines_like_ten, .init = utf8)
{
    struct record *r =
        talk_of("S: 220 a.example\nC: EHLO crepes.fr\nS: 250-a\nS: 250 PIPELINING\n");
    struct buf client = { 0 }, server = { 0 };
    struct screen s = screens_first(r, 24, 80);
    struct grid g = { 0 };
    struct screen_spots spots;

    for (int i = 0; i < 1000; i++) {
        buf_add_text(&client, "RSET\r\n");
        buf_add_text(&server, "250 fine\r\n");
    }
    for (int i = 0; i < 500; i++) {
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&client));
        talk_octets_of(r, 1, SIDE_SERVER, buf_span(&server));
    }
    screen_draw(&s, &g, &spots);
    cr_expect_eq(spots.drawn.last, 1000004);
    cr_expect_eq(spots.drawn.above, 1000004 - spots.dialogue.rows);
    s.follow = false;
    for (uint32_t line = 1; line <= 1000000; line += 99999) {
        s.top = (struct dialogue_pos){ 1, line, 0 };
        screen_draw(&s, &g, &spots);
        cr_expect_eq(spots.drawn.first, line);
    }
    buf_release(&client);
    buf_release(&server);
    grid_release(&g);
    record_free(r);
}
