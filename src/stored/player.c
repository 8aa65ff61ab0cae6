#include "stored/player.h"

#include "base/mem.h"
#include "dialogue/observer.h"

/* A reply that came before it was awaited. */
struct early {
    unsigned dialogue, code;
    char *lines; /* owned */
    size_t len;
};

/* One dialogue of the script, as far as it was played. */
struct talk {
    struct watcher *watch; /* owned; NULL: not begun */
    bool ended;
};

/* The place of one expected line in `expected`. */
struct expected_line {
    size_t from, len;
    bool exact;
};

enum doing { READY, SENDING, AWAITING, COMMANDING, STOPPED };

struct player {
    struct script_reader *reader;
    bool timed;

    bool looked; /* `ahead` holds what comes next in the script */
    enum script_read ahead_kind;
    struct script_item ahead;
    struct error broken;

    enum doing doing;
    bool pausing;                /* a pause stands before what is being done */
    int64_t pause;               /* its length */
    int64_t passed;              /* pauses of the script up to `ahead` */
    struct player_action action; /* being done, without its octets */
    struct buf octets;           /* to send, or the command */
    struct buf expected;
    struct expected_line *lines; /* owned */
    size_t line_count, line_room;
    unsigned code; /* expected */

    struct talk *talks; /* owned; by number - 1 */
    unsigned talk_count;
    unsigned dialogue; /* whose replies are told */
    struct early *early;
    size_t early_count, early_room, early_octets;

    struct buf got;
    char *why; /* owned; of the mismatch */
    char *end; /* owned; why a connection ended last */
};

struct player *player_new(struct span script, bool timed)
{
    struct player *p = mem_zero(1, sizeof *p);

    p->reader = script_reader_new(script);
    p->timed = timed;
    p->dialogue = 1;
    return p;
}

void player_free(struct player *p)
{
    if (!p)
        return;
    script_reader_free(p->reader);
    for (unsigned i = 0; i < p->talk_count; i++)
        watcher_free(p->talks[i].watch);
    for (size_t i = 0; i < p->early_count; i++)
        mem_free(p->early[i].lines);
    mem_free(p->talks);
    mem_free(p->early);
    mem_free(p->lines);
    buf_release(&p->octets);
    buf_release(&p->expected);
    buf_release(&p->got);
    mem_free(p->why);
    mem_free(p->end);
    mem_free(p);
}

static struct talk *talk(struct player *p, unsigned dialogue)
{
    struct talk *t;

    if (dialogue > p->talk_count) {
        p->talks = mem_resize(p->talks, dialogue, sizeof *p->talks);
        memset(p->talks + p->talk_count, 0, (dialogue - p->talk_count) * sizeof *p->talks);
        p->talk_count = dialogue;
    }
    t = &p->talks[dialogue - 1];
    if (!t->watch)
        t->watch = watcher_new();
    return t;
}

/* The script's next item that does anything; pauses on the way add up. */
static enum script_read look(struct player *p)
{
    while (!p->looked) {
        p->ahead_kind = script_reader_next(p->reader, &p->ahead, &p->broken);
        if (p->ahead_kind != SCRIPT_ITEM ||
            (p->ahead.kind != SCRIPT_REMARK && p->ahead.kind != SCRIPT_PAUSE))
            p->looked = true;
        else if (p->ahead.kind == SCRIPT_PAUSE)
            p->passed += p->ahead.pause;
        if (p->passed > SCRIPT_PAUSE_MAX)
            p->passed = SCRIPT_PAUSE_MAX;
    }
    return p->ahead_kind;
}

/* The item looked at is used; so are the pauses before it. */
static void used(struct player *p)
{
    p->looked = false;
    p->pause += p->passed;
    p->passed = 0;
}

static bool next_is(struct player *p, enum script_kind kind, unsigned dialogue)
{
    return look(p) == SCRIPT_ITEM && p->ahead.kind == kind && p->ahead.dialogue == dialogue;
}

