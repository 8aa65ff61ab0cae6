/* /raw: exactly these octets, written with escapes (base/escape.h); no line end is added. */
#include "base/escape.h"
#include "console/inner.h"

/* Octets of a chunk need no line end (RFC 3030 2). */
static bool line_is_open(const struct console *c)
{
    return !console_observer(c)->chunk_left &&
           record_open_line(c->config.record, console_dialogue(c), SIDE_CLIENT).len > 0;
}

void command_raw(struct console *c, struct span args)
{
    struct buf octets = { 0 };
    struct error err = { "" };
    size_t column = 0;

    if (!args.len) {
        console_complain(c, "/raw needs text with escapes, as in /raw \"NOOP\\r\\n\"");
        console_worsen(c, STATUS_USAGE);
    } else if (!escape_read(&octets, args, &column, &err)) {
        console_complain(c, "/raw, character %zu of its text: %s", column, err.text);
        console_worsen(c, STATUS_USAGE);
    } else if (!console_send(c, buf_span(&octets))) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else if (c->pipeline.on) {
        c->pipeline.lines++;
    } else if (line_is_open(c)) {
        console_say(c, "No line end was sent: the server goes on waiting for the rest of the "
                       "line.\n");
    }
    buf_release(&octets);
}
