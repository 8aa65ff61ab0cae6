/* Explaining lines and whole dialogues that were not had with this program. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/file.h"
#include "app/options.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "stored/pasted.h"
#include "stored/script.h"
#include "view/ansi.h"
#include "view/plain.h"
#include "view/wrap.h"

/* A paste, a session, a day's worth of one: more is a log for other tools. */
#define TEXT_MAX ((size_t)64 * 1024 * 1024)
#define INDENT   "  "

struct explainer {
    const struct options *options;
    struct notes_style style;
    unsigned columns;        /* 0: texts are not wrapped */
    unsigned known, unknown; /* lines that could be explained, and that could not */
    struct login login;
    struct styled out;
    int unwritable; /* the status for it, once standard output takes no more; else 0 */
};

static void flush(struct explainer *e)
{
    struct buf octets = { 0 };

    ansi_write(&e->out,
               (terminal_color(e->options, STDOUT_FILENO) ? ANSI_COLOUR : 0u) |
                   (e->options->ascii ? ANSI_ASCII : 0u),
               &octets);
    styled_clear(&e->out);
    if (!e->unwritable)
        e->unwritable = terminal_print(buf_span(&octets));
    buf_release(&octets);
}

static void add_wrapped(struct explainer *e, enum style style, const char *indent, struct span text)
{
    unsigned columns = e->columns ? e->columns - (unsigned)strlen(indent) : UINT32_MAX;
    struct wrap_row row;
    size_t at = 0;

    while (wrap_next(text, columns, &at, &row)) {
        styled_add_text(&e->out, STYLE_PLAIN, indent);
        styled_add_marks(&e->out, style, span_first(span_from(text, row.from), row.len), 0);
        styled_add_text(&e->out, STYLE_PLAIN, "\n");
    }
}

/* One line; under its own text, where it is one of several. */
static void explain_line(struct explainer *e, struct span line, bool several)
{
    struct buf words = { 0 }, shown = { 0 };
    struct span secret;
    bool answer = notes_text_secret(&e->login, line, &secret);
    bool known = answer || notes_explain_text(line, &e->style, &words);

    if (answer)
        notes_explain_answer(&words);
    if (secret.len && !e->options->show_secrets) {
        buf_add(&shown, span_first(line, (size_t)(secret.at - line.at)));
        buf_add_text(&shown, MASK);
    } else {
        buf_add(&shown, line);
    }
    e->known += known;
    e->unknown += !known;
    if (several) {
        styled_add_marks(&e->out, STYLE_BOLD, buf_span(&shown), 0);
        styled_add_text(&e->out, STYLE_PLAIN, "\n");
    }
    if (known || !several)
        add_wrapped(e, STYLE_PLAIN, several ? INDENT : "", buf_span(&words));
    else
        styled_add_text(&e->out, STYLE_DIM, INDENT "nothing is known about this line\n");
    buf_release(&words);
    buf_release(&shown);
}

static struct span without_cr(struct span line)
{
    return line.len && line.at[line.len - 1] == '\r' ? span_first(line, line.len - 1) : line;
}

static void explain_lines(struct explainer *e, struct span text)
{
    bool several = span_find(span_trim(text), '\n') < span_trim(text).len;

    for (struct span rest = text; rest.len;) {
        struct span line = span_trim(without_cr(span_cut(rest, '\n', &rest)));

        if (!line.len)
            continue;
        explain_line(e, line, several && text.len > line.len + 2);
        flush(e);
    }
}

/* Does the text hold a dialogue, as scripts and textbooks write one? Only then is known in which
 * state each line stands. */
static bool is_dialogue(struct span text)
{
    struct script_reader *r = script_reader_new(text);
    unsigned sent = 0, replies = 0;
    bool good = true;

    while (good) {
        struct script_item item;
        enum script_read got = script_reader_next(r, &item, NULL);

        if (got == SCRIPT_END)
            break;
        good = got == SCRIPT_ITEM;
        if (!good)
            break;
        sent += item.kind == SCRIPT_SEND;
        replies += item.kind == SCRIPT_EXPECT;
    }
    script_reader_free(r);
    return good && replies && sent + replies > 1;
}

/* A text may begin with the client: then the server has greeted before, and when a letter begins
 * at once the client has, too. These lines are told to the observer, and not shown. */
static uint32_t presume(struct record *r, unsigned d, struct span first, int64_t now)
{
    struct span rest;
    enum verb verb = verb_by_word(span_cut(first, ' ', &rest));

    record_octets(r, d, SIDE_SERVER, SPAN("220 \r\n"), now);
    if (verb == VERB_MAIL) {
        record_octets(r, d, SIDE_CLIENT, SPAN("HELO localhost\r\n"), now);
        record_octets(r, d, SIDE_SERVER, SPAN("250 \r\n"), now);
    }
    return record_lines(r, d);
}

/* presumed[d - 1]: lines of dialogue d that are not in the text. */
static void record_item(struct record *r, const struct script_item *item, int64_t now,
                        uint32_t *presumed)
{
    enum side side = item->kind == SCRIPT_SEND ? SIDE_CLIENT : SIDE_SERVER;

    while (record_count(r) < item->dialogue)
        record_open(r, "", "", now);
    if (item->kind != SCRIPT_SEND && item->kind != SCRIPT_EXPECT)
        return;
    if (side == SIDE_CLIENT && !record_lines(r, item->dialogue))
        presumed[item->dialogue - 1] = presume(r, item->dialogue, item->octets, now);
    record_octets(r, item->dialogue, side, item->octets, now);
    if (side == SIDE_SERVER && !item->escaped)
        record_octets(r, item->dialogue, side, SPAN("\r\n"), now);
}

