/* Playing a script against a server, without a person. */
#include <stdio.h>

#include "app/file.h"
#include "app/place.h"
#include "app/stage.h"
#include "app/terminal.h"
#include "base/marks.h"
#include "console/commands.h"
#include "stored/script.h"

/* Console commands that there are none of, or not in scripts: told as script_check tells faults. */
static unsigned check_commands(struct span text, const char *name, struct buf *out)
{
    struct script_reader *r = script_reader_new(text);
    struct script_item item;
    struct error err; /* script_check has told it */
    unsigned faults = 0;
    enum script_read got;

    while ((got = script_reader_next(r, &item, &err)) != SCRIPT_END) {
        const struct console_command *command;
        struct span rest, word;

        if (got != SCRIPT_ITEM || item.kind != SCRIPT_COMMAND)
            continue;
        word = span_cut(item.octets, ' ', &rest);
        command = console_command_by_name(word);
        if (command && (command->where & IN_SCRIPT))
            continue;
        faults++;
        buf_printf(out, "%s:%u:1: /", name, item.line);
        marks_add(out, span_first(word, 40), 0);
        buf_add_text(out, command ? " cannot stand in a script\n"
                                  : " is no command; /help shows them all\n");
    }
    script_reader_free(r);
    return faults;
}

/* The script, checked as a whole before anything is sent. False: what is wrong was said. */
static bool read_script(const char *path, struct buf *text)
{
    const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
    struct buf wrong = { 0 };
    struct error err;
    unsigned faults;

    if (!file_read_all(path, SCRIPT_OCTETS_MAX, text, &err)) {
        terminal_complain(err.text);
        return false;
    }
    faults = script_check(buf_span(text), name, &wrong);
    faults += check_commands(buf_span(text), name, &wrong);
    fputs(buf_text(&wrong), stderr);
    buf_release(&wrong);
    return faults == 0;
}

static int run(const struct options *o)
{
    struct stage_plan plan = { .options = o };
    struct place place;
    struct buf text = { 0 };
    struct error err;

    if (o->word_count > 1) {
        if (!place_read(o->words + 1, o->word_count - 1, place_port(o->tls, false), &place, &err)) {
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
