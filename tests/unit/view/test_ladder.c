#include "view/ladder.h"

#include <locale.h>

#include "base/utf8.h"
#include "support/talks.h"

static struct buf shown;

static const char *text(const struct record *r, unsigned cols, bool ascii)
{
    setlocale(LC_ALL, "C.UTF-8");
    buf_clear(&shown);
    ladder_text(r, 1, cols, ascii, &shown);
    return buf_text(&shown);
}

static const char *drawn(const struct record *r, uint32_t first, uint32_t mark, struct rect where)
{
    struct grid g;

    setlocale(LC_ALL, "C.UTF-8");
    grid_init(&g, where.row + where.rows + 1, where.col + where.cols + 1);
    ladder_draw(r, 1, first, mark, false, &g, where);
    buf_clear(&shown);
    grid_to_text(&g, &shown);
    grid_release(&g);
    return buf_text(&shown);
}

Test(ladder, is_a_sequence_diagram_with_round_trip_times)
{
    struct record *r = talk_textbook();

    cr_expect_str_eq(
        text(r, 80, false),
        "crepes.fr                                              hamburger.edu  answer in\n"
        "  │ -- connected to 127.0.0.1:25                                   │\n"
        "  │◂─ 220 hamburger.edu ───────────────────────────────────────────│  100 ms\n"
        "  │── HELO crepes.fr ─────────────────────────────────────────────▸│\n"
        "  │◂─ 250 Hello crepes.fr, pleased to meet you ────────────────────│  100 ms\n"
        "  │── MAIL FROM:<alice@crepes.fr> ────────────────────────────────▸│\n"
        "  │◂─ 250 alice@crepes.fr ... Sender ok ───────────────────────────│  100 ms\n"
        "  │── RCPT TO:<bob@hamburger.edu> ────────────────────────────────▸│\n"
        "  │◂─ 250 bob@hamburger.edu ... Recipient ok ──────────────────────│  100 ms\n"
        "  │── DATA ───────────────────────────────────────────────────────▸│\n"
        "  │◂─ 354 Enter mail, end with \".\" on a line by itself ────────────│  100 ms\n"
        "  │── | Do you like ketchup? ─────────────────────────────────────▸│\n"
        "  │── | How about pickles? ───────────────────────────────────────▸│\n"
        "  │── . ──────────────────────────────────────────────────────────▸│\n"
        "  │◂─ 250 Message accepted for delivery ───────────────────────────│  100 ms\n"
        "  │── QUIT ───────────────────────────────────────────────────────▸│\n"
        "  │◂─ 221 hamburger.edu closing connection ────────────────────────│  100 ms\n"
        "  │ -- the server closed the connection                            │\n",
        "%s", buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

Test(ladder, tells_which_command_of_a_group_a_reply_answers)
{
    struct record *r = talk_of("S: 220 x\nC: NOOP a\nC: NOOP b\nS: 250 fine\nS: 500 what\n");

    cr_expect_str_eq(text(r, 60, true),
                     "crepes.fr                          hamburger.edu  answer in\n"
                     "  |<- 220 x -----------------------------------|  100 ms\n"
                     "  |-- NOOP a --------------------------------->|\n"
                     "  |-- NOOP b --------------------------------->|\n"
                     "  |<- 250 fine (to NOOP a) --------------------|  200 ms\n"
                     "  |<- 500 what (to NOOP b) --------------------|  200 ms\n",
                     "%s", buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

static const struct {
    const char *name;
    unsigned cols;
    const char *want;
} narrow[] = {
    { "without times", 40,
      "crepes.fr                  hamburger.edu\n"
      "  | -- connected to 127.0.0.1:25       |\n"
      "  |<- 220 hamburger.edu ---------------|\n"
      "  |-- MAIL FROM:<alice@crepes.fr> ---->|\n"
      "  |<- 250 <U+65E5><U+672C> and mo... --|\n" },
    { "cut", 20,
      "crepe...    hambu...\n"
      "  | -- connecte... |\n"
      "  |<- 220 ham... --|\n"
      "  |-- MAIL FR... ->|\n"
      "  |<- 250 <U+... --|\n" },
    { "without arrows", 12,
      "C: client, S\n"
      " -- conne...\n"
      " S: 220 h...\n"
      " C: MAIL ...\n"
      " S: 250 <...\n" },
    { "one column", 1, "C\n\n\n\n\n" },
    { "none counts as one", 0, "C\n\n\n\n\n" },
};

Test(ladder, fits_a_narrow_place)
{
    struct record *r = talk_of("- CONNECTED 127.0.0.1:25\nS: 220 hamburger.edu\n"
                               "C: MAIL FROM:<alice@crepes.fr>\n"
                               "S: 250 \xe6\x97\xa5\xe6\x9c\xac and more than fits\n");

    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
        cr_expect_str_eq(text(r, narrow[i].cols, true), narrow[i].want, "%s:\n%s", narrow[i].name,
                         buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

Test(ladder, keeps_its_life_lines_straight_whatever_is_said)
{
    struct record *r = talk_of("S: 220 \xe6\x97\xa5\xe6\x9c\xac e\xcc\x81 \033[2J\xe2\x80\xae\x9b\n"
                               "C: \xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80 EHLO\n"
                               "- RESET \033[1m\xff\n");

    talk_octets_of(r, 1, SIDE_SERVER, SPAN("250 \0\r x\n"));
    for (unsigned cols = 16; cols < 150; cols++) {
        struct span rest, line;
        size_t right = 0;

        text(r, cols, false);
        rest = buf_span(&shown);
        for (unsigned row = 0; rest.len; row++) {
            size_t at, last = 0;

            line = span_cut(rest, '\n', &rest);
            cr_expect(utf8_cells(line) <= cols, "%u: %.*s", cols, SPAN_ARG(line));
            if (row == 0)
                continue;
            for (at = 0; (at = span_search(line, span_of("│"), at, false)) != SPAN_NOT_FOUND; at++)
                last = utf8_cells(span_first(line, at));
            cr_expect(last == right || !right, "%u: %.*s", cols, SPAN_ARG(line));
            right = last;
        }
    }
    text(r, 80, true);
    for (size_t i = 0; i < shown.len; i++)
        cr_assert(shown.at[i] == '\n' || (shown.at[i] >= ' ' && shown.at[i] < 0x7f));
    buf_release(&shown);
    record_free(r);
}

Test(ladder, masks_secrets_and_names_who_is_not_known)
{
    struct record *r = record_new(NULL);

    record_open(r, "", "", 0);
    talk_add(r, 1, "S: 220 x\nC: AUTH PLAIN c2VjcmV0\nS: 550-a\nS: 550 b\n");
    cr_expect_str_eq(text(r, 60, true),
                     "client                                    server  answer in\n"
                     "  |<- 220 x -----------------------------------|  100 ms\n"
                     "  |-- AUTH PLAIN ******** -------------------->|\n"
                     "  |<- 550-a -----------------------------------|  100 ms\n"
                     "  |<- 550 b -----------------------------------|\n",
                     "%s", buf_text(&shown));
    buf_release(&shown);
    record_free(r);
}

Test(ladder, knows_the_row_of_each_line)
{
    struct record *r = talk_of("- RESOLVING a\n- CONNECTED b\nS: 220 x\nC: NOOP\n- RESET\n");

    cr_expect_eq(ladder_rows(r, 1), 5u);
    cr_expect_eq(ladder_row_of(r, 1, 1), 2u);
    cr_expect_eq(ladder_row_of(r, 1, 2), 3u);
    record_free(r);
    r = talk_of("");
    cr_expect_eq(ladder_rows(r, 1), 0u);
    cr_expect_str_eq(text(r, 40, true), "crepes.fr                  hamburger.edu\n");
    buf_release(&shown);
    record_free(r);
}

Test(ladder, draws_into_its_part_of_the_grid_with_the_mark)
{
    struct record *r = talk_textbook();

    cr_expect_str_eq(drawn(r, 2, 3, (struct rect){ 1, 2, 4, 30 }),
                     "\n"
                     "  crepes.fr        hamburger.edu\n"
                     "    │── HELO crepes.fr ───────▸│\n"
                     "  ▸ │◂─ 250 Hello crepes.... ──│\n"
                     "    │── MAIL FROM:<alice@... ─▸│\n"
                     "\n",
                     "%s", buf_text(&shown));
    cr_expect_str_eq(drawn(r, 16, 0, (struct rect){ 0, 0, 3, 30 }),
                     "crepes.fr        hamburger.edu\n"
                     "  │ -- the server closed ... │\n\n\n",
                     "%s", buf_text(&shown));
    cr_expect_str_eq(drawn(r, 17, 0, (struct rect){ 0, 0, 2, 30 }),
                     "crepes.fr        hamburger.edu\n\n\n", "behind the last row");
    cr_expect_str_eq(drawn(r, 0, 1, (struct rect){ 0, 0, 2, 10 }), "C: client,\n -- con...\n\n",
                     "%s", buf_text(&shown));
    cr_expect_str_eq(drawn(r, 1, 1, (struct rect){ 0, 0, 2, 10 }), "C: client,\n▸S: 220...\n\n",
                     "%s", buf_text(&shown));
    cr_expect_str_eq(drawn(r, 0, 0, (struct rect){ 0, 0, 1, 30 }),
                     "crepes.fr        hamburger.edu\n\n", "only its head");
    cr_expect_str_eq(drawn(r, 0, 0, (struct rect){ 0, 0, 0, 30 }), "\n");
    buf_release(&shown);
    record_free(r);
}

Test(ladder, says_what_is_no_longer_kept)
{
    struct record_limits limits = { .octets = 512 * 1024 };
    struct record *r = record_new(&limits);
    struct buf line = { 0 };

    record_open(r, "a", "b", 0);
    talk_add(r, 1,
             "S: 220 x\nC: HELO y\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 ok\n"
             "C: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\nS: 354 go\n");
    buf_add_repeat(&line, 'x', 70);
    buf_add_text(&line, "\r\n");
    for (int i = 0; i < 14000; i++)
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&line));
    cr_expect(
        strstr(drawn(r, 9, 0, (struct rect){ 0, 0, 2, 60 }), "── | (70 octets, no longer kept) ──"),
        "%s", buf_text(&shown));
    buf_release(&line);
    buf_release(&shown);
    record_free(r);
}

/* However long the talk: the end is drawn as the whole would be, and the text has the last rows. */
Test(ladder, of_a_long_talk_shows_its_end)
{
    struct record *r = talk_of("- CONNECTED x\nS: 220 x\n");
    unsigned lines = 0;

    for (int i = 0; i < 50000; i++) {
        talk_octets_of(r, 1, SIDE_CLIENT, SPAN("NOOP\r\n"));
        talk_octets_of(r, 1, SIDE_SERVER, SPAN("250 ok\r\n"));
    }
    talk_add(r, 1, "C: QUIT\nS: 221 bye\n- CLOSED_BY_SERVER\n");
    cr_expect_eq(ladder_rows(r, 1), 100005u);
    cr_expect_eq(ladder_row_of(r, 1, 100002), 100002u);
    cr_expect_str_eq(drawn(r, 100001, 100003, (struct rect){ 0, 0, 5, 50 }),
                     "crepes.fr                hamburger.edu  answer in\n"
                     "  │◂─ 250 ok ────────────────────────│  100 ms\n"
                     "  │── QUIT ─────────────────────────▸│\n"
                     "▸ │◂─ 221 bye ───────────────────────│  100 ms\n"
                     "  │ -- the server closed the conn... │\n"
                     "\n",
                     "%s", buf_text(&shown));
    text(r, 50, true);
    for (size_t i = 0; i < shown.len; i++)
        lines += shown.at[i] == '\n';
    cr_expect_eq(lines, LADDER_TEXT_LINES + 2u);
    cr_expect(strstr(buf_text(&shown), "\n... 90005 earlier rows\n"));
    buf_release(&shown);
    record_free(r);
}
