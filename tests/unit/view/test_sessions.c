/* The lists of sessions and letters, as text. */
#include "view/sessions.h"

#include <locale.h>
#include <stdio.h>

#include "support/table.h"

static struct session_row *begin(struct sessions *s, uint64_t number, const char *name)
{
    struct session_row *row = sessions_begin(s, number);

    snprintf(row->clock, sizeof row->clock, "23:00:%02u", (unsigned)(number % 60));
    sessions_set(&row->client, SPAN("192.0.2.1"));
    if (name)
        sessions_set(&row->name, span_of(name));
    return row;
}

static void transaction(struct session_row *row, const char *from, const char *to)
{
    sessions_set(&row->from, span_of(from));
    sessions_set(&row->to, span_of(to));
}

static void fill(struct sessions *s)
{
    struct session_row *row = begin(s, 1, "crepes.fr");

    transaction(row, "alice@crepes.fr", "bob@hamburger.edu");
    row->letters = 1;
    row = begin(s, 2, "x\x1b[2J");
    transaction(row, "", "b\xff@y.example");
    row->refusals = 3;
    row->code = 554;
    row->ended = true;
    begin(s, 3, NULL)->broken = true;
    begin(s, 4, NULL)->fault = true;
    begin(s, 5, NULL)->ended = true;
    row = begin(s, 6, "z.example");
    transaction(row, "a@z.example", "c@z.example");
    row->letters = 12;
    begin(s, 7, NULL);
}

static struct sessions_drawn expect(struct sessions_look *look, unsigned rows, const char *want)
{
    struct grid g = { 0 };
    struct buf got = { 0 };
    struct sessions_drawn drawn;

    setlocale(LC_ALL, "C.UTF-8");
    grid_init(&g, rows, 78);
    sessions_draw(look, &g, (struct rect){ 0, 0, rows, 78 }, &drawn);
    grid_to_text(&g, &got);
    cr_expect_str_eq(buf_text(&got), want, "%s", buf_text(&got));
    buf_release(&got);
    grid_release(&g);
    return drawn;
}

Test(sessions, are_marked_by_what_came_of_them)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .follow = true };
    struct sessions_drawn drawn;

    fill(&s);
    drawn =
        expect(&look, 7,
               "  23:00:01     1 delivered     192.0.2.1       alice@crepes.fr > bob@hamburger\n"
               "  23:00:02     2 refused 554   192.0.2.1       <> > b<0xFF>@y.example  at x<ES\n"
               "  23:00:03     3 broken off    192.0.2.1\n"
               "  23:00:04     4 fault         192.0.2.1\n"
               "  23:00:05     5 no letter     192.0.2.1\n"
               "  23:00:06     6 delivered x12 192.0.2.1       a@z.example > c@z.example  at z\n"
               "▸ 23:00:07     7 here          192.0.2.1\n");
    cr_expect_eq(drawn.shown, 7);
    cr_expect_eq(drawn.selected, 6);
    cr_expect_eq(drawn.below, 0);
    sessions_release(&s);
}

Test(sessions, show_those_around_the_selected_one_and_count_what_is_below)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .selected = 2, .seen = 6 };
    struct sessions_drawn drawn;

    fill(&s);
    drawn =
        expect(&look, 2,
               "  23:00:01     1 delivered     192.0.2.1       alice@crepes.fr > bob@hamburger\n"
               "▸ 23:00:02     2 refused 554   192.0.2.1       <> > b<0xFF>@y.example  at x<ES\n");
    cr_expect_eq(drawn.below, 5);
    cr_expect_eq(drawn.fresh, 1);
    cr_expect_eq(drawn.selected, 1);
    cr_expect_eq(sessions_number(&look, sessions_place(&look)), 2);
    look.selected = 99;
    cr_expect_eq(sessions_place(&look), 6);
    look.selected = 0;
    cr_expect_eq(sessions_place(&look), 0);
    sessions_release(&s);
}

Test(sessions, pass_a_filter_by_any_text_in_the_row)
{
    static const struct {
        const char *filter;
        size_t shown;
        uint64_t first;
    } rows[] = {
        { "Z.EXAMPLE", 1, 6 }, { "refused", 1, 2 }, { "delivered", 2, 1 }, { "554", 1, 2 },
        { "<>", 1, 2 },        { "tls", 1, 7 },     { "login", 1, 7 },     { "192.0.2", 7, 1 },
        { "23:00:05", 1, 5 },  { "bob@", 1, 1 },    { "", 7, 1 },
    };
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .follow = true };

    fill(&s);
    sessions_find(&s, 7)->tls = sessions_find(&s, 7)->login = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sessions_filter(&look, span_of(rows[i].filter));
        cr_expect_eq(sessions_update(&look), rows[i].shown, "%s", rows[i].filter);
        cr_expect_eq(sessions_number(&look, 0), rows[i].first, "%s", rows[i].filter);
    }
    sessions_filter(&look, SPAN("nowhere"));
    cr_expect_eq(expect(&look, 1, "  Nothing here has that in it.\n").shown, 0);
    sessions_look_release(&look);
    sessions_release(&s);
}

