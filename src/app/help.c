#include "app/help.h"

const struct help_status help_statuses[] = {
    { STATUS_OK, "done, and as expected" },
    { STATUS_DIFFERENT, "done, but not as expected: a reply did not match" },
    { STATUS_USAGE, "the command line or a file was wrong" },
    { STATUS_CONNECT, "no connection" },
    { STATUS_TLS, "no TLS, or the server's certificate is not verified" },
    { STATUS_BROKEN, "the server broke off, or broke the protocol" },
};
const size_t help_status_count = sizeof help_statuses / sizeof help_statuses[0];

void help_option_form(const struct option_row *row, struct buf *out)
{
    if (row->letter)
        buf_printf(out, "-%c%s", row->letter, row->name[0] ? ", " : "");
    if (row->name[0])
        buf_printf(out, "--%s", row->name);
    if (row->argument[0])
        buf_printf(out, " %s", row->argument);
}

/* What is too wide for the left column has a line of its own. */
static void two_columns(struct buf *out, const char *left, size_t width, const char *right)
{
    bool wide = strlen(left) > width;

    if (wide)
        buf_printf(out, "  %s\n", left);
    buf_printf(out, "  %-*s  %s\n", (int)width, wide ? "" : left, right);
}

/* Those of one mode alone stand apart: they would bury the others. */
static void add_options(struct buf *out, const char *heading, unsigned only)
{
    struct buf form = { 0 };

    buf_printf(out, "\n%s:\n", heading);
    for (size_t i = 0; i < option_count; i++) {
        unsigned modes_of = option_rows[i].modes;
        bool alone = modes_of == IN_SERVE || modes_of == IN_SEND;

        if (only ? modes_of != only : alone)
            continue;
        buf_clear(&form);
        help_option_form(&option_rows[i], &form);
        two_columns(out, buf_text(&form), 21, option_rows[i].help);
    }
    buf_release(&form);
}

void help_text(struct buf *out)
{
    struct buf form = { 0 };

    buf_add_text(out, "smtpscope: a console for SMTP that explains what it shows.\n\nUsage:\n");
    for (size_t i = 0; modes[i]; i++) {
        buf_clear(&form);
        buf_printf(&form, "smtpscope %s", modes[i]->usage);
        two_columns(out, buf_text(&form), 37, modes[i]->help);
    }
    add_options(out, "Options", 0);
    add_options(out, "Options of serve", IN_SERVE);
    add_options(out, "Options of send", IN_SEND);
    buf_add_text(out, "\nExit status:\n");
    for (size_t i = 0; i < help_status_count; i++)
        buf_printf(out, "  %d  %s\n", help_statuses[i].status, help_statuses[i].words);
    buf_add_text(out, "\nExamples:\n"
                      "  smtpscope explain '550 5.7.1 Relaying denied'\n"
                      "  printf 'EHLO me.example\\nQUIT\\n' | smtpscope --plain localhost:25\n"
                      "\nIn the program: Esc opens the menu, Tab writes what may come next, /help\n"
                      "explains, /quit leaves. \"man smtpscope\" says more.\n");
    buf_release(&form);
}
