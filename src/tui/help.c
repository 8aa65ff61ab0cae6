/* The help: the rows of the key table and of the console's commands, searched as one types. */
#include "base/mem.h"
#include "base/utf8.h"
#include "console/commands.h"
#include "tui/inner.h"
#include "view/wrap.h"

#define NAMES_COLS 24

/* The rows are as wide as tui_help_text was told. */
static void add_entry(struct styled *out, struct span name, struct span help, struct span needle,
                      unsigned cols)
{
    unsigned used = 1 + (unsigned)utf8_cells(name), left = cols > 44 ? NAMES_COLS : 4;
    struct wrap_row row;
    size_t at = 0;

    styled_add_text(out, STYLE_PLAIN, " ");
    styled_add_found(out, STYLE_BOLD, name, needle);
    if (used + 1 > left) { /* the names stand in a row of their own */
        styled_add_text(out, STYLE_PLAIN, "\n");
        used = 0;
    }
    while (wrap_next(help, cols > left + 1 ? cols - left - 1 : 1, &at, &row)) {
        styled_repeat(out, STYLE_PLAIN, " ", left - used);
        styled_add_found(out, STYLE_PLAIN, span_first(span_from(help, row.from), row.len), needle);
        styled_add_text(out, STYLE_PLAIN, "\n");
        used = 0;
    }
}

static bool holds(struct span name, struct span help, struct span needle)
{
    return !needle.len || span_search(name, needle, 0, true) != SPAN_NOT_FOUND ||
           span_search(help, needle, 0, true) != SPAN_NOT_FOUND;
}

static void heading(struct styled *out, const char *text, bool *given)
{
    if (*given)
        return;
    *given = true;
    if (out->text.len)
        styled_add_text(out, STYLE_PLAIN, "\n");
    styled_printf(out, STYLE_BOLD, " %s\n", text);
}

static void add_keys(struct span needle, unsigned cols, struct styled *out)
{
    bool given = false;
    struct buf names = { 0 };

    for (size_t i = 0; i < key_row_count; i++) {
        const struct key_row *row = &key_rows[i];

        buf_clear(&names);
        key_row_ways(row, &names);
        if (!holds(buf_span(&names), span_of(row->help), needle))
            continue;
        heading(out, "Keys", &given);
        add_entry(out, buf_span(&names), span_of(row->help), needle, cols);
    }
    buf_release(&names);
}

static void add_commands(struct span needle, unsigned cols, struct styled *out)
{
    bool given = false;
    struct buf name = { 0 };

    for (size_t i = 0; i < console_command_count; i++) {
        const struct console_command *c = &console_commands[i];

        if (!(c->where & IN_SCREEN))
            continue;
        buf_clear(&name);
        buf_printf(&name, "/%s%s%s", c->name, *c->args ? " " : "", c->args);
        if (!holds(buf_span(&name), span_of(c->help), needle))
            continue;
        heading(out, "Commands, typed at the prompt (/help NAME says more)", &given);
        add_entry(out, buf_span(&name), span_of(c->help), needle, cols);
    }
    buf_release(&name);
}

void tui_help_text(struct span needle, unsigned cols, struct styled *out)
{
    add_keys(needle, cols, out);
    add_commands(needle, cols, out);
    if (!out->text.len)
        styled_add_text(out, STYLE_NOTE, " Nothing here holds that text.\n");
}

static void show(struct tui *t)
{
    struct styled text = { 0 };

    tui_help_text(buf_span(&t->field.text), t->cols, &text);
    page_open_text(t, "help", &text);
    t->mode = MODE_HELP;
}

void help_open(struct tui *t)
{
    page_close(t);
    show(t);
}

void help_resize(struct tui *t)
{
    show(t);
}

bool help_key(struct tui *t, const struct key *key)
{
    if (key->code == K_ENTER) {
        page_move(t, (int)t->spots.page.rows - 1);
        return true;
    }
    if (!field_key(&t->field, key))
        return page_key(t, key);
    show(t);
    return true;
}
