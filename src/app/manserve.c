#include "app/manserve.h"

#include <string.h>

#include "app/roff.h"
#include "engine/config.h"
#include "engine/fault.h"
#include "engine/magic.h"

struct section {
    struct buf *out;
    const char *but; /* a key that has a place of its own; with a dot: all below it */
};

/* What a row is for, then what it takes. */
static void add_row(void *ctx, const char *path, const struct row *row)
{
    const struct section *section = ctx;
    size_t len = strlen(section->but);
    struct buf words = { 0 };

    if (strcmp(path, section->but) == 0 ||
        (len && section->but[len - 1] == '.' && strncmp(path, section->but, len) == 0))
        return;
    buf_printf(&words, "%s Takes ", row->help);
    row_must(row, &words);
    if (row->type == ROW_SET)
        buf_add_text(&words, "; all of them by default");
    else if (row->fallback)
        buf_printf(&words, "; default %s", row->fallback);
    buf_add_text(&words, row->required ? "; must be given." : ".");
    roff_entry(section->out, path, buf_text(&words));
    buf_release(&words);
}

static void rows_section(struct buf *out, const struct rows *rows, const char *but)
{
    struct section section = { out, but };

    rows_each(rows, add_row, &section);
}

/* As a sentence of its own. */
static void add_sentence(struct buf *out, const char *text)
{
    buf_printf(out, "%c%s.", ascii_upper((unsigned char)text[0]), text + 1);
}

static void configuration(struct buf *out)
{
    buf_add_text(out, ".SH CONFIGURATION\n"
                      "A file in YAML for\n.BR \"serve \\-\\-config\" .\n"
                      "All its mistakes are named at once, each with its line and column.\n"
                      ".B \"serve \\-\\-example\\-config\"\n"
                      "prints a file with every key; the command line wins over the file.\n"
                      "A dot in a key here means that the second part stands indented below the "
                      "first.\n");
    roff_example(out, "listen: 127.0.0.1:2525\n"
                      "domains: [x.example]\n"
                      "users:\n"
                      "  - alice:secret\n"
                      "faults:\n"
                      "  - RCPT to=bob@* times=1-2 reply=\"450 4.2.1 busy\" delay=2s");
    rows_section(out, &config_rows, "faults.");
}

#define X(name, word, when) when,
static const char *const whens[] = { FAULT_MOMENTS(X) };
#undef X

/* Moments that have the same words stand together. */
static void moments(struct buf *out)
{
    struct buf names = { 0 }, words = { 0 };

    buf_add_text(out, ".SS Moments\n");
    for (int m = 0; m < FAULT_MOMENT_COUNT; m++) {
        buf_printf(&names, "%s%s", names.len ? ", " : "", fault_moment_word((enum fault_moment)m));
        if (m + 1 < FAULT_MOMENT_COUNT && strcmp(whens[m], whens[m + 1]) == 0)
            continue;
        buf_clear(&words);
        add_sentence(&words, whens[m]);
        roff_entry(out, buf_text(&names), buf_text(&words));
        buf_clear(&names);
    }
    buf_release(&names);
    buf_release(&words);
}

static void faults(struct buf *out)
{
    struct buf words = { 0 };

    buf_add_text(out,
                 ".SH FAULTS\n"
                 "A fault says when something goes wrong at the server, for whom, how often, and "
                 "what.\nIn the configuration it is a map of keys, or one line: the moment, then "
                 "key=value words\nin any order; texts with blanks stand in double quotes, keys "
                 "that are on or off stand alone.\nThe same line goes behind\n"
                 ".B /server fault add\n"
                 "while the lab runs;\n.B /server fault\n"
                 "opens a panel that switches faults on and off.\nIn patterns * stands for any "
                 "text and ? for one sign. Delays of several faults add up;\nof several replies "
                 "the first one is given.\n");
    moments(out);
    buf_add_text(out, ".SS Keys\n");
    rows_section(out, &fault_rows, "at");
    buf_add_text(out, ".SS Examples\n");
    for (size_t i = 0; i < fault_example_count; i++) {
        buf_clear(&words);
        add_sentence(&words, fault_examples[i].what);
        roff_entry(out, fault_examples[i].line, buf_text(&words));
    }
    buf_release(&words);
}

static void magic(struct buf *out)
{
    struct buf form = { 0 }, words = { 0 };

    buf_add_text(out,
                 ".SH MAGIC ADDRESSES\n"
                 "Recipients that ask for a fault by themselves, at any domain that the server "
                 "takes, unless the\nconfiguration names mailboxes or says\n"
                 ".BR \"magic: off\" .\n");
    for (size_t i = 0; i < magic_count; i++) {
        const struct magic_row *row = &magic_rows[i];

        buf_clear(&form);
        buf_printf(&form, "%s@", row->local);
        if (row->number != MAGIC_NONE)
            buf_printf(&form, ", %s+%u@", row->local, row->fallback);
        buf_clear(&words);
        add_sentence(&words, row->help);
        roff_entry(out, buf_text(&form), buf_text(&words));
    }
    buf_release(&form);
    buf_release(&words);
}

void manserve(struct buf *out)
{
    configuration(out);
    faults(out);
    magic(out);
}
