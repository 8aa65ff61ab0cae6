/*
 * Every reply: the persona's row, filled in, and what follows from it: the session's state, the
 * count of errors, the end. Sources: RFC 5321 3.8, 4.2, 4.5.3.1.5; RFC 2034 4.
 */
#include "engine/inner.h"

#include "base/utf8.h"

const struct persona *engine_persona(const struct engine *e)
{
    return e->policy->persona ? e->policy->persona : &persona_strict;
}

static struct persona_row row_of(const struct engine *e, enum verb verb, unsigned situation)
{
    return persona_row(engine_persona(e), verb, situation);
}

unsigned engine_code(const struct engine *e, enum verb verb, unsigned situation)
{
    return row_of(e, verb, situation).code;
}

/* What a client said, fit for a reply: lenient personas take what no line may hold. */
static void add_said(struct buf *out, struct span said)
{
    bool text = utf8_valid(said);
    size_t start = out->len;

    buf_add(out, said);
    for (size_t i = start; i < out->len; i++)
        if (ascii_is_control(out->at[i]) || (out->at[i] >= 0x80 && !text))
            out->at[i] = '?';
}

static void fill(const struct engine *e, struct buf *out, char sign, enum verb verb,
                 const struct reply_words *words)
{
    switch (sign) {
    case 'h':
        buf_add_text(out, e->policy->hostname);
        return;
    case 'c':
        add_said(out, buf_span(&e->name));
        return;
    case 'a':
        add_said(out, words->address.len ? words->address : SPAN("<>"));
        return;
    case 'l':
        add_said(out, policy_local_part(words->address));
        return;
    case 'd':
        add_said(out, policy_domain(words->address));
        return;
    case 't':
        add_said(out, words->text);
        return;
    case 'n':
        buf_add_number(out, words->number);
        return;
    case 's':
        buf_add_text(out, persona_syntax(engine_persona(e), words->syntax ? words->syntax : verb));
        return;
    case 'v':
        buf_add_text(out, verb_word(words->syntax ? words->syntax : verb));
        return;
    default:
        buf_add_octet(out, (unsigned char)sign);
        return;
    }
}

/* One line of a row's text, its signs filled in. */
static void fill_line(struct engine *e, struct span text, enum verb verb,
                      const struct reply_words *words)
{
    struct buf *out = &e->out.replies;

    while (text.len) {
        size_t plain = span_find(text, '%');

        buf_add(out, span_first(text, plain));
        text = span_from(text, plain);
        if (text.len < 2)
            return;
        fill(e, out, (char)text.at[1], verb, words);
        text = span_from(text, 2);
    }
}

static bool is_hello(const struct engine *e, enum verb verb)
{
    return verb == VERB_EHLO || verb == VERB_HELO || (verb == VERB_LHLO && e->policy->lmtp);
}

static const char *enhanced_of(const struct engine *e, enum verb verb,
                               const struct persona_row *row)
{
    if (engine_persona(e)->enhanced_always)
        return row->enhanced;
    if (!e->esmtp || is_hello(e, verb) || !engine_offers(e, EXTENSION_ENHANCEDSTATUSCODES))
        return "";
    return row->enhanced;
}

/* `more`: other lines of the same reply will follow. */
static void write_row(struct engine *e, enum verb verb, const struct persona_row *row, bool more,
                      const struct reply_words *words)
{
    const char *enhanced = enhanced_of(e, verb, row);
    struct span rest = span_of(row->text);

    do {
        struct span line = span_cut(rest, '\n', &rest);
        size_t start = outbox_line(&e->out, row->code, more || rest.len, enhanced);

        fill_line(e, line, verb, words);
        /* A challenge is as long as it is (RFC 4954 4). */
        outbox_line_end(&e->out, row->code == 334 ? e->out.replies.len : start);
    } while (rest.len);
}

void engine_move(struct engine *e, enum verb verb, unsigned code)
{
    const struct session_step *step = verb == VERB_BDAT && e->chunk.last
                                          ? session_last_chunk(e->state, code)
                                          : session_step(e->state, verb, code);

    if (!step || step->to == e->state)
        return;
    e->state = step->to;
    if (e->state != AT_END)
        engine_tell(e, FACT_WAITS, 0, span_of(session_state_waits(e->state)));
}

