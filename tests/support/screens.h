/*
 * Whole screens for tests: what is drawn against tests/screens/NAME.txt, and the lab's talk as it
 * is before such a screen. Lines of talk_add (talks.h), and facts of the server:
 *
 *     * WAITS your greeting
 *     * BODY 46 1 2            octets, header lines, body lines
 *     * MAILBOX 0 bob          a number, then the text
 *
 * A screen that is meant to change: SCREENS_WRITE=1 writes its file anew, to be read with care.
 */
#ifndef TESTS_SCREENS_H
#define TESTS_SCREENS_H
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/talks.h"
#include "view/screen.h"

/* Tests run in the build folder, and files of the source are named from there. */
static inline FILE *screens_open(const char *name, const char *mode)
{
    static const char here[] = __FILE__;
    struct buf path = { 0 };
    FILE *file;

    buf_add(&path, span_first(SPAN(__FILE__), sizeof here - sizeof "support/screens.h"));
    buf_printf(&path, "screens/%s", name);
    file = fopen(buf_text(&path), mode);
    cr_assert(file, "no %s", buf_text(&path));
    buf_release(&path);
    return file;
}

static inline void screens_read(const char *name, struct buf *out)
{
    FILE *file = screens_open(name, "rb");
    char octets[4096];
    size_t count;

    while ((count = fread(octets, 1, sizeof octets, file)) > 0)
        buf_add(out, span_make(octets, count));
    fclose(file);
}

/* The rows that differ, one under the other. */
static inline void screens_diff(struct span want, struct span got, struct buf *out)
{
    for (unsigned row = 1; want.len || got.len; row++) {
        struct span a = span_cut(want, '\n', &want), b = span_cut(got, '\n', &got);

        if (!span_eq(a, b))
            buf_printf(out, "row %u\n  want |%.*s|\n  got  |%.*s|\n", row, SPAN_ARG(a),
                       SPAN_ARG(b));
    }
}

static inline void screens_expect(const struct grid *g, const char *name)
{
    struct buf want = { 0 }, got = { 0 }, diff = { 0 };

    grid_to_text(g, &got);
    if (getenv("SCREENS_WRITE")) {
        FILE *file = screens_open(name, "wb");

        fwrite(got.at, 1, got.len, file);
        fclose(file);
    }
    screens_read(name, &want);
    screens_diff(buf_span(&want), buf_span(&got), &diff);
    cr_expect_eq(diff.len, 0, "%s differs\n%s", name, buf_text(&diff));
    buf_release(&want);
    buf_release(&got);
    buf_release(&diff);
}

static inline struct fact screens_fact(struct span line)
{
    static const char *const names[] = {
#define X(name, what) #name,
        FACTS(X)
#undef X
    };
    struct span rest, name = span_cut(line, ' ', &rest), word, tail;
    struct fact f = { .kind = FACT_KIND_COUNT };
    uint64_t *const numbers[] = { &f.number, &f.header_lines, &f.body_lines };

    for (int i = 0; i < FACT_KIND_COUNT; i++)
        if (span_eq(name, span_of(names[i])))
            f.kind = (enum fact_kind)i;
    cr_assert_neq(f.kind, FACT_KIND_COUNT, "no fact %.*s", SPAN_ARG(line));
    for (unsigned i = 0; i < 3 && rest.len; i++) {
        word = span_cut(rest, ' ', &tail);
        if (!span_number(word, numbers[i]))
            break;
        rest = tail;
    }
    f.text = rest;
    return f;
}

/* As talk_add, with facts. */
static inline void screens_add(struct record *r, const char *text)
{
    struct span rest = span_of(text);
    struct buf lines = { 0 };

    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        if (line.len && line.at[0] == '*') {
            struct fact f = screens_fact(span_from(line, 2));

            talk_add(r, 1, buf_text(&lines));
            buf_clear(&lines);
            record_fact(r, 1, &f, talk_time(r, 1));
        } else {
            buf_add(&lines, line);
            buf_add_octet(&lines, '\n');
        }
    }
    talk_add(r, 1, buf_text(&lines));
    buf_release(&lines);
}

static inline struct record *screens_lab(void)
{
    struct record *r = talk_of("");

    screens_add(r, "* OPENED hamburger.edu\n"
                   "* WAITS your greeting\n"
                   "* MAILBOX 0 bob\n"
                   "S: 220 hamburger.edu\n");
    return r;
}

/* The lab's talk up to the letter's last line in data.txt. */
static inline struct record *screens_letter(void)
{
    struct record *r = screens_lab();

    screens_add(r, "C: HELO crepes.fr\n"
                   "* GREETED 0 crepes.fr\n"
                   "* WAITS a new letter, or QUIT\n"
                   "S: 250 Hello crepes.fr, pleased to meet you\n"
                   "C: MAIL FROM:<alice@crepes.fr>\n"
                   "* FROM alice@crepes.fr\n"
                   "* WAITS a recipient\n"
                   "S: 250 alice@crepes.fr ... Sender ok\n"
                   "C: RCPT TO:<bob@hamburger.edu>\n"
                   "* TO bob@hamburger.edu\n"
                   "* DECIDED 250 mailbox bob exists here: recipient accepted\n"
                   "* WAITS a recipient, or DATA\n"
                   "S: 250 bob@hamburger.edu ... Recipient ok\n"
                   "C: DATA\n"
                   "* DECIDED 354 sender and recipient are known: the letter may come\n"
                   "* WAITS more letter, or the dot\n"
                   "S: 354 Enter mail, end with \".\" on a line by itself\n"
                   "C: Subject: lunch\n"
                   "C: \n"
                   "C: Do you like ketchup?\n"
                   "C: QUIT\n"
                   "* BODY 46 1 2\n");
    return r;
}

/* A screen of the lab in its first state. */
static inline struct screen screens_first(const struct record *r, unsigned rows, unsigned cols)
{
    static const struct next_item next[] = {
        { "HELO crepes.fr", "\"hello, this is crepes.fr\"" },
        { "EHLO crepes.fr", "the same, and \"what else can you do?\"" },
    };

    return (struct screen){
        .rows = rows,
        .cols = cols,
        .record = r,
        .dialogue = 1,
        .notes = { .lab = true },
        .client = "crepes.fr",
        .follow = true,
        .prompt = "C: ",
        .hint = "type here, then Enter",
        .next = next,
        .next_count = 2,
        .footer = "Esc menu   Tab write it for me   PgUp look back   /help   /quit leaves",
        .page_mark = -1,
    };
}

static inline struct screen screens_data(const struct record *r, unsigned rows, unsigned cols)
{
    struct screen s = screens_first(r, rows, cols);

    s.letter = true;
    s.prompt = "letter| ";
    s.hint = "line 5, then Enter";
    s.footer = "Esc menu: help, end the letter, hang up, leave";
    s.footer_right = "/ and Tab are text here";
    return s;
}

/* Draws, with the cursor as a "_" where typed text goes. */
static inline void screens_draw(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    screen_draw(s, g, spots);
    if (spots->prompt.rows)
        grid_text(g, spots->prompt.row, spots->prompt.col, 1, STYLE_PLAIN, SPAN("_"));
}

/* The text of a grid; free with buf_release. */
static inline struct buf screens_text(const struct grid *g)
{
    struct buf text = { 0 };

    grid_to_text(g, &text);
    return text;
}

static inline bool screens_has(const struct grid *g, const char *words)
{
    struct buf text = screens_text(g);
    bool has = span_search(buf_span(&text), span_of(words), 0, false) != SPAN_NOT_FOUND;

    buf_release(&text);
    return has;
}

#endif
