#include "view/status.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static void expect_status(const struct status_look *look, unsigned cols, const char *want)
{
    struct grid g;
    struct buf got;

    grid_init(&g, 1, cols);
    status_draw(look, &g, 0);
    for (unsigned col = 0; col < cols; col++)
        cr_assert_eq(grid_at(&g, 0, col)->style, STYLE_INVERSE);
    got = screens_text(&g);
    cr_expect_str_eq(buf_text(&got), want, "%u columns: |%s|", cols, buf_text(&got));
    buf_release(&got);
    grid_release(&g);
}

Test(status, leaves_out_the_least_needed_first, .init = utf8)
{
    struct record *r = screens_letter();
    struct status_look look = { .record = r, .dialogue = 1, .client = "crepes.fr", .lab = true };

    expect_status(&look, 99,
                  " smtpscope lab    you = crepes.fr    server = hamburger.edu    NOT encrypted    "
                  "WRITING THE LETTER\n");
    expect_status(&look, 98,
                  " smtpscope lab    server = hamburger.edu    NOT encrypted    "
                  "WRITING THE LETTER\n");
    expect_status(&look, 79, " server = hamburger.edu    NOT encrypted    WRITING THE LETTER\n");
    expect_status(&look, 62, " server = hamburger.edu    NOT encrypted\n");
    expect_status(&look, 41, " server = hamburger.edu    NOT encrypted\n");
    expect_status(&look, 40, " server = hamburger.edu  NOT encrypted\n");
    expect_status(&look, 38, " server = hamburger...  NOT encrypted\n");
    expect_status(&look, 32, " server = ham...  NOT encrypted\n");
    expect_status(&look, 31, " NOT encrypted\n");
    expect_status(&look, 12, " NOT encrypt\n");
    expect_status(&look, 1, "\n");
    record_free(r);
}

Test(status, names_the_labs_place_where_there_is_room, .init = utf8)
{
    struct record *r = screens_letter();
    struct status_look look = {
        .record = r, .dialogue = 1, .client = "crepes.fr", .lab = true, .place = "127.0.0.1:40123"
    };

    expect_status(&look, 121,
                  " smtpscope lab    you = crepes.fr    server = hamburger.edu    "
                  "at 127.0.0.1:40123    NOT encrypted    WRITING THE LETTER\n");
    expect_status(&look, 120,
                  " smtpscope lab    you = crepes.fr    server = hamburger.edu    "
                  "NOT encrypted    WRITING THE LETTER\n");
    record_free(r);
}

Test(status, tells_another_client_from_you, .init = utf8)
{
    struct record *r = screens_letter();
    struct status_look look = { .record = r, .client = "crepes.fr", .lab = true };

    look.dialogue = record_open(r, "192.0.2.7", "hamburger.edu", 0);
    expect_status(&look, 100,
                  " smtpscope lab    client = 192.0.2.7    server = hamburger.edu    "
                  "NOT encrypted         talk 2 of 2\n");
    record_free(r);
}

Test(status, counts_talks_where_there_are_several, .init = utf8)
{
    struct record *r = screens_lab();
    struct status_look look = { .record = r, .dialogue = 1, .client = "", .lab = true };

    expect_status(&look, 60, " smtpscope lab    server = hamburger.edu    NOT encrypted\n");
    look.counted = true;
    expect_status(
        &look, 80,
        " smtpscope lab    server = hamburger.edu    NOT encrypted           talk 1 of 1\n");
    look.counted = false;
    record_open(r, "a", "b.example", 0);
    look.dialogue = 2;
    expect_status(&look, 60, " smtpscope lab    server = b.example    NOT encrypted\n");
    expect_status(
        &look, 80,
        " smtpscope lab    server = b.example    NOT encrypted               talk 2 of 2\n");
    look.talk = 3;
    look.talks = 4;
    expect_status(
        &look, 80,
        " smtpscope lab    server = b.example    NOT encrypted               talk 3 of 4\n");
    record_free(r);
}

Test(status, says_when_there_is_no_connection, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\n- RESET\n");
    struct status_look look = { .record = r, .client = "" };

    expect_status(&look, 60, " smtpscope    no server\n");
    look.dialogue = 1;
    expect_status(&look, 60, " smtpscope    server = hamburger.edu    NO CONNECTION\n");
    record_free(r);
}

Test(status, shows_names_as_marks, .init = utf8)
{
    struct record *r = record_new(NULL);
    struct status_look look = { .record = r, .dialogue = 1, .client = "\033[7m" };

    record_open(r, "", "evil\033]0;x\a", 0);
    expect_status(&look, 90,
                  " smtpscope    you = <ESC>[7m    server = evil<ESC>]0;x<BEL>    NOT encrypted\n");
    record_free(r);
}

static void expect_rule(unsigned cols, const char *heading, const char *right, enum rule_look look,
                        const char *want)
{
    struct grid g;
    struct buf got;

    grid_init(&g, 1, 40);
    rule_draw(&g, 0, 0, cols, span_of(heading), span_of(right), look);
    grid_to_ascii(&g);
    got = screens_text(&g);
    cr_expect_str_eq(buf_text(&got), want, "%u: |%s|", cols, buf_text(&got));
    buf_release(&got);
    grid_release(&g);
}

Test(rule, bears_a_heading_and_what_is_out_of_sight, .init = utf8)
{
    expect_rule(30, "", "", RULE_CALM, "------------------------------\n");
    expect_rule(30, "name", "", RULE_CALM, "-- name ----------------------\n");
    expect_rule(30, "name", "", RULE_FOCUS, "== name ======================\n");
    expect_rule(30, "name  (remark)", "4 more", RULE_CALM, "-- name  (remark) --- 4 more -\n");
    expect_rule(27, "name  (remark)", "4 more", RULE_CALM, "-- name  (remark)  4 more -\n");
    expect_rule(26, "name  (remark)", "4 more", RULE_CALM, "-- name --------- 4 more -\n");
    expect_rule(17, "name  (remark)", "4 more", RULE_CALM, "-- name  4 more -\n");
    expect_rule(16, "name  (remark)", "4 more", RULE_CALM, "-- name --------\n");
    expect_rule(6, "name", "", RULE_CALM, "-- na\n");
    expect_rule(4, "name", "", RULE_CALM, "----\n");
    expect_rule(99, "", "", RULE_CALM, "----------------------------------------\n");
}

Test(rule, is_loud_only_where_something_must_not_be_overlooked, .init = utf8)
{
    struct grid g;

    grid_init(&g, 1, 40);
    rule_draw(&g, 0, 0, 40, SPAN("name"), SPAN("4 more"), RULE_CALM);
    cr_expect_eq(grid_at(&g, 0, 32)->chars[0], '4');
    cr_expect_eq(grid_at(&g, 0, 32)->style, STYLE_DIM);
    rule_draw(&g, 0, 0, 40, SPAN("name"), SPAN("4 more"), RULE_LOUD);
    cr_expect_eq(grid_at(&g, 0, 32)->style, STYLE_BOLD);
    grid_release(&g);
}

Test(rule, stays_on_the_grid)
{
    struct grid g;
    struct buf got;

    grid_init(&g, 1, 4);
    rule_draw(&g, 0, 4, 9, SPAN("x"), SPAN("y"), RULE_CALM);
    rule_draw(&g, 7, 0, 9, SPAN("x"), SPAN("y"), RULE_CALM);
    got = screens_text(&g);
    cr_expect_str_eq(buf_text(&got), "\n");
    buf_release(&got);
    grid_release(&g);
}
