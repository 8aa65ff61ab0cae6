/*
 * Playing a script: stored/player.h says what to do next, this does it, in the current talk or,
 * where the script begins with a greeting, in a new one.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "stored/script.h"

/* A reply that is compared; what is beyond is a peer's that never ends. */
#define PLAY_REPLY_MAX ((size_t)1024 * 1024)

void play_stop(struct console *c)
{
    for (unsigned i = 0; i < c->playing.count; i++)
        buf_release(&c->playing.talks[i].reply);
    player_free(c->playing.player);
    mem_free(c->playing.script);
    mem_free(c->playing.talks);
    c->playing = (struct playing){ 0 };
}

/* Does the script await a reply before it sends anything? Then it is about a whole talk. */
static bool begins_with_greeting(struct span script)
{
    struct script_reader *r = script_reader_new(script);
    struct script_item item;
    enum script_read got;
    struct error err = { "" };

    do
        got = script_reader_next(r, &item, &err);
    while (got == SCRIPT_ITEM && (item.kind == SCRIPT_REMARK || item.kind == SCRIPT_PAUSE));
    script_reader_free(r);
    return got == SCRIPT_ITEM && item.kind == SCRIPT_EXPECT;
}

/* Nothing was sent in this talk yet: its greeting is the script's. */
static bool fresh_talk(const struct console *c)
{
    unsigned d = console_dialogue(c);

    if (!console_talking(c))
        return false;
    for (uint32_t n = record_lines(c->config.record, d); n; n--)
        if (record_line_side(c->config.record, d, n) == SIDE_CLIENT)
            return false;
    return true;
}

/* The script's talk `number` is the current one from here on. */
static struct played *begin_talk(struct console *c, unsigned number)
{
    struct playing *p = &c->playing;

    if (number > p->count) {
        p->talks = mem_resize(p->talks, number, sizeof(*p->talks));
        memset(p->talks + p->count, 0, (number - p->count) * sizeof(*p->talks));
        p->count = number;
    }
    p->at = number;
    return &p->talks[number - 1];
}

void console_play(struct console *c, char *script, size_t len, bool timed, bool then_quit)
{
    struct span text = span_make(script, len);
    bool fresh = fresh_talk(c);
    struct played *first;

    play_stop(c);
    if (!fresh && begins_with_greeting(text) && (c->current || c->config.server)) {
        console_reconnect(c);
        fresh = true;
    }
    c->expect_failed = false;
    c->playing = (struct playing){ .player = player_new(text, timed),
                                   .script = script,
                                   .then_quit = then_quit };
    first = begin_talk(c, 1);
    first->dialogue = console_dialogue(c);
    if (!fresh && first->dialogue)
        first->seen = record_lines(c->config.record, first->dialogue);
    console_turn(c);
}

void play_seen_all(struct console *c)
{
    struct played *t = c->playing.player ? &c->playing.talks[c->playing.at - 1] : NULL;

    if (t && t->dialogue == console_dialogue(c))
        t->seen = record_lines(c->config.record, t->dialogue);
}

void command_play(struct console *c, struct span args)
{
    struct error err = { "" };
    char *path = file_path(args), *script;
    size_t len = 0;

    if (c->playing.player) {
        error_set(&err, "a script plays already");
        script = NULL;
    } else if (!*path) {
        error_set(&err, "it needs a file with a script, as in /play lunch.smtp");
        script = NULL;
    } else {
        script = file_read(path, &len, &err);
    }
    if (script) {
        console_play(c, script, len, false, false);
    } else {
        console_complain(c, "/play: %s", err.text);
        console_worsen(c, STATUS_USAGE);
    }
    mem_free(path);
}

static void finish(struct console *c, int status)
{
    bool quit = c->playing.then_quit;

    if (quit)
        console_worsen(c, status);
    if (c->busy != BUSY_NOT)
        console_not_busy(c);
    play_stop(c);
    if (quit)
        console_leave(c, c->status);
}

static void add_quoted(struct buf *out, const char *label, struct span lines)
{
    do {
        struct span line = span_cut(lines, '\n', &lines);

        buf_printf(out, "%s", label);
        marks_add(out, line, 0);
        buf_add_octet(out, '\n');
    } while (lines.len);
}

static void tell_mismatch(struct console *c)
{
    struct player_mismatch m;
    struct buf words = { 0 };

    player_mismatch(c->playing.player, &m);
    buf_printf(&words, "line %u of the script: %s\n", m.line, m.why);
    add_quoted(&words, "  expected  ", m.expected);
    if (m.got.len)
        add_quoted(&words, "  came      ", m.got);
    buf_truncate(&words, words.len - 1);
    console_complain(c, "%s", buf_text(&words));
    buf_release(&words);
}

/* One more line of the talk. True: a reply is whole. */
static bool add_line(struct played *t, const struct record_line *line)
{
    if (line->side != SIDE_SERVER)
        return false;
    if (line->reply_start) {
        buf_clear(&t->reply);
        t->code = 0;
    } else if (t->reply.len < PLAY_REPLY_MAX) {
        buf_add_octet(&t->reply, '\n');
    }
    t->code = t->code ? t->code : line->code;
    if (t->reply.len < PLAY_REPLY_MAX)
        buf_add(&t->reply, line->line.head);
    return line->reply_end;
}

