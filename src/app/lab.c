/* The lab: a server inside the program, and you connected to it. */
#include "app/stage.h"

static int run(const struct options *o)
{
    struct stage_plan plan = { .options = o };

    return stage_run(&plan);
}

const struct mode mode_lab = {
    .word = "lab",
    .usage = "[lab]",
    .help = "the lab: a server inside the program",
    .more =
        "The lab. A mail server for hamburger.edu runs inside the program, on loopback only; you "
        "are crepes.fr, connected to it. Type HELO crepes.fr, or press Tab. Nothing leaves this "
        "machine, and nothing can break.",
    .bit = IN_LAB,
    .words_max = 0,
    .run = run,
};
