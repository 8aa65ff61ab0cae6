/*
 * /talk: the talks of the record, ours and those that other clients have with the lab's server. An
 * open one of ours becomes the current one; any other is shown, and typed lines still go to the
 * current one.
 */
#include "base/marks.h"
#include "console/inner.h"

/* Talks in the list, the latest: a busy lab has thousands. */
#define LISTED_MAX 40

unsigned console_shown(const struct console *c)
{
    return c->looked_at ? c->looked_at : console_dialogue(c);
}

/* Other clients are recorded with their address in place of a name. */
static bool ours(const struct console *c, unsigned d)
{
    return strcmp(record_client(c->config.record, d), c->helo_name) == 0;
}

static struct connection *open_one(const struct console *c, unsigned d)
{
    struct connection *n = console_connection(c, d);

    return n && !n->closing && !client_ended(n->client) ? n : NULL;
}

static void add_talk(const struct console *c, unsigned d, struct styled *out)
{
    bool over = record_now(c->config.record, d)->over;
    struct buf names = { 0 };

    marks_add(&names, span_of(record_client(c->config.record, d)), 0);
    buf_add_text(&names, " to ");
    marks_add(&names, span_of(record_server(c->config.record, d)), 0);
    styled_printf(out, STYLE_BOLD, " talk %-3u", d);
    styled_printf(out, STYLE_PLAIN, " %-32s  %s, %s", buf_text(&names),
                  ours(c, d) ? "yours" : "another client's", over ? "over" : "open");
    styled_add_text(out, STYLE_NOTE,
                    d == console_dialogue(c) && !over ? ": what you type goes here\n"
                    : d == console_shown(c)           ? ": shown\n"
                                                      : "\n");
    buf_release(&names);
}

static void list(struct console *c)
{
    unsigned count = record_count(c->config.record);
    unsigned first = count > LISTED_MAX ? count - LISTED_MAX : 0;
    struct styled out = { 0 };

    if (!count) {
        console_say(c, "There was no talk yet. %s\n", console_how_to_connect(c));
        return;
    }
    if (first)
        styled_printf(&out, STYLE_NOTE, "%u older talks are not listed.\n", first);
    for (unsigned d = first + 1; d <= count; d++)
        add_talk(c, d, &out);
    styled_add_text(&out, STYLE_NOTE, "/talk NUMBER shows one of them.\n");
    console_open(c, PANE_TALKS, &out);
    styled_release(&out);
}

static void look_at(struct console *c, unsigned d)
{
    c->looked_at = d == console_dialogue(c) ? 0 : d;
    if (c->hooks.show)
        c->hooks.show(c->hooks.ctx, d);
    if (console_talking(c))
        console_say(c, "Talk %u is shown. What you type goes to talk %u; /talk back shows that.\n",
                    d, console_dialogue(c));
    else
        console_say(c, "Talk %u is shown. It can be read, not talked in.\n", d);
}

static void go_back(struct console *c)
{
    if (!c->looked_at) {
        console_say(c, "The current talk is shown already. /talk lists all of them.\n");
        return;
    }
    c->looked_at = 0;
    console_say(c, "Talk %u is shown again.\n", console_dialogue(c));
}

static void switch_to(struct console *c, struct connection *to)
{
    c->looked_at = 0;
    c->current = to;
    c->broken = 0;
    console_say(c, "What you type goes to talk %u now.\n", to->dialogue);
}

void command_talk(struct console *c, struct span args)
{
    uint64_t number = 0;

    if (!args.len) {
        list(c);
    } else if (span_eq_nocase(args, SPAN("back"))) {
        go_back(c);
    } else if (!span_number(args, &number) || !number || number > record_count(c->config.record)) {
        console_complain(c, "/talk needs the number of a talk; /talk alone lists them");
        console_worsen(c, STATUS_USAGE);
    } else if (open_one(c, (unsigned)number)) {
        switch_to(c, open_one(c, (unsigned)number));
    } else {
        look_at(c, (unsigned)number);
    }
}
