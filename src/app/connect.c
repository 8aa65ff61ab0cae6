/* Connecting to a server that a person names: telnet's own habit. */
#include <stdio.h>

#include "app/place.h"
#include "app/stage.h"
#include "app/terminal.h"

static int run(const struct options *o)
{
    struct stage_plan plan = { .options = o };
    struct place place;
    struct error err;

    if (!place_read(o->words, o->word_count, place_port(o->tls, o->lmtp), &place, &err) ||
        (o->mx && !place_is_domain(&place, &err))) {
        terminal_complain(err.text);
        return STATUS_USAGE;
    }
    plan.host = place.host;
    plan.port = place.port;
    plan.mx = o->mx;
    return stage_run(&plan);
}

const struct mode mode_connect = {
    .usage = "HOST[:PORT] | HOST PORT",
    .help = "talk to any mail server (port 25)",
    .more = "Connects to the mail server HOST, by name or address, an IPv6 address with a port in "
            "brackets. Ports are numbers, or smtp (25) and submission (587). What you type goes to "
            "the server, line by line; what it answers is shown and explained. Lines may come from "
            "a pipe, too: each then waits for the reply to the one before.",
    .bit = IN_CONNECT,
    .words_min = 1,
    .words_max = 2,
    .run = run,
};
