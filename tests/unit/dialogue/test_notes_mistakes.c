/* The course's 33 mistakes, from tests/data/mistakes.md: each is noted before the reply comes. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/escape.h"
#include "dialogue/notes.h"
#include "registry/mistakes.h"
#include "support/prose.h"
#include "support/said.h"

#define ROWS_DUE 33

struct row {
    struct span number, from, typed, found, reply, explained;
};

static const struct {
    const char *name, *talk;
} starts[] = {
    { "greeted", "S: 220 hamburger.edu" },
    { "ready", SAID_READY },
    { "extended", SAID_EXTENDED },
    { "encrypted", SAID_EXTENDED },
    { "errors", SAID_READY },
    { "sender", SAID_SENDER },
    { "unanswered", SAID_READY "C: MAIL FROM:<alice@crepes.fr>" },
    { "empty", SAID_LETTER },
    { "header", SAID_LETTER "C: Subject: lunch" },
    { "letter", SAID_LETTER "C: Subject: lunch\nC:\nC: Do you like ketchup?" },
};

static void start(struct said *s, struct span from)
{
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (!span_eq(from, span_of(starts[i].name)))
            continue;
        said(s, starts[i].talk);
        if (span_eq(from, SPAN("encrypted"))) {
            s->observer.tls = true;
            s->observer.state = s->observer.expected = AT_HELLO;
            s->observer.hello_line = 0;
        }
        for (int n = 0; span_eq(from, SPAN("errors")) && n < 10; n++) {
            said_line(s, SIDE_CLIENT, SPAN("HLEO"));
            said_line(s, SIDE_SERVER, SPAN("500 5.5.2 no"));
        }
        return;
    }
    cr_assert_fail("no such start: %.*s", SPAN_ARG(from));
}

/* Escapes read, "*1500" made so many letters, CRLF added unless a line end is there. */
static void wire(struct span typed, struct buf *out)
{
    size_t star = span_find(typed, '*');
    struct error err = { 0 };
    uint64_t count = 0;
    size_t column;

    cr_assert(escape_read(out, span_first(typed, star), &column, &err), "%.*s", SPAN_ARG(typed));
    if (span_number(span_from(typed, star + 1), &count))
        buf_add_repeat(out, 'x', (size_t)count);
    if (out->at[out->len - 1] != '\n')
        buf_add_text(out, "\r\n");
}

static struct span cell(struct span *rest)
{
    struct span c = span_cut(*rest, '|', rest);

    while (c.len && c.at[0] == ' ')
        c = span_from(c, 1);
    while (c.len && c.at[c.len - 1] == ' ')
        c.len--;
    if (c.len > 1 && c.at[0] == '`')
        c = span_make(c.at + 1, c.len - 2);
    return c;
}

static bool is_none(struct span s)
{
    return span_eq(s, SPAN("-"));
}

static void check_note(const struct row *row, const struct said *s)
{
    const struct notes_style styles[] = { { NOTES_LEARNER, false, true },
                                          { NOTES_ADMIN, true, false } };
    struct notes notes = { 0 };

    for (size_t i = 0; i < 2; i++) {
        const struct mistakes *found =
            s->seen.role == ROLE_LETTER ? &s->seen.letter_mistakes : &s->seen.command.mistakes;
        bool noted = false;

        notes_gutter(&s->seen, &s->observer, &styles[i], &notes);
        cr_expect_eq(notes.count, found->count, "row %.*s", SPAN_ARG(row->number));
        for (unsigned n = 0; n < notes.count; n++) {
            struct span text = notes.at[n].text;

            cr_expect(text.len > 20 && utf8_valid(text) && ascii_is_alpha(text.at[0]), "%.*s: %.*s",
                      SPAN_ARG(row->number), SPAN_ARG(text));
            cr_expect_eq(span_search(text, SPAN("opensesame"), 0, true), SPAN_NOT_FOUND);
            cr_expect_eq(span_search(text, SPAN("RFC "), 0, false) != SPAN_NOT_FOUND,
                         i == 1 || span_starts(text, SPAN("The space after the colon")));
            noted |= span_eq(row->found, span_of(mistake_rows[found->at[n].mistake].name));
        }
        cr_expect_eq(noted, !is_none(row->found), "row %.*s", SPAN_ARG(row->number));
    }
    notes_release(&notes);
}

static void check_reply(const struct row *row, struct said *s)
{
    const struct notes_style style = { NOTES_LEARNER, false, true };
    struct buf text = { 0 };

    if (is_none(row->reply))
        return;
    if (span_eq(row->from, SPAN("unanswered")))
        said_line(s, SIDE_SERVER, SPAN("250 Sender ok"));
    said_line(s, SIDE_SERVER, row->reply);
    notes_meaning(&s->seen, &s->observer, &s->asked, &style, &text);
    cr_expect(span_starts(buf_span(&text), row->explained), "row %.*s: %s", SPAN_ARG(row->number),
              buf_text(&text));
    cr_expect(prose_rows(buf_text(&text), 78) <= 2, "%s", buf_text(&text));
    buf_release(&text);
}

static void check(struct row row)
{
    struct said s;
    struct buf octets = { 0 };

    start(&s, row.from);
    wire(row.typed, &octets);
    said_octets(&s.observer, SIDE_CLIENT, buf_span(&octets), &s.seen);
    if (s.seen.role == ROLE_COMMAND)
        s.asked = s.seen.command.mistakes;
    check_note(&row, &s);
    check_reply(&row, &s);
    buf_release(&octets);
}

/* Tests run in the build folder, by hand also elsewhere. */
static FILE *open_table(void)
{
    static const char *const places[] = { "../tests/data/mistakes.md", "tests/data/mistakes.md" };
    FILE *f = NULL;

    for (size_t i = 0; !f && i < 2; i++)
        f = fopen(places[i], "r");
    cr_assert_not_null(f, "tests/data/mistakes.md is not found from here");
    return f;
}

Test(notes_mistakes, are_noted_before_the_reply_and_explained_after_it)
{
    FILE *f = open_table();
    unsigned rows = 0;
    char line[1024];

    while (fgets(line, sizeof line, f)) {
        struct span rest = span_of(line);
        struct row row;

        if (line[0] != '|' || !ascii_is_digit((unsigned char)line[2]))
            continue;
        cell(&rest);
        row.number = cell(&rest);
        cell(&rest);
        row.from = cell(&rest);
        row.typed = cell(&rest);
        row.found = cell(&rest);
        row.reply = cell(&rest);
        row.explained = cell(&rest);
        check(row);
        rows++;
    }
    fclose(f);
    cr_expect_eq(rows, ROWS_DUE, "%u rows", rows);
}
