/* Playing a script against a server, without a person. */
#include <stdio.h>

#include "app/file.h"
#include "app/place.h"
#include "app/stage.h"
#include "app/terminal.h"
#include "stored/script.h"

/* The script, checked as a whole before anything is sent. False: what is wrong was said. */
static bool read_script(const char *path, struct buf *text)
{
    struct buf wrong = { 0 };
    struct error err;
    bool good;

    if (!file_read_all(path, SCRIPT_OCTETS_MAX, text, &err)) {
        terminal_complain(err.text);
        return false;
    }
    good = script_check(buf_span(text), strcmp(path, "-") == 0 ? "stdin" : path, &wrong) == 0;
    fputs(buf_text(&wrong), stderr);
    buf_release(&wrong);
    return good;
}

static int run(const struct options *o)
{
    struct stage_plan plan = { .options = o };
    struct place place;
    struct buf text = { 0 };
    struct error err;

    if (o->word_count > 1) {
        if (!place_read(o->words + 1, o->word_count - 1, &place, &err)) {
            terminal_complain(err.text);
            return STATUS_USAGE;
        }
        plan.host = place.host;
        plan.port = place.port;
    }
    if (!read_script(o->words[0], &text)) {
        buf_release(&text);
        return STATUS_USAGE;
    }
    plan.script_len = text.len;
    plan.script = buf_detach(&text);
    return stage_run(&plan);
}

const struct mode mode_replay = {
    .word = "replay",
    .usage = "replay SCRIPT [HOST[:PORT]]",
    .help = "play a script (-: stdin) to host or lab",
    .more =
        "Plays a script: lines that start with C: are sent, lines that start with S: are awaited, "
        "and their codes are compared with what comes. The status is 0 when every reply "
        "matched; else the first that did not is shown beside what was expected. --record and "
        "/save write such scripts.",
    .bit = IN_REPLAY,
    .words_min = 1,
    .words_max = 3,
    .run = run,
};