/* The next whole reply that the player has not seen. Each line is read once. */
static bool hand_over_reply(struct console *c)
{
    struct played *t = &c->playing.talks[c->playing.at - 1];

    while (t->dialogue && t->seen < record_lines(c->config.record, t->dialogue)) {
        struct record_line line;

        record_line(c->config.record, t->dialogue, ++t->seen, 0, &line);
        if (!add_line(t, &line))
            continue;
        c->playing.awaits = false;
        player_reply(c->playing.player, t->code, buf_span(&t->reply));
        return true;
    }
    return false;
}

static bool open_still(const struct console *c, unsigned dialogue)
{
    const struct connection *n = dialogue ? console_connection(c, dialogue) : NULL;

    return n && !client_ended(n->client);
}

/* The script goes on in another of its talks: one that is there already, or a new one. */
static void turn_to(struct console *c, unsigned number)
{
    struct played *t = begin_talk(c, number);

    if (t->dialogue == 0 && (c->current || c->config.server)) {
        console_reconnect(c);
        c->playing.talks[number - 1].dialogue = console_dialogue(c);
    } else if (open_still(c, t->dialogue)) {
        c->current = console_connection(c, t->dialogue);
    }
}

static void send_octets(struct console *c, struct span octets)
{
    unsigned d = c->playing.talks[c->playing.at - 1].dialogue;

    if (c->pipeline.on || (d == console_dialogue(c) && console_talking(c) && slow_takes(c)))
        console_send(c, octets);
    else if (!open_still(c, d) || !connection_send(console_connection(c, d), octets))
        player_ended(c->playing.player, "there is no connection");
}

/* A command may begin another talk: there the script goes on. */
static void run_command(struct console *c, struct span line)
{
    struct played *t = &c->playing.talks[c->playing.at - 1];
    unsigned before = console_dialogue(c);

    c->playing.commanded = true;
    console_command(c, line);
    if (console_dialogue(c) != before) {
        t->dialogue = console_dialogue(c);
        t->seen = 0;
    }
}

static void played_all(struct console *c)
{
    console_say(c, "The script was played to its end: every reply matched.\n");
    finish(c, STATUS_OK);
}

/* True: more can be done at once. */
static bool act(struct console *c)
{
    struct playing *p = &c->playing;
    struct player_action action;
    struct error err = { "" };

    player_next(p->player, &action, &err);
    if (action.warning)
        console_say(c, "line %u of the script: %s\n", action.line, action.warning);
    if (action.step <= PLAYER_PAUSE && action.dialogue != p->at) {
        /* A SEND is given once: it is borrowed until the next call, and sent below. */
        turn_to(c, action.dialogue);
    }
    switch (action.step) {
    case PLAYER_SEND:
        send_octets(c, action.octets);
        return true;
    case PLAYER_AWAIT:
        p->awaits = true;
        return true;
    case PLAYER_COMMAND:
        run_command(c, action.octets);
        return true;
    case PLAYER_PAUSE:
        p->pausing = true;
        p->until = loop_now(c->config.loop) + action.pause;
        return true;
    case PLAYER_FINISHED:
        played_all(c);
        return true;
    case PLAYER_MISMATCH:
        tell_mismatch(c);
        finish(c, c->broken                      ? c->broken
                  : c->status > STATUS_DIFFERENT ? c->status
                                                 : STATUS_DIFFERENT);
        return true;
    case PLAYER_BROKEN:
        console_complain(c, "the script: %s", err.text);
        finish(c, STATUS_USAGE);
        return true;
    }
    return false;
}

void play_timed_out(struct console *c)
{
    c->playing.awaits = false;
    c->broken = STATUS_BROKEN;
    if (c->busy != BUSY_NOT)
        console_not_busy(c);
    player_ended(c->playing.player, "no reply came in time");
}

/* A command of the script is over. A failed /expect ends the script. */
static void command_done(struct console *c)
{
    c->playing.commanded = false;
    if (!c->expect_failed) {
        player_done(c->playing.player);
        return;
    }
    c->expect_failed = false;
    finish(c, STATUS_DIFFERENT);
}

/* Nothing is awaited: the next step, once the connection stands. */
static bool next_step(struct console *c)
{
    struct playing *p = &c->playing;

    if (p->commanded) {
        command_done(c);
        return true;
    }
    if (p->pausing) {
        int64_t left = p->until - loop_now(c->config.loop);

        if (left > 0) {
            watch_set_timer(c->timer, left);
            return false;
        }
        p->pausing = false;
        player_done(p->player);
        return true;
    }
    return (!console_talking(c) || console_was_connected(c)) && act(c);
}

bool play_turn(struct console *c)
{
    struct playing *p = &c->playing;

    if (!p->player || c->busy != BUSY_NOT)
        return false;
    if (!p->awaits)
        return next_step(c);
    if (hand_over_reply(c))
        return true;
    if (open_still(c, p->talks[p->at - 1].dialogue))
        return false;
    p->awaits = false;
    player_ended(p->player, "the connection ended");
    return true;
}
