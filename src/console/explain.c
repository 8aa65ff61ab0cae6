/* /explain, /find, and how explanations are worded: /level, /sources. */
#include "console/inner.h"
#include "view/walk.h"

static void explain_line(struct console *c, unsigned d, uint32_t n)
{
    struct walk walk;
    struct record_line line;
    struct styled out = { 0 };
    struct buf words = { 0 };

    record_line(c->config.record, d, n, c->config.show_secrets ? RECORD_SECRETS : 0, &line);
    styled_printf(&out, STYLE_DIM, "#%u:%u  ", d, (unsigned)n);
    styled_add_text(&out, STYLE_PLAIN, line.side == SIDE_CLIENT ? "C: " : "S: ");
    styled_add_marks(&out, line.side == SIDE_CLIENT ? STYLE_CLIENT : STYLE_SERVER,
                     span_first(line.line.head, COMMAND_LINE_MAX), 0);
    styled_add_text(&out, STYLE_PLAIN, "\n\n");
    walk_start(&walk, c->config.record, d, n);
    walk_next(&walk);
    notes_explain(&walk.line, &walk.after, &walk.asked, &c->config.notes, &words);
    styled_add(&out, STYLE_PLAIN, buf_span(&words));
    styled_add_text(&out, STYLE_PLAIN, "\n");
    console_open(c, PANE_EXPLAIN, &out);
    buf_release(&words);
    styled_release(&out);
}

/* Before any line only what happened to the connection can be explained. */
static void explain_event(struct console *c, unsigned d)
{
    uint32_t count = d ? record_events(c->config.record, d) : 0;
    struct record_event e;
    struct styled out = { 0 };
    struct buf words = { 0 };

    if (!count) {
        console_say(c,
                    "Nothing was said yet that could be explained. /explain 550 explains a code, "
                    "/explain MAIL a command.\n");
        return;
    }
    record_event_get(c->config.record, d, count - 1, &e);
    notes_event(e.event, e.detail, c->port, &c->config.notes, &words);
    styled_add(&out, STYLE_PLAIN, buf_span(&words));
    styled_add_text(&out, STYLE_PLAIN, "\n");
    console_open(c, PANE_EXPLAIN, &out);
    buf_release(&words);
    styled_release(&out);
}

static void explain_text(struct console *c, struct span text)
{
    struct styled out = { 0 };
    struct buf words = { 0 };

    notes_explain_text(text, &c->config.notes, &words);
    styled_add(&out, STYLE_PLAIN, buf_span(&words));
    styled_add_text(&out, STYLE_PLAIN, "\n");
    console_open(c, PANE_EXPLAIN, &out);
    buf_release(&words);
    styled_release(&out);
}

/* "14" or "#2:14" or "#14": a line of the record. A reply code is three digits from 200 up; as a
 * line it must be written "#250". */
static bool read_reference(const struct console *c, struct span text, unsigned *d, uint32_t *n)
{
    bool hash = text.len && text.at[0] == '#';
    uint64_t talk = console_shown(c), number;
    struct span line = hash ? span_from(text, 1) : text, after;

    if (hash && span_find(line, ':') < line.len) {
        if (!span_number(span_cut(line, ':', &after), &talk))
            return false;
        line = after;
    }
    if (!span_number(line, &number) || talk == 0 || talk > record_count(c->config.record) ||
        number == 0 || number > record_lines(c->config.record, (unsigned)talk))
        return false;
    if (!hash && number >= 200 && number <= 599)
        return false;
    *d = (unsigned)talk;
    *n = (uint32_t)number;
    return true;
}

void command_explain(struct console *c, struct span args)
{
    unsigned d = console_shown(c);
    uint32_t n = d ? record_lines(c->config.record, d) : 0;
    uint64_t number;

    if (!args.len && n) {
        explain_line(c, d, n);
    } else if (!args.len) {
        explain_event(c, d);
    } else if (read_reference(c, args, &d, &n)) {
        explain_line(c, d, n);
    } else if (args.at[0] == '#' || (span_number(args, &number) && number < 200)) {
        console_complain(c, "/explain: there is no such line; the last one is %u.", (unsigned)n);
        console_worsen(c, STATUS_USAGE);
    } else {
        explain_text(c, args);
    }
}

void command_find(struct console *c, struct span args)
{
    if (!args.len) {
        console_complain(c, "/find needs a text, as in /find 550");
        console_worsen(c, STATUS_USAGE);
    } else if (c->hooks.find) {
        c->hooks.find(c->hooks.ctx, args, true);
    }
}

void command_level(struct console *c, struct span args)
{
    if (span_eq_nocase(args, SPAN("learner"))) {
        c->config.notes.level = NOTES_LEARNER;
    } else if (span_eq_nocase(args, SPAN("admin"))) {
        c->config.notes.level = NOTES_ADMIN;
    } else if (args.len) {
        console_complain(c, "/level is learner or admin");
        console_worsen(c, STATUS_USAGE);
        return;
    }
    console_say(c, "Explanations are worded for %s.\n",
                c->config.notes.level == NOTES_ADMIN ? "admins: short, codes first"
                                                     : "learners: words before numbers");
}

void command_sources(struct console *c, struct span args)
{
    if (span_eq_nocase(args, SPAN("on"))) {
        c->config.notes.sources = true;
    } else if (span_eq_nocase(args, SPAN("off"))) {
        c->config.notes.sources = false;
    } else if (!args.len) {
        c->config.notes.sources = !c->config.notes.sources;
    } else {
        console_complain(c, "/sources is on or off");
        console_worsen(c, STATUS_USAGE);
        return;
    }
    console_say(c, "Sources (RFC and section) are %s.\n",
                c->config.notes.sources ? "shown" : "not shown");
}