/* The same record, and the same view, as a dialogue of our own has. */
static void explain_dialogue(struct explainer *e, struct span text)
{
    struct script_reader *reader = script_reader_new(text);
    struct record *r = record_new(NULL);
    uint32_t *presumed = mem_zero(SCRIPT_DIALOGUES_MAX, sizeof *presumed);
    struct script_item item;
    int64_t now = 0;

    while (script_reader_next(reader, &item, NULL) == SCRIPT_ITEM) {
        now += item.pause;
        record_item(r, &item, now, presumed);
    }
    for (unsigned d = 1; d <= record_count(r); d++) {
        struct plain_cursor start = { .line = presumed[d - 1] };

        if (record_count(r) > 1)
            styled_printf(&e->out, STYLE_BOLD, "-- talk %u\n", d);
        plain_dialogue(r, d, &start, &e->style,
                       PLAIN_ALL | (e->options->ascii ? PLAIN_ASCII : 0u) |
                           (e->options->show_secrets ? PLAIN_SECRETS : 0u),
                       &e->out);
        flush(e);
    }
    e->known++;
    mem_free(presumed);
    record_free(r);
    script_reader_free(reader);
}

static void explain_text(struct explainer *e, struct span text)
{
    struct buf script = { 0 };

    if (is_dialogue(text))
        explain_dialogue(e, text);
    else if (pasted_read(text, &script) && is_dialogue(buf_span(&script)))
        explain_dialogue(e, buf_span(&script));
    else
        explain_lines(e, text);
    buf_release(&script);
}

static bool explain_file(struct explainer *e, const char *path)
{
    struct buf text = { 0 };
    struct error err;
    bool good = file_read_all(path, TEXT_MAX, &text, &err);

    if (good)
        explain_text(e, buf_span(&text));
    else
        terminal_complain(err.text);
    buf_release(&text);
    return good;
}

/* What a person pastes: it ends with an empty line, or with Ctrl-D. */
static void explain_paste(struct explainer *e)
{
    struct buf text = { 0 };
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    fputs("Paste or type what is to be explained; an empty line ends it.\n", stderr);
    while (text.len < TEXT_MAX && (len = getline(&line, &room, stdin)) > 0) {
        if (text.len && span_trim(without_cr(span_make(line, (size_t)len - 1))).len == 0)
            break;
        buf_add(&text, span_make(line, (size_t)len));
    }
    free(line);
    explain_text(e, buf_span(&text));
    buf_release(&text);
}

/* A path rather than a line: one word with a slash, or with a suffix as files have. Enhanced status
 * codes have dots, too, but no letters. */
static bool like_path(const char *word)
{
    const char *dot = strrchr(word, '.');

    if (strchr(word, ' ') || strchr(word, '@') || strchr(word, ':') || strchr(word, '<'))
        return false;
    return strchr(word, '/') != NULL || (dot && dot > word && isalpha((unsigned char)dot[1]));
}

/* Files when all words name some, or seem to, else one line. */
static bool explain_words(struct explainer *e)
{
    const struct options *o = e->options;
    struct buf line = { 0 };
    bool good = true;
    int files = 0;

    for (int i = 0; i < o->word_count; i++) {
        files += strcmp(o->words[i], "-") == 0 || access(o->words[i], F_OK) == 0 ||
                 like_path(o->words[i]);
        if (i)
            buf_add_octet(&line, ' ');
        buf_add_text(&line, o->words[i]);
    }
    if (files == o->word_count) {
        for (int i = 0; i < o->word_count; i++)
            good &= explain_file(e, o->words[i]);
    } else {
        explain_line(e, buf_span(&line), false);
        flush(e);
    }
    buf_release(&line);
    return good;
}

static int run(const struct options *o)
{
    struct explainer e = {
        .options = o,
        .style = { .level = o->level == LEVEL_ADMIN ? NOTES_ADMIN : NOTES_LEARNER,
                   .sources = o->sources },
    };
    bool good = true;

    e.columns = terminal_columns(STDOUT_FILENO);
    if (o->word_count)
        good = explain_words(&e);
    else if (isatty(STDIN_FILENO))
        explain_paste(&e);
    else
        good = explain_file(&e, "-");
    styled_release(&e.out);
    if (!good)
        return STATUS_USAGE;
    if (e.unwritable)
        return e.unwritable;
    return e.known ? STATUS_OK : STATUS_DIFFERENT;
}

const struct mode mode_explain = {
    .word = "explain",
    .usage = "explain ['LINE' | FILE...]",
    .help = "say what a line or a dialogue means",
    .more =
        "Explains a reply, a command, an enhanced status code or an EHLO keyword: what it means, "
        "who must act, and whether to try again. Files and standard input may hold many lines, "
        "or a dialogue: in the form of a script, or as swaks, curl -v or telnet print it. It is "
        "then "
        "annotated line by line.",
    .bit = IN_EXPLAIN,
    .words_max = -1,
    .run = run,
};
