#include "app/help.h"

#include "app/options.h"
#include "app/version.h"

static const struct {
    int status; /* enum status */
    const char *words;
} statuses[] = {
    { STATUS_OK, "done, and as expected" },
    { STATUS_DIFFERENT, "done, but not as expected: a reply did not match" },
    { STATUS_USAGE, "the command line or a file was wrong" },
    { STATUS_CONNECT, "no connection" },
    { STATUS_BROKEN, "the server broke off, or broke the protocol" },
};

/* "-h, --help", "--record FILE". */
static void option_form(const struct option_row *row, struct buf *out)
{
    if (row->letter)
        buf_printf(out, "-%c%s", row->letter, row->name[0] ? ", " : "");
    if (row->name[0])
        buf_printf(out, "--%s", row->name);
    if (row->argument[0])
        buf_printf(out, " %s", row->argument);
}

static void two_columns(struct buf *out, const char *left, size_t width, const char *right)
{
    buf_printf(out, "  %-*s  %s", (int)width, left, right);
}

void help_text(struct buf *out)
{
    struct buf form = { 0 };

    buf_add_text(out, "smtpscope: a console for SMTP that explains what it shows.\n\nUsage:\n");
    for (size_t i = 0; modes[i]; i++) {
        buf_clear(&form);
        buf_printf(&form, "smtpscope %s", modes[i]->usage);
        two_columns(out, buf_text(&form), 37, modes[i]->help);
        buf_add_octet(out, '\n');
    }
    buf_add_text(out, "\nOptions:\n");
    for (size_t i = 0; i < option_count; i++) {
        buf_clear(&form);
        option_form(&option_rows[i], &form);
        two_columns(out, buf_text(&form), 21, option_rows[i].help);
        buf_add_octet(out, '\n');
    }
    buf_add_text(out, "\nExit status:\n");
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        buf_printf(out, "  %d  %s\n", statuses[i].status, statuses[i].words);
    buf_add_text(out, "\nIn the program: Esc opens the menu, Tab writes what may come next, /help\n"
                      "explains, /quit leaves.\n");
    buf_release(&form);
}

/* Text as man(7) wants it: a hyphen that is one, no line that looks like a request. */
static void roff(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '-')
            buf_add_text(out, "\\-");
        else if (*text == '\\')
            buf_add_text(out, "\\e");
        else
            buf_add_octet(out, (unsigned char)*text);
    }
}

static void entry(struct buf *out, const char *term, const char *words)
{
    buf_add_text(out, ".TP\n.B ");
    roff(out, term);
    buf_add_octet(out, '\n');
    roff(out, words);
    buf_add_octet(out, '\n');
}

static void manual_modes(struct buf *out)
{
    struct buf form = { 0 };

    buf_add_text(out, ".SH SYNOPSIS\n");
    for (size_t i = 0; modes[i]; i++) {
        if (i)
            buf_add_text(out, ".br\n");
        buf_add_text(out, ".B smtpscope\n");
        if (modes[i]->usage[0]) {
            roff(out, modes[i]->usage);
            buf_add_octet(out, '\n');
        }
    }
    buf_add_text(out,
                 ".SH DESCRIPTION\n"
                 "A student types SMTP at a real prompt, over real TCP, and sees both sides of "
                 "the talk,\nwhat every reply means, and what may come next. An administrator "
                 "points it at any mail\nserver.\n");
    for (size_t i = 0; modes[i]; i++) {
        buf_clear(&form);
        buf_printf(&form, "smtpscope %s", modes[i]->usage);
        entry(out, buf_text(&form), modes[i]->more);
    }
    buf_release(&form);
}

void help_manual(struct buf *out)
{
    struct buf form = { 0 };

    buf_add_text(out, ".TH SMTPSCOPE 1 \"\" \"smtpscope " SMTPSCOPE_VERSION "\"\n.SH NAME\n"
                      "smtpscope \\- a console for SMTP that explains what it shows\n");
    manual_modes(out);
    buf_add_text(out, ".SH OPTIONS\n");
    for (size_t i = 0; i < option_count; i++) {
        buf_clear(&form);
        option_form(&option_rows[i], &form);
        entry(out, buf_text(&form), option_rows[i].help);
    }
    buf_add_text(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        buf_clear(&form);
        buf_printf(&form, "%d", statuses[i].status);
        entry(out, buf_text(&form), statuses[i].words);
    }
    buf_add_text(out, ".SH ENVIRONMENT\n");
    entry(out, "NO_COLOR", "When it is set and not empty, no colors are used.");
    entry(out, "XDG_STATE_HOME",
          "Dialogues of the full screen are saved below it in smtpscope/, the last 50 of them; "
          "~/.local/state when it is not set.");
    buf_release(&form);
}
