/*
 * picture PROGRAM [FILE]: types a part of the textbook's dialogue into the lab, and draws the
 * screen on standard output; with FILE, says instead whether that is still the same drawing.
 */
#include <stdio.h>

#include "picture/picture.h"

#define ROWS       24
#define COLS       80
#define PROMPT_ROW 22
#define PROMPT_COL 4 /* after its "C: " */

/* What is typed, and what the screen then shows. */
static const struct {
    const char *typed, *shown;
} steps[] = {
    { "", "type here" },
    { "HELO crepes.fr\r", "pleased to meet you" },
    { "MAIL FROM:<alice@crepes.fr>\r", "Sender ok" },
    { "DATA\r", "S: 503" },
    { "RCPT TO:<bob@hamburger.edu>\r", "promised nothing about" },
};

static bool type_all(struct terminal *t)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        terminal_type(t, steps[i].typed);
        if (!terminal_shows(t, steps[i].shown)) {
            fprintf(stderr, "picture: \"%s\" is not shown:\n%s", steps[i].shown, terminal_text(t));
            return false;
        }
    }
    /* A screen is drawn from the top down, and the cursor comes last. */
    return terminal_hides(t, "waiting for") && terminal_cursor_at(t, PROMPT_ROW, PROMPT_COL);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    char octets[4096];
    size_t n;

    if (!file)
        return;
    while ((n = fread(octets, 1, sizeof octets, file)) > 0)
        buf_add(out, span_make(octets, n));
    fclose(file);
}

/* The first line that differs is named. */
static bool same(const char *path, struct span now)
{
    struct buf kept = { 0 };
    struct span then, a, b;
    bool equal;

    read_file(path, &kept);
    then = buf_span(&kept);
    equal = span_eq(then, now);
    if (!equal) {
        do {
            a = span_cut(then, '\n', &then);
            b = span_cut(now, '\n', &now);
        } while (span_eq(a, b) && (then.len || now.len));
        fprintf(stderr, "%s\n  holds  %.*s\n  now is %.*s\nscripts/picture draws it anew.\n", path,
                SPAN_ARG(a), SPAN_ARG(b));
    }
    buf_release(&kept);
    return equal;
}

int main(int argc, char **argv)
{
    const char *command[] = { argc > 1 ? argv[1] : "smtpscope", NULL };
    struct terminal *t =
        terminal_start(&(struct terminal_setup){ .argv = command, .rows = ROWS, .cols = COLS });
    struct buf drawing = { 0 };
    bool good = type_all(t);

    if (good)
        picture_draw(
            t, ROWS, COLS, "smtpscope in a terminal",
            "The screen has panes from top to bottom: the dialogue, in which the client said "
            "DATA too early and the server answered 503; the inside of the server, with the "
            "envelope; what the last line means; what may come next; and the prompt.",
            &drawing);
    if (good && argc > 2)
        good = same(argv[2], buf_span(&drawing));
    else
        fwrite(buf_text(&drawing), 1, drawing.len, stdout);
    terminal_free(t);
    buf_release(&drawing);
    return good ? 0 : 1;
}
