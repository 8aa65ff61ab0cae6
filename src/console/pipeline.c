/*
 * /pipeline ... /go: lines collected and sent in one write, so that they are under way together
 * (RFC 2920). Whether the server offered PIPELINING is not asked: the notes say so.
 */
#include "console/inner.h"

void command_pipeline(struct console *c, struct span args)
{
    if (c->pipeline.on && !args.len) {
        console_say(c, "Lines are being collected already. /go sends them, Ctrl-C drops them.\n");
        return;
    }
    c->pipeline.on = true;
    if (args.len)
        console_send_line(c, args);
    else if (!c->config.keep_step && !c->playing.player)
        console_say(c, "Lines are collected now. /go sends them all at once.\n");
}

void pipeline_drop(struct console *c)
{
    console_say(c, "%u %s dropped, nothing was sent.\n", c->pipeline.lines,
                c->pipeline.lines == 1 ? "collected line is" : "collected lines are");
    c->pipeline.on = false;
    c->pipeline.auth = false;
    c->pipeline.lines = 0;
    buf_clear(&c->pipeline.octets);
}

void command_go(struct console *c, struct span args)
{
    (void)args;
    if (!c->pipeline.on) {
        console_complain(c, "/go sends what was collected after /pipeline; nothing was.");
        console_worsen(c, STATUS_USAGE);
        return;
    }
    c->pipeline.on = false;
    if (!c->pipeline.octets.len)
        console_say(c, "Nothing was collected, so nothing was sent.\n");
    if (c->pipeline.octets.len && !console_send(c, buf_span(&c->pipeline.octets))) {
        c->pipeline.on = true;
        console_complain(c, "Not sent, for there is no server; the lines are still here. %s",
                         console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
        return;
    }
    c->pipeline.auth = false;
    c->pipeline.lines = 0;
    buf_clear(&c->pipeline.octets);
}
