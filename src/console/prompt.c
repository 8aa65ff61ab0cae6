/*
 * The prompt: where the next line goes, in a word, and what Enter will do.
 */
#include "console/inner.h"

enum prompt_kind console_prompt(const struct console *c)
{
    const struct observer *o = console_observer(c);

    if (auth_asks(c))
        return PROMPT_SECRET;
    if (c->pipeline.on)
        return PROMPT_PIPELINE;
    if (!console_talking(c))
        return PROMPT_NO_SERVER;
    if (o->letter == LETTER_GRANTED || bdat_left(c))
        return PROMPT_LETTER;
    return o->login.asked ? PROMPT_SECRET : PROMPT_TALK;
}

const char *console_prompt_text(const struct console *c)
{
    static const char *const texts[] = {
        [PROMPT_TALK] = "C: ",
        [PROMPT_LETTER] = "letter| ",
        [PROMPT_NO_SERVER] = "no server> ",
        [PROMPT_SECRET] = "(password) ",
        [PROMPT_PIPELINE] = "go> ",
    };

    return texts[console_prompt(c)];
}

/* A greeting of more lines than a screen: then the hint would not help, and a server could make
 * the search long. */
#define GREETING_LINES 64

static bool nothing_sent(const struct console *c)
{
    unsigned d = console_dialogue(c);
    uint32_t n = record_lines(c->config.record, d);

    if (n > GREETING_LINES)
        return false;
    for (; n; n--)
        if (record_line_side(c->config.record, d, n) == SIDE_CLIENT)
            return false;
    return true;
}

/* A megabyte is a million octets here, as on the letter's own size. */
static void add_progress(const struct console *c, struct buf *out)
{
    buf_printf(out, "sent %.1f of %.1f MB, Ctrl-C stops", (double)c->sending.done / 1e6,
               (double)c->sending.size / 1e6);
}

static void add_letter_line(const struct console *c, struct buf *out)
{
    const struct observer *o = console_observer(c);
    const struct body_counts *n = &o->body.counts;
    unsigned long long left = bdat_left(c);

    if (left)
        buf_printf(out, "%llu %s to come, line ends are 2", left, left == 1 ? "octet" : "octets");
    else
        buf_printf(out, "line %llu, then Enter",
                   (unsigned long long)(n->header_lines + n->body_lines + n->blank_line + 1));
}

/* Silence is said from here on: shorter ones are how servers are. */
#define SILENCE_SAID (2 * CLOCK_SECOND)
/* A person who reads for so long should know that servers do not wait for ever: RFC 5321 4.5.3.2.7
 * asks them to have patience for five minutes, and many have no more. */
#define SILENCE_LONG (60 * CLOCK_SECOND)

/* How long nothing has travelled in the present talk. */
static int64_t silence(const struct console *c)
{
    const struct record *r = c->config.record;
    unsigned d = console_dialogue(c);
    uint32_t lines = record_lines(r, d), events = record_events(r, d);
    int64_t last = 0;

    if (lines) {
        struct record_line line;

        record_line(r, d, lines, 0, &line);
        last = line.time;
    }
    if (events) {
        struct record_event event;

        record_event_get(r, d, events - 1, &event);
        last = event.time > last ? event.time : last;
    }
    return last ? loop_now(c->config.loop) - last : 0;
}

/* The server is to speak: since when it has not. */
static void add_waiting(const struct console *c, const char *words, struct buf *out)
{
    int64_t time = silence(c);

    buf_add_text(out, words);
    if (time >= SILENCE_SAID)
        buf_printf(out, ": %lld s", (long long)(time / CLOCK_SECOND));
}

static void add_idle(const struct console *c, struct buf *out)
{
    int64_t time = console_hint_ages(c) ? silence(c) : 0;

    if (time >= SILENCE_LONG)
        buf_printf(out, "silence for %lld min; many servers hang up after 5",
                   (long long)(time / (60 * CLOCK_SECOND)));
}

bool console_hint_ages(const struct console *c)
{
    return console_talking(c) && !c->current->local;
}

