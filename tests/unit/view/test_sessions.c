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
    row->ended = true;
    begin(s, 3, NULL)->broken = true;
    begin(s, 4, NULL)->fault = true;
    begin(s, 5, NULL)->ended = true;
    row = begin(s, 6, "z.example");
    transaction(row, "a@z.example", "c@z.example");
    row->letters = 12;
    begin(s, 7, NULL);
}

static struct sessions_drawn expect(const struct sessions_look *look, unsigned rows,
                                    const char *want)
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
               "  23:00:02     2 refused       192.0.2.1       <> > b<0xFF>@y.example  at x<ES\n"
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
    struct sessions_look look = { .list = &s, .selected = 1 };
    struct sessions_drawn drawn;
    size_t at;

    fill(&s);
    drawn =
        expect(&look, 2,
               "  23:00:01     1 delivered     192.0.2.1       alice@crepes.fr > bob@hamburger\n"
               "▸ 23:00:02     2 refused       192.0.2.1       <> > b<0xFF>@y.example  at x<ES\n");
    cr_expect_eq(drawn.below, 5);
    cr_assert(sessions_selected(&look, &at));
    cr_expect_eq(at, 1);
    sessions_release(&s);
}

Test(sessions, pass_a_filter_by_any_text_in_the_row)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .filter = SPAN("Z.EXAMPLE"), .follow = true };
    struct sessions_drawn drawn;
    size_t at;

    fill(&s);
    drawn =
        expect(&look, 2,
               "▸ 23:00:06     6 delivered x12 192.0.2.1       a@z.example > c@z.example  at z\n"
               "\n");
    cr_expect_eq(drawn.shown, 1);
    cr_assert(sessions_selected(&look, &at));
    cr_expect_eq(at, 5);
    look.filter = SPAN("nowhere");
    drawn = expect(&look, 1, "  Nothing here has that in it.\n");
    cr_expect_eq(drawn.shown, 0);
    cr_expect_not(sessions_selected(&look, &at));
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
