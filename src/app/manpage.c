/* Prints the manual page, from the tables that the program itself uses; run once by the build. */
#include <stdio.h>

#include "app/help.h"
#include "app/manserve.h"
#include "app/roff.h"
#include "app/version.h"
#include "console/commands.h"
#include "tui/keytable.h"

static void roff(struct buf *out, const char *text)
{
    roff_text(out, span_of(text));
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
        roff_entry(out, buf_text(&form), modes[i]->more);
    }
    buf_release(&form);
}

static void manual_commands(struct buf *out)
{
    struct buf form = { 0 }, words = { 0 };

    buf_add_text(out,
                 ".SH CONSOLE COMMANDS\n"
                 "Lines that start with / are for the program: at the prompt, from a pipe and "
                 "in scripts.\nAll others go to the server; // at the start sends it a line that "
                 "starts with /.\nInside DATA every line is the letter's.\n");
    for (size_t i = 0; i < console_command_count; i++) {
        const struct console_command *c = &console_commands[i];

        buf_clear(&form);
        buf_printf(&form, "/%s%s%s", c->name, *c->args ? " " : "", c->args);
        buf_clear(&words);
        buf_printf(&words, "%s %s", c->help, c->more);
        roff_entry(out, buf_text(&form), buf_text(&words));
    }
    buf_release(&form);
    buf_release(&words);
}

static void manual_keys(struct buf *out)
{
    struct buf names = { 0 };

    buf_add_text(out, ".SH KEYS\nOn the full screen. Letters always go to the prompt.\n");
    for (size_t i = 0; i < key_row_count; i++) {
        buf_clear(&names);
        key_row_ways(&key_rows[i], &names);
        roff_entry(out, buf_text(&names), key_rows[i].help);
    }
    buf_release(&names);
}

static void manual(struct buf *out)
{
    struct buf form = { 0 };

    buf_add_text(out, ".TH SMTPSCOPE 1 \"\" \"smtpscope " SMTPSCOPE_VERSION "\"\n.SH NAME\n"
                      "smtpscope \\- a console for SMTP that explains what it shows\n");
    manual_modes(out);
    buf_add_text(out, ".SH OPTIONS\n");
    for (size_t i = 0; i < option_count; i++) {
        buf_clear(&form);
        help_option_form(&option_rows[i], &form);
        roff_entry(out, buf_text(&form), option_rows[i].help);
    }
    manual_commands(out);
    manual_keys(out);
    manserve(out);
    buf_add_text(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < help_status_count; i++) {
        buf_clear(&form);
        buf_printf(&form, "%d", help_statuses[i].status);
        roff_entry(out, buf_text(&form), help_statuses[i].words);
    }
    buf_add_text(out, ".SH ENVIRONMENT\n");
    roff_entry(out, "NO_COLOR", "When it is set and not empty, no colors are used.");
    roff_entry(out, "SMTPSCOPE_PASSWORD", "The password for --auth.");
    roff_entry(out, "XDG_STATE_HOME", "Where files are kept, instead of ~/.local/state.");
    buf_add_text(out, ".SH FILES\n");
    roff_entry(
        out, "~/.local/state/smtpscope/talk-*.smtp",
        "The dialogues of the full screen as scripts, the last 50 of them. Passwords are masked.");
    roff_entry(out, "~/.local/state/smtpscope/history",
               "Lines typed before. Passwords are not kept.");
    buf_add_text(out,
                 ".SH SEE ALSO\n.BR smtpscope\\-script (5),\n.BR telnet (1),\n.BR swaks (1)\n");
    buf_release(&form);
}

int main(void)
{
    struct buf page = { 0 };

    manual(&page);
    fputs(buf_text(&page), stdout);
    buf_release(&page);
    return 0;
}
