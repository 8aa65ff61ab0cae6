#include "view/meaning.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static const struct notes_style learner = { .lab = true };

/* Heading and a part of the text for line n of a talk. */
static void expect_meaning(const char *talk, uint32_t n, const char *heading, const char *part)
{
    struct record *r = talk_of(talk);
    struct meaning m = { 0 };

    meaning_fill(&m, r, 1, n, &learner);
    cr_expect_str_eq(buf_text(&m.heading), heading);
    cr_expect_neq(span_search(buf_span(&m.text), span_of(part), 0, false), SPAN_NOT_FOUND, "%s: %s",
                  part, buf_text(&m.text));
    meaning_release(&m);
    record_free(r);
}

#define BEFORE_DATA                                                                                \
    "S: 220 a\nC: HELO crepes.fr\nS: 250 a\nC: MAIL FROM:<a@b.example>\nS: 250 a\n"                \
    "C: RCPT TO:<b@c.example>\nS: 250 a\nC: DATA\n"

Test(meaning, explains_the_last_line_that_means_something, .init = utf8)
{
    static const struct {
        const char *talk;
        uint32_t line;
        const char *heading, *part;
    } rows[] = {
        { "", 0, "what the last line means", "Nothing has been said yet" },
        { "- CONNECTING 127.0.0.1:25\n", 0, "what happens now", "" },
        { "- REFUSED 127.0.0.1:25\n", 0, "what ended the talk", "" },
        { "S: 220 a\n", 0, "what the last line means", "220 = " },
        { "S: 220 a\n", 1, "what line 1 means", "220 = " },
        { "S: 220 a\n", 2, "what the last line means", "220 = " },
        { "S: 220 a\n- CLOSED_BY_SERVER\n", 0, "what ended the talk", "" },
        { "S: 220 a\n- CLOSED_BY_SERVER\n", 1, "what line 1 means", "220 = " },
        { BEFORE_DATA "S: 354 go\nC: Subject: x\nC: \nC: text\n", 0, "what the last reply means",
          "354 = " },
        { BEFORE_DATA "C: Subject: x\n", 0, "what the last command means", "" },
        { BEFORE_DATA "C: Subject: x\nS: 354 go\nC: text\n", 0, "what the last reply means",
          "354 = " },
        { BEFORE_DATA "S: 354 go\nC: text\n", 10, "what line 10 means", "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_meaning(rows[i].talk, rows[i].line, rows[i].heading, rows[i].part);
}

Test(meaning, finds_the_reply_before_a_long_letter, .init = utf8)
{
    struct record *r = talk_of(BEFORE_DATA "S: 354 go\nC: Subject: x\nC: \n");
    struct meaning m = { 0 };

    for (int i = 0; i < 1000; i++)
        talk_add(r, 1, "C: one more line\n");
    meaning_fill(&m, r, 1, 0, &learner);
    cr_expect_str_eq(buf_text(&m.heading), "what the last reply means");
    cr_expect(span_starts(buf_span(&m.text), SPAN("354 = ")));
    meaning_release(&m);
    record_free(r);
}

Test(meaning, clears_what_was_there_before, .init = utf8)
{
    struct record *r = talk_of("S: 220 a\n");
    struct meaning m = { 0 };
    size_t len;

    meaning_fill(&m, r, 1, 0, &learner);
    len = m.text.len;
    meaning_fill(&m, r, 1, 0, &learner);
    cr_expect_eq(m.text.len, len);
    meaning_release(&m);
    record_free(r);
}

static void expect_drawn(const char *words, unsigned rows, unsigned cols, const char *want)
{
    struct meaning m = { 0 };
    struct grid g;
    struct buf got;

    buf_add_text(&m.text, words);
    grid_init(&g, rows, cols);
    meaning_draw(&m, &g, (struct rect){ 0, 0, rows, cols });
    got = screens_text(&g);
    cr_expect_str_eq(buf_text(&got), want, "%ux%u: %s", rows, cols, buf_text(&got));
    buf_release(&got);
    grid_release(&g);
    meaning_release(&m);
}

Test(meaning, is_wrapped_and_says_when_there_is_more, .init = utf8)
{
    expect_drawn("one two three four", 2, 20, " one two three four\n\n");
    expect_drawn("one two three four", 2, 12, " one two\n three four\n");
    expect_drawn("one two three four", 1, 12, " one ...\n");
    expect_drawn("one two three four five", 2, 12, " one two\n three ...\n");
    expect_drawn("one two three four five six seven", 1, 29, " one two three ... F2: more\n");
    expect_drawn("one two three four five six seven", 2, 26,
                 " one two three four five\n six seven\n");
    expect_drawn("", 2, 12, "\n\n");
    expect_drawn("one two", 0, 12, "");
}