void engine_hang_up(struct engine *e, enum verb verb, unsigned situation, const char *why)
{
    struct persona_row row = row_of(e, verb, situation);

    engine_fact(e, FACT_DECIDED, row.code, "%s: the connection is closed", why);
    write_row(e, verb, &row, false, &(struct reply_words){ 0 });
    engine_move(e, verb, row.code);
    engine_end(e, why);
}

/* True: that was one error too many, and the end. */
static bool too_many(struct engine *e, enum verb verb, unsigned code)
{
    const struct persona *p = engine_persona(e);
    unsigned most = e->policy->errors_max ? e->policy->errors_max : p->errors_max;

    if (code / 100 != 5)
        return false;
    e->errors++;
    e->unknown += verb == VERB_UNKNOWN;
    if (p->unknown_max && e->unknown > p->unknown_max)
        engine_hang_up(e, verb, SITUATION_TOO_MANY_UNKNOWN, "too many commands were unknown");
    else if (most && e->errors > most)
        engine_hang_up(e, verb, SITUATION_TOO_MANY_ERRORS, "too many commands were refused");
    return e->over;
}

/* Some servers answer clients that err too often a second late. */
static void slow_down(struct engine *e, unsigned code)
{
    unsigned most = engine_persona(e)->slow_errors;

    if (most && code / 100 == 5 && e->errors > most && e->pending == PENDING_NOTHING)
        engine_pause(e, CLOCK_SECOND);
}

void engine_say(struct engine *e, enum verb verb, unsigned situation, struct reply_words words)
{
    struct persona_row row = row_of(e, verb, situation);

    if (too_many(e, verb, row.code))
        return;
    slow_down(e, row.code);
    write_row(e, verb, &row, false, &words);
    engine_move(e, verb, row.code);
    if ((row.flags & PERSONA_CLOSE) && !e->over)
        engine_end(e, "the server closes after this reply");
}

void engine_say_plain(struct engine *e, enum verb verb, unsigned situation)
{
    engine_say(e, verb, situation, (struct reply_words){ 0 });
}

void engine_say_of(struct engine *e, enum verb verb, unsigned situation, struct span address)
{
    engine_say(e, verb, situation, (struct reply_words){ .address = address });
}

void engine_say_line(struct engine *e, enum verb verb, unsigned situation, struct reply_words words)
{
    struct persona_row row = row_of(e, verb, situation);

    write_row(e, verb, &row, true, &words);
}

bool engine_bears(const struct engine *e, enum verb verb, unsigned situation)
{
    return persona_bears(engine_persona(e), verb, situation);
}

static void tell_difference(struct engine *e, enum verb verb, unsigned situation)
{
    unsigned code = engine_code(e, verb, situation);
    struct persona_row strict = persona_row(&persona_strict, verb, situation);

    if (!e->facts || engine_persona(e) == &persona_strict)
        return;
    if (persona_bears(&persona_strict, verb, situation))
        engine_fact(e, FACT_NOTED, 0, "%s answers %u here; a strict server takes the line",
                    engine_persona(e)->who, code);
    else if (code != strict.code)
        engine_fact(e, FACT_NOTED, 0, "%s answers %u here; a strict server answers %u",
                    engine_persona(e)->who, code, strict.code);
}

void engine_refuse(struct engine *e, enum verb verb, unsigned situation)
{
    const char *words = persona_row(&persona_strict, verb, situation).text;
    bool syntax = strcmp(words, "Syntax: %s") == 0;

    /* The decision is stated before the reply, which may become a 421; in plain words, however
     * curt the persona is. */
    engine_decide(e, engine_code(e, verb, situation),
                  "refused: ", syntax ? SPAN("it should read ") : span_of(words),
                  syntax ? persona_syntax(engine_persona(e), verb) : "");
    tell_difference(e, verb, situation);
    engine_say_plain(e, verb, situation);
}
