/* The help: every key and command is in it, and it can be searched, at any width. */
#include "support/table.h"
#include "tui/inner.h"

#include "console/commands.h"

static const char *help(struct styled *out, const char *needle, unsigned cols)
{
    styled_clear(out);
    tui_help_text(span_of(needle), cols, out);
    return buf_text(&out->text);
}

Test(help, names_every_key_and_every_command_of_the_screen)
{
    struct styled out = { 0 };
    const char *text = help(&out, "", 400);

    for (size_t i = 0; i < key_row_count; i++)
        cr_expect(strstr(text, key_rows[i].help), "row %zu", i);
    for (size_t i = 0; i < console_command_count; i++)
        if (console_commands[i].where & IN_SCREEN)
            cr_expect(strstr(text, console_commands[i].help), "%s", console_commands[i].name);
    styled_release(&out);
}

Test(help, finds_keys_by_their_names_and_by_their_words)
{
    struct styled out = { 0 };

    cr_expect(strstr(help(&out, "f7", 80), "Finds text"));
    cr_expect_null(strstr(help(&out, "f7", 80), "Draws the screen anew"));
    cr_expect(strstr(help(&out, "DRAWS THE SCREEN", 80), "Ctrl-L"));
    cr_expect(strstr(help(&out, "/quit", 80), "Commands"));
    cr_expect(strstr(help(&out, "no such text", 80), "Nothing here holds that text."));
    styled_release(&out);
}

Test(help, keeps_within_the_width)
{
    struct styled out = { 0 };

    for (unsigned cols = 60; cols < 200; cols += 7) {
        struct span rest = span_of(help(&out, "", cols));

        while (rest.len) {
            struct span line = span_cut(rest, '\n', &rest);

            cr_expect_leq(line.len, cols, "%u: %.*s", cols, SPAN_ARG(line));
        }
    }
    help(&out, "", 1);
    styled_release(&out);
}
