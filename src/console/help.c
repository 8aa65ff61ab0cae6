/*
 * /help: the console's commands, from their table, and SMTP's own, from registry/. The keys of the
 * screen are the screen's to explain.
 */
#include "console/inner.h"
#include "registry/verbs.h"
#include "view/wrap.h"

#define HELP_INDENT 2

struct wrapping {
    struct styled *out;
    struct span text;
};

static void add_row(void *ctx, size_t from, size_t len)
{
    struct wrapping *w = ctx;

    styled_repeat(w->out, STYLE_PLAIN, " ", HELP_INDENT);
    styled_add(w->out, STYLE_PLAIN, span_first(span_from(w->text, from), len));
    styled_add_text(w->out, STYLE_PLAIN, "\n");
}

static void add_wrapped(struct styled *out, const char *text)
{
    struct wrapping w = { out, span_of(text) };

    wrap_text(w.text, CONSOLE_PAGE_COLS - HELP_INDENT, add_row, &w);
}

static void add_head(struct styled *out, const struct console_command *command)
{
    struct buf head = { 0 };

    buf_printf(&head, "/%s %s", command->name, command->args);
    styled_printf(out, STYLE_BOLD, " %-27s", buf_text(&head));
    styled_printf(out, STYLE_PLAIN, " %s\n", command->help);
    buf_release(&head);
}

static void add_command(struct styled *out, const struct console_command *command)
{
    add_head(out, command);
    add_wrapped(out, command->more);
}

static void add_verb(struct styled *out, const struct verb_row *row)
{
    styled_printf(out, STYLE_BOLD, " %s", row->syntax);
    styled_add_text(out, STYLE_PLAIN, "\n");
    add_wrapped(out, row->purpose);
    styled_printf(out, STYLE_PLAIN, "  As in: %s\n", row->example);
    styled_printf(out, STYLE_DIM, "  %s\n", row->source);
}

static void add_all(struct styled *out)
{
    add_wrapped(out, "What you type goes to the server as one line. A line that starts with / is "
                     "for this console; // sends a line that starts with /. Inside the letter "
                     "(after DATA) every line is the letter's, until a dot alone.");
    styled_add_text(out, STYLE_PLAIN, "\n");
    for (size_t i = 0; i < console_command_count; i++)
        add_head(out, &console_commands[i]);
    styled_add_text(out, STYLE_NOTE,
                    "\n /help NAME says more, /help TEXT searches, /help MAIL is about MAIL.\n");
}

static bool holds(const char *text, struct span needle)
{
    return span_search(span_of(text), needle, 0, true) != SPAN_NOT_FOUND;
}

/* Every command and verb whose help holds the text. Returns how many. */
static unsigned add_found(struct styled *out, struct span text)
{
    unsigned count = 0;

    for (size_t i = 0; i < console_command_count; i++) {
        const struct console_command *command = &console_commands[i];

        if (holds(command->name, text) || holds(command->help, text) ||
            holds(command->more, text)) {
            add_command(out, command);
            count++;
        }
    }
    for (int v = 0; v < VERB_COUNT; v++) {
        const struct verb_row *row = verb_row((enum verb)v);

        if (row && (holds(row->purpose, text) || holds(row->effect, text))) {
            add_verb(out, row);
            count++;
        }
    }
    return count;
}

void command_help(struct console *c, struct span args)
{
    struct styled out = { 0 };
    struct span bare = args.len && args.at[0] == '/' ? span_from(args, 1) : args;
    const struct console_command *command = console_command_by_name(bare);
    const struct verb_row *verb = verb_row(verb_by_word(bare));

    if (!args.len)
        add_all(&out);
    if (command && bare.len)
        add_command(&out, command);
    if (verb && bare.at == args.at)
        add_verb(&out, verb);
    if (args.len && !command && !verb && !add_found(&out, bare)) {
        console_say(c, "No help mentions that. /help shows all commands; /explain TEXT explains a "
                       "reply.\n");
        return;
    }
    console_open(c, PANE_HELP, &out);
    styled_release(&out);
}