/* What the standard forbids of how lines are sent, whatever they say. */
static const char *forbidden(const struct observed *seen)
{
    static const struct {
        enum mistake mistake;
        const char *words;
    } rows[] = {
        { MISTAKE_TOO_EARLY, "This is sent before the server's greeting has come: a client waits "
                             "for it (RFC 5321 3.1)." },
        { MISTAKE_PIPELINED_PAST_SYNC,
          "More is sent after a command whose reply the client must wait for (RFC 2920 3.1)." },
        { MISTAKE_PIPELINED_NOT_OFFERED,
          "Several commands are sent at once, though the server has not offered PIPELINING "
          "(RFC 2920 3.1)." },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (mistakes_have(&seen->command.mistakes, rows[i].mistake) ||
            mistakes_have(&seen->letter_mistakes, rows[i].mistake))
            return rows[i].words;
    return NULL;
}

static const char *watch(struct player *p, unsigned dialogue, enum side side, struct span octets)
{
    struct watcher *w = talk(p, dialogue)->watch;
    const char *warning = NULL;
    struct observed seen;

    watcher_push(w, side, octets);
    while (watcher_next(w, &seen))
        if (!warning && side == SIDE_CLIENT)
            warning = forbidden(&seen);
    return warning;
}

static void stop(struct player *p, enum player_step step)
{
    p->doing = STOPPED;
    p->action.step = step;
    p->action.warning = NULL;
}

static void mismatch(struct player *p, const char *why, struct span got)
{
    buf_clear(&p->got);
    buf_add(&p->got, got);
    mem_free(p->why);
    p->why = mem_strdup(why);
    stop(p, PLAYER_MISMATCH);
}

static struct span without_end(const struct script_item *item)
{
    struct span s = item->octets;

    if (item->escaped && s.len && s.at[s.len - 1] == '\n')
        s.len--;
    if (item->escaped && s.len && s.at[s.len - 1] == '\r')
        s.len--;
    return s;
}

static void add_expected(struct player *p, struct span text, bool exact)
{
    if (p->line_count == p->line_room) {
        p->line_room = p->line_room ? p->line_room * 2 : 8;
        p->lines = mem_resize(p->lines, p->line_room, sizeof *p->lines);
    }
    if (p->line_count)
        buf_add_octet(&p->expected, '\n');
    p->lines[p->line_count++] = (struct expected_line){ p->expected.len, text.len, exact };
    buf_add(&p->expected, text);
}

/* All S: lines that make one reply, put together as smtp/reply.h does with a server's. */
static void gather_expected(struct player *p)
{
    struct reply reply = { 0 };
    bool whole = false;

    p->action.step = PLAYER_AWAIT;
    buf_clear(&p->expected);
    p->line_count = 0;
    while (!whole && next_is(p, SCRIPT_EXPECT, p->action.dialogue)) {
        struct span text = without_end(&p->ahead);
        struct line line = { span_first(text, LINE_HEAD_MAX), text.len, LINE_CRLF, 0 };

        whole = reply_add(&reply, &line, NULL);
        add_expected(p, text, p->ahead.exact);
        used(p);
    }
    p->code = reply.code;
    p->doing = AWAITING;
}

static void gather_send(struct player *p)
{
    p->action.step = PLAYER_SEND;
    buf_clear(&p->octets);
    while (next_is(p, SCRIPT_SEND, p->action.dialogue)) {
        const char *warning = watch(p, p->action.dialogue, SIDE_CLIENT, p->ahead.octets);

        if (!p->action.warning)
            p->action.warning = warning;
        buf_add(&p->octets, p->ahead.octets);
        used(p);
    }
    p->doing = SENDING;
}

static size_t count_lines(struct span text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

/* Does each line that must match stand at its place, and are there as many lines as written? */
static bool same_text(const struct player *p, struct span lines)
{
    size_t came = count_lines(lines);

    for (size_t i = 0; i < p->line_count; i++) {
        struct span want = span_make(p->expected.at + p->lines[i].from, p->lines[i].len);
        struct span got = span_cut(lines, '\n', &lines);

        if (p->lines[i].exact && (came != p->line_count || !span_eq(got, want)))
            return false;
    }
    return true;
}

static void compare(struct player *p, unsigned code, struct span lines)
{
    p->doing = READY;
    if (code != p->code)
        mismatch(p, "the code differs", lines);
    else if (!same_text(p, lines))
        mismatch(p, "the text differs", lines);
}

/* The oldest reply of this dialogue that came too early, if there is one. */
static bool take_early(struct player *p, unsigned dialogue)
{
    for (size_t i = 0; i < p->early_count; i++) {
        struct early e = p->early[i];

        if (e.dialogue != dialogue)
            continue;
        p->early_count--;
        p->early_octets -= e.len;
        memmove(p->early + i, p->early + i + 1, (p->early_count - i) * sizeof e);
        compare(p, e.code, span_make(e.lines, e.len));
        mem_free(e.lines);
        return true;
    }
    return false;
}

/* READY: takes up the next item of the script. */
static void begin(struct player *p)
{
    enum script_read kind = look(p);

    if (kind != SCRIPT_ITEM) {
        stop(p, kind == SCRIPT_END ? PLAYER_FINISHED : PLAYER_BROKEN);
        return;
    }
    p->action = (struct player_action){ .dialogue = p->ahead.dialogue, .line = p->ahead.line };
    p->dialogue = p->action.dialogue;
    p->pause = 0;
    if (p->ahead.kind == SCRIPT_EXPECT) {
        gather_expected(p); /* pauses before a reply were the server's, not ours */
        if (!take_early(p, p->dialogue) && talk(p, p->dialogue)->ended)
            mismatch(p, p->end, SPAN(""));
        return;
    }
    if (p->ahead.kind == SCRIPT_SEND) {
        gather_send(p);
        if (talk(p, p->dialogue)->ended) {
            buf_clear(&p->expected);
            mismatch(p, p->end, SPAN(""));
        }
    } else {
        p->action.step = PLAYER_COMMAND;
        buf_clear(&p->octets);
        buf_add(&p->octets, p->ahead.octets);
        used(p);
        p->doing = COMMANDING;
    }
    p->pausing = p->timed && p->pause > 0;
}

void player_next(struct player *p, struct player_action *out, struct error *err)
{
    while (p->doing == READY)
        begin(p);
    *out = p->action;
    if (p->doing == STOPPED) {
        if (p->action.step == PLAYER_BROKEN)
            error_set(err, "%s", p->broken.text);
        return;
    }
    if (p->pausing) {
        out->step = PLAYER_PAUSE;
        out->pause = p->pause;
        out->warning = NULL;
        return;
    }
    out->octets = p->doing == AWAITING ? buf_span(&p->expected) : buf_span(&p->octets);
    if (p->doing == SENDING)
        p->doing = READY;
}

void player_reply(struct player *p, unsigned code, struct span lines)
{
    struct early *e;

    if (p->doing == STOPPED)
        return;
    watch(p, p->dialogue, SIDE_SERVER, lines);
    watch(p, p->dialogue, SIDE_SERVER, SPAN("\r\n"));
    if (p->doing == AWAITING && p->action.dialogue == p->dialogue) {
        compare(p, code, lines);
        return;
    }
    if (p->early_count == PLAYER_AHEAD_REPLIES ||
        p->early_octets + lines.len > PLAYER_AHEAD_OCTETS) {
        buf_clear(&p->expected);
        mismatch(p, "the server sends far more replies than the script awaits", lines);
        return;
    }
    if (p->early_count == p->early_room) {
        p->early_room = p->early_room ? p->early_room * 2 : 8;
        p->early = mem_resize(p->early, p->early_room, sizeof *p->early);
    }
    e = &p->early[p->early_count++];
    *e =
        (struct early){ p->dialogue, code,
                        mem_strndup(lines.at ? lines.at : (const void *)"", lines.len), lines.len };
    p->early_octets += lines.len;
}

void player_done(struct player *p)
{
    if (p->pausing) {
        p->pausing = false;
    } else if (p->doing == COMMANDING) {
        struct talk *t = talk(p, p->action.dialogue);

        p->doing = READY;
        if (t->ended) {
            watcher_free(t->watch);
            *t = (struct talk){ NULL, false };
        }
    }
}

void player_ended(struct player *p, const char *why)
{
    if (p->doing == STOPPED)
        return;
    mem_free(p->end);
    p->end = mem_strdup(why);
    talk(p, p->dialogue)->ended = true;
    if (p->doing == AWAITING && p->action.dialogue == p->dialogue)
        mismatch(p, why, SPAN(""));
}

void player_talk(struct player *p, unsigned dialogue)
{
    if (dialogue >= 1 && dialogue <= SCRIPT_DIALOGUES_MAX)
        p->dialogue = dialogue;
}

void player_mismatch(const struct player *p, struct player_mismatch *out)
{
    out->line = p->action.line;
    out->expected = buf_span(&p->expected);
    out->got = buf_span(&p->got);
    out->why = p->why ? p->why : "";
}
