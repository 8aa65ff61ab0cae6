/* /raw: exactly these octets, written with escapes (base/escape.h); no line end is added. */
#include "base/escape.h"
#include "console/inner.h"

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
    }
    buf_release(&octets);
}
