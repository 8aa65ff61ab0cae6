/*
 * The next steps: rows of registry/verbs.h for the state that the talk is in (or will be in, when
 * the commands under way are answered as the standard has it), with the names filled in.
 */
#include "base/marks.h"
#include "base/utf8.h"
#include "console/inner.h"
#include "registry/verbs.h"

/* Copies, cut between characters to what a next step holds. */
static void put(char *out, size_t room, struct span text)
{
    size_t tail;

    text = span_first(text, room - 1);
    if (utf8_cut(text, &tail))
        text.len -= tail;
    if (text.len)
        memcpy(out, text.at, text.len);
    out[text.len] = '\0';
}

static struct next_step step(const char *typed, const char *hint)
{
    struct next_step s;

    put(s.shown, sizeof(s.shown), span_of(typed));
    put(s.typed, sizeof(s.typed), span_of(typed));
    put(s.hint, sizeof(s.hint), span_of(hint));
    return s;
}

static void add_row(const struct console *c, const struct next_row *row, struct next_step *out)
{
    struct buf text = { 0 };

    names_fill(c, row->shown, false, &text);
    put(out->shown, sizeof(out->shown), buf_span(&text));
    buf_clear(&text);
    names_fill(c, row->typed, false, &text);
    put(out->typed, sizeof(out->typed), buf_span(&text));
    buf_clear(&text);
    names_fill(c, row->hint, false, &text);
    put(out->hint, sizeof(out->hint), buf_span(&text));
    buf_release(&text);
}

/* A line typed when there was no server. */
static unsigned add_kept(const struct console *c, struct next_step *out)
{
    struct next_step *s = out;
    struct buf shown = { 0 };

    if (!c->kept.len || c->kept.len >= sizeof(s->typed))
        return 0;
    *s = step(buf_text(&c->kept), "the line you typed before");
    marks_add(&shown, buf_span(&c->kept), 0);
    put(s->shown, sizeof(s->shown), buf_span(&shown));
    buf_release(&shown);
    return 1;
}

static unsigned without_server(const struct console *c, struct next_step *out)
{
    if (c->config.server || c->host)
        out[0] = step("/connect", "talk to the same server again");
    else
        out[0] = step("/connect ", "HOST: talk to a server");
    out[1] = step("/quit", "leave");
    return 2;
}

/* Encryption first, then the login: what keeps a real talk safe comes before its letters. The lab's
 * own server needs neither. */
static unsigned add_safety(const struct console *c, const struct observer *o, struct next_step *out)
{
    unsigned count = 0;

    if (c->current->local || o->state != AT_READY || observer_outstanding(o))
        return 0;
    if (!o->tls && complete_offers(o, VERB_STARTTLS))
        out[count++] = step("STARTTLS", "encrypt the talk");
    if (o->tls && !o->authenticated && complete_offers(o, VERB_AUTH)) {
        out[count] = step("/auth ", "USER: log in");
        put(out[count++].shown, sizeof(out->shown), SPAN("/auth USER"));
        put(out[count - 1].hint, sizeof(out->hint), SPAN("log in"));
    }
    return count;
}

/* The textbook's client says HELO. Whoever looks after real servers wants to know what they can do,
 * which EHLO alone asks (RFC 5321 3.2). */
static bool wants_extensions(const struct console *c)
{
    return !c->config.server && console_notes(c)->level == NOTES_ADMIN;
}

static void extensions_first(struct next_step *helo, struct next_step *ehlo)
{
    struct next_step kept = *helo;

    *helo = *ehlo;
    *ehlo = kept;
    put(helo->hint, sizeof(helo->hint), SPAN("\"hello, what can you do?\""));
    put(ehlo->hint, sizeof(ehlo->hint), SPAN("the same, for servers without extensions"));
}

/* In place of HELO and EHLO, which an LMTP server must refuse (RFC 2033 4.1). */
static unsigned greet_by_lmtp(const struct console *c, struct next_step *out, unsigned at)
{
    struct buf line = { 0 };

    buf_printf(&line, "LHLO %s", names_hello(c));
    out[at] = step(buf_text(&line), "\"hello\" in LMTP");
    buf_release(&line);
    return at + 1;
}

unsigned console_next(const struct console *c, struct next_step out[CONSOLE_NEXT_MAX])
{
    const struct observer *o = console_observer(c);
    enum session_state state;
    unsigned count, first;

    switch (console_prompt(c)) {
    case PROMPT_NO_SERVER:
        return without_server(c, out);
    case PROMPT_PIPELINE:
        out[0] = step("/go", "send these lines at once");
        return 1;
    case PROMPT_SECRET:
        out[0] = step("*", "give the login up");
        return 1;
    default:
        break;
    }
    if (o->state == AT_CONNECT) {
        out[0] = step("wait for the 220", "the server speaks first");
        out[0].typed[0] = '\0';
        return 1;
    }
    state = observer_outstanding(o) ? o->expected : o->state;
    if (console_prompt(c) == PROMPT_LETTER)
        state = bdat_left(c) ? AT_CHUNK : AT_BODY;
    first = count = state == AT_BODY ? 0 : add_kept(c, out);
    count += add_safety(c, o, &out[count]);
    for (size_t i = 0; i < next_row_count && count < CONSOLE_NEXT_MAX; i++)
        if (next_rows[i].state == state && (!next_rows[i].esmtp_only || o->esmtp) &&
            !(next_rows[i].verb == VERB_BDAT && o->chunk_refused))
            add_row(c, &next_rows[i], &out[count++]);
    if (state == AT_HELLO && c->config.lmtp && !c->current->local)
        count = greet_by_lmtp(c, out, first);
    else if (state == AT_HELLO && count > first + 1 && wants_extensions(c))
        extensions_first(&out[first], &out[first + 1]);
    return count;
}