void console_prompt_hint(const struct console *c, struct buf *out)
{
    buf_clear(out);
    if (auth_asks(c)) {
        buf_add_text(out, "the password, then Enter");
    } else if (c->busy == BUSY_SEND) {
        add_progress(c, out);
    } else if (c->busy == BUSY_SLOW) {
        buf_printf(out, "%zu of %zu octets sent, Ctrl-C stops", c->slow.at, c->slow.pending.len);
    } else if (c->queue.count && !c->config.keep_step) {
        buf_printf(out, "%zu %s", c->queue.count,
                   c->queue.count == 1 ? "line waits" : "lines wait");
    } else if (answer_waits(c)) {
        buf_add_text(out, "the password, for /answer");
    } else if (c->untrusted.len) {
        buf_add_text(out, "a secret waits for /trust");
    } else if (c->busy != BUSY_NOT) {
        buf_add_text(out, "waiting, Ctrl-C stops");
    } else if (c->playing.player) {
        buf_add_text(out, "a script plays, Ctrl-C stops");
    } else if (c->pipeline.on) {
        buf_printf(out, "%u %s, /go sends", c->pipeline.lines,
                   c->pipeline.lines == 1 ? "line" : "lines");
    } else if (c->looked_at) {
        buf_printf(out, "talk %u is shown, /talk back", c->looked_at);
    } else if (!console_talking(c)) {
        return;
    } else if (console_prompt(c) == PROMPT_LETTER) {
        add_letter_line(c, out);
    } else if (client_shaking(c->current->client)) {
        add_waiting(c, "the TLS handshake", out);
    } else if (!console_was_connected(c)) {
        add_waiting(c, "connecting", out);
    } else if (console_observer(c)->state == AT_CONNECT) {
        add_waiting(c, "the server speaks first", out);
    } else if (nothing_sent(c)) {
        buf_add_text(out, "type here, then Enter");
    } else if (observer_outstanding(console_observer(c))) {
        add_waiting(c, "waiting for the reply", out);
    } else {
        add_idle(c, out);
    }
}

struct span prompt_meant(struct span line, struct buf *raw)
{
    struct raw_parts parts = { .octets = *raw };
    struct span rest, word;
    size_t column;

    while (line.len && line.at[0] == '/')
        line = span_from(line, 1);
    word = span_cut(span_trim(line), ' ', &rest);
    if (span_eq_nocase(word, SPAN("early")))
        return span_trim(rest);
    if (span_eq_nocase(word, SPAN("raw")) || span_eq_nocase(word, SPAN("pipeline")))
        if (raw_read(span_trim(rest), &parts, &column, NULL))
            line = buf_span(&parts.octets);
    *raw = parts.octets;
    return span_trim(line);
}

/* Commands of the console that are given secrets, encoded or not. */
static bool takes_secrets(struct span line)
{
    static const struct span names[] = { SPAN_INIT("b64"), SPAN_INIT("unb64"),
                                         SPAN_INIT("answer") };
    struct span word;

    while (line.len && line.at[0] == '/')
        line = span_from(line, 1);
    line = span_trim(line);
    word = span_cut(line, ' ', &line);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (span_eq_nocase(word, names[i]))
            return true;
    return false;
}

bool console_may_remember(const struct console *c, struct span line)
{
    const struct observer *o = console_observer(c);
    struct observer now;
    struct buf raw = { 0 };
    bool secret;

    if (takes_secrets(line) || console_prompt(c) == PROMPT_SECRET || c->pipeline.auth ||
        c->slow.auth || c->queue.auth || (o && observer_awaits(o) == VERB_AUTH))
        return false;
    if (console_prompt(c) == PROMPT_LETTER)
        return false; /* it is private, and would come back as commands */
    if (o)
        now = *o;
    else
        observer_init(&now);
    now.chunk_left = 0; /* a line that was meant as a command is none the less secret */
    secret = observer_open_secret(&now, prompt_meant(line, &raw)).len > 0;
    buf_release(&raw);
    return !secret;
}