Test(sessions, are_looked_at_again_by_the_filter_when_they_change)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .follow = true };

    fill(&s);
    sessions_filter(&look, SPAN("delivered"));
    cr_expect_eq(sessions_update(&look), 2);
    sessions_find(&s, 5)->letters = 1;
    cr_expect_eq(sessions_update(&look), 3);
    cr_expect_eq(sessions_number(&look, 1), 5);
    sessions_find(&s, 1)->fault = true;
    sessions_find(&s, 7)->fault = true;
    cr_expect_eq(sessions_update(&look), 2);
    cr_expect_eq(sessions_number(&look, 0), 5);
    begin(&s, 8, "x")->letters = 1;
    cr_expect_eq(sessions_update(&look), 3);
    look.follow = false;
    look.selected = 6;
    look.seen = 7;
    cr_expect_eq(sessions_place(&look), 1);
    sessions_look_release(&look);
    sessions_release(&s);
}

Test(sessions, leave_the_filter_when_they_make_room)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s }, letters = { .list = &s, .messages = true };
    struct message_row *row;

    sessions_filter(&look, SPAN("even"));
    sessions_filter(&letters, SPAN("even"));
    for (uint64_t i = 1; i <= SESSIONS_MAX + 1; i++) {
        begin(&s, i, i % 2 ? "odd" : "even");
        row = sessions_store(&s);
        sessions_set(&row->from, i % 2 ? SPAN("odd") : SPAN("even"));
        sessions_set(&row->to, SPAN("x"));
        if (i == SESSIONS_MAX) {
            cr_expect_eq(sessions_update(&look), SESSIONS_MAX / 2);
            cr_expect_eq(sessions_update(&letters), SESSIONS_MAX / 2);
        }
    }
    sessions_find(&s, SESSIONS_MAX / 10 + 2);
    cr_expect_eq(sessions_update(&look), SESSIONS_MAX / 2 - SESSIONS_MAX / 20);
    cr_expect_eq(sessions_update(&letters), SESSIONS_MAX / 2 - SESSIONS_MAX / 20);
    cr_expect_eq(sessions_number(&look, 0), SESSIONS_MAX / 10 + 2);
    cr_expect_null(sessions_message(&s, 1));
    cr_expect_null(sessions_message(&s, SESSIONS_MAX + 2));
    sessions_filter(&look, SPAN(""));
    look.follow = false;
    look.selected = 1;
    cr_expect_eq(sessions_update(&look), s.count);
    cr_expect_eq(sessions_place(&look), 0);
    sessions_look_release(&look);
    sessions_look_release(&letters);
    sessions_release(&s);
}

Test(sessions, letters_have_a_list_of_their_own)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .messages = true, .follow = true };
    struct message_row *row;

    expect(&look, 1, "  No letter has come in yet.\n");
    look.messages = false;
    expect(&look, 1, "  No client has connected yet.\n");
    look.messages = true;
    row = sessions_store(&s);
    row->session = 9;
    row->octets = 1234;
    snprintf(row->clock, sizeof row->clock, "01:02:03");
    sessions_set(&row->from, SPAN("a@b.example"));
    sessions_set(&row->to, SPAN("c@d.example"));
    expect(&look, 1, "▸ 01:02:03     9       1234 octets  a@b.example > c@d.example\n");
    sessions_release(&s);
}

Test(sessions, make_room_for_new_ones_at_the_end_of_the_list)
{
    struct sessions s = { 0 };

    for (uint64_t i = 1; i <= SESSIONS_MAX + 1; i++) {
        begin(&s, i, "x");
        sessions_set(&sessions_store(&s)->from, SPAN("f"));
    }
    cr_expect(s.count < SESSIONS_MAX && s.message_count < SESSIONS_MAX);
    cr_expect_eq(s.begun, SESSIONS_MAX + 1);
    cr_expect_eq(s.stored, SESSIONS_MAX + 1);
    cr_expect_null(sessions_find(&s, 1));
    cr_expect_null(sessions_find(&s, 0));
    cr_expect_null(sessions_find(&s, SESSIONS_MAX + 2));
    cr_assert_not_null(sessions_find(&s, SESSIONS_MAX + 1));
    cr_expect_eq(sessions_find(&s, SESSIONS_MAX)->number, SESSIONS_MAX);
    sessions_release(&s);
}
