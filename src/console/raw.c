/*
 * /raw: exactly these octets, written with escapes (base/escape.h); no line end is added. Several
 * quoted parts are several writes, a moment apart. /early: a line that waits for nobody.
 */
#include "base/escape.h"
#include "console/inner.h"

/* Octets of a chunk need no line end (RFC 3030 2). */
static bool line_is_open(const struct console *c)
{
    return !console_observer(c)->chunk_left &&
           record_open_line(c->config.record, console_dialogue(c), SIDE_CLIENT).len > 0;
}

/* The length of a quoted part at the start of the text; 0: none that another follows. */
static size_t part_len(struct span text)
{
    size_t at = 1;

    if (!text.len || text.at[0] != '"')
        return 0;
    while (at < text.len && text.at[at] != '"')
        at += text.at[at] == '\\' ? 2 : 1;
    if (at + 1 >= text.len)
        return 0;
    at++;
    return span_starts(span_trim(span_from(text, at)), SPAN("\"")) ? at : 0;
}

bool raw_read(struct span text, struct raw_parts *out, size_t *column, struct error *err)
{
    size_t taken = 0;

    out->parts = 0;
    for (;;) {
        struct span rest = span_from(text, taken);
        size_t len = part_len(rest);

        if (out->parts == SLOW_PARTS_MAX) {
            error_set(err, "more than %d parts", SLOW_PARTS_MAX);
            *column = taken + 1;
            return false;
        }
        if (!escape_read_repeated(&out->octets, len ? span_first(rest, len) : rest, column, err)) {
            *column += taken;
            return false;
        }
        out->ends[out->parts++] = out->octets.len;
        if (!len)
            return true;
        taken += len;
        while (text.at[taken] == ' ')
            taken++;
    }
}

void command_raw(struct console *c, struct span args)
{
    struct raw_parts raw = { 0 };
    struct error err = { "" };
    size_t column = 0;

    if (!args.len) {
        console_complain(c, "/raw needs text with escapes, as in /raw \"NOOP\\r\\n\"");
        console_worsen(c, STATUS_USAGE);
    } else if (!raw_read(args, &raw, &column, &err)) {
        console_complain(c, "/raw, character %zu of its text: %s", column, err.text);
        console_worsen(c, STATUS_USAGE);
    } else if (!slow_send_parts(c, buf_span(&raw.octets), raw.ends, raw.parts)) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else if (c->pipeline.on) {
        c->pipeline.lines++;
    } else if (c->busy != BUSY_SLOW && line_is_open(c)) {
        console_say(c, "No line end was sent: the server goes on waiting for the rest of the "
                       "line.\n");
    }
    buf_release(&raw.octets);
}

void command_early(struct console *c, struct span args)
{
    if (!args.len) {
        console_complain(c, "/early needs a line to send, as in /early EHLO me.example");
        console_worsen(c, STATUS_USAGE);
    } else if (!console_talking(c)) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else {
        console_send_line(c, args);
    }
}
