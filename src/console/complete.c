/*
 * Completion: what is legal now, and names that are known. Every candidate starts with what was
 * typed, letter for letter, so that nothing typed is ever changed.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "registry/keywords.h"
#include "registry/verbs.h"

/* Candidates for one line, told once each. */
struct completion {
    const struct console *console;
    struct span text;   /* what was typed */
    struct span prefix; /* of arguments: the command before them */
    complete_fn *fn;
    void *ctx;
    unsigned count;
    struct buf told; /* whole lines, each ended by "\n" */
};

static bool told_before(const struct completion *k, struct span line)
{
    struct span rest = buf_span(&k->told);

    while (rest.len)
        if (span_eq_nocase(span_cut(rest, '\n', &rest), line))
            return true;
    return false;
}

/* Offers `line` when it goes on where the text ends. */
static void offer(struct completion *k, const char *line, const char *shown)
{
    struct span whole = span_of(line);
    struct buf made = { 0 };

    if (whole.len <= k->text.len || !span_starts_nocase(whole, k->text) || told_before(k, whole))
        return;
    buf_add(&k->told, whole);
    buf_add_octet(&k->told, '\n');
    buf_add(&made, k->text);
    buf_add(&made, span_from(whole, k->text.len));
    k->count++;
    if (k->fn)
        k->fn(k->ctx, buf_text(&made), shown);
    buf_release(&made);
}

/* An argument's candidate: the line is the command and it. */
static void offer_argument(void *ctx, const char *argument, const char *shown)
{
    struct completion *k = ctx;
    struct buf line = { 0 };

    buf_add(&line, k->prefix);
    buf_add_text(&line, argument);
    offer(k, buf_text(&line), shown);
    buf_release(&line);
}

static void complete_command(struct completion *k)
{
    struct span name = span_from(k->text, 1), args;
    size_t word = span_find(name, ' ');
    const struct console_command *command;
    char *arg;

    if (word == name.len) {
        for (size_t i = 0; i < console_command_count; i++) {
            struct buf line = { 0 };

            buf_printf(&line, "/%s%s", console_commands[i].name,
                       *console_commands[i].args ? " " : "");
            offer(k, buf_text(&line), console_commands[i].name);
            buf_release(&line);
        }
        return;
    }
    command = console_command_by_name(span_first(name, word));
    if (!command || !command->complete)
        return;
    args = span_from(name, word + 1);
    k->prefix = span_first(k->text, k->text.len - args.len);
    arg = mem_strndup(args.at, args.len);
    command->complete(k->console, arg, offer_argument, k);
    mem_free(arg);
}

/* A verb is worth offering when it is allowed now and, if an extension brings it, was offered.
 * HELP, VRFY and EXPN may be named by a server, but need not be (RFC 5321 4.1.1). */
bool complete_offers(const struct observer *o, enum verb verb)
{
    if (!session_allows(o->state, verb))
        return false;
    if (verb == VERB_HELP || verb == VERB_VRFY || verb == VERB_EXPN)
        return true;
    for (size_t i = 0; i < keyword_row_count; i++) {
        struct span rest = span_of(keyword_rows[i].verbs);

        while (rest.len)
            if (span_eq(span_cut(rest, ' ', &rest), span_of(verb_word(verb))))
                return observer_offers(o, (unsigned)i);
    }
    return verb != VERB_LHLO || o->lmtp;
}

static bool offers(const struct completion *k, const struct observer *o, enum verb verb)
{
    if (verb == VERB_LHLO && k->console->config.lmtp)
        return session_allows(o->state, verb);
    return complete_offers(o, verb);
}

/* Each name that is known between `before` and `after`; the beginning alone when none is. */
static void complete_path(struct completion *k, const char *before, const char *after)
{
    unsigned count = k->count;
    struct buf line = { 0 };
    const char *name;

    for (size_t i = 0; (name = names_mailbox(k->console, i)); i++) {
        buf_clear(&line);
        buf_printf(&line, "%s%s%s", before, name, after);
        offer(k, buf_text(&line), name);
    }
    if (k->count == count)
        offer(k, before, before);
    buf_release(&line);
}

/* Many people type a space after the colon, and find their names all the same. */
static bool spaced(const struct completion *k)
{
    return span_search(k->text, SPAN(": "), 0, false) != SPAN_NOT_FOUND;
}

static void complete_verb(struct completion *k, enum verb verb)
{
    struct buf line = { 0 };

    switch (verb) {
    case VERB_EHLO:
    case VERB_HELO:
    case VERB_LHLO:
        buf_printf(&line, "%s %s", verb_word(verb), names_hello(k->console));
        offer(k, buf_text(&line), buf_text(&line));
        break;
    case VERB_MAIL:
        if (names_sender(k->console))
            buf_printf(&line, "MAIL FROM:<%s>", names_sender(k->console));
        else
            buf_printf(&line, "MAIL FROM:<alice@%s>", names_hello(k->console));
        offer(k, buf_text(&line), buf_text(&line) + sizeof("MAIL FROM:<") - 1);
        complete_path(k, spaced(k) ? "MAIL FROM: <" : "MAIL FROM:<", ">");
        break;
    case VERB_RCPT:
        complete_path(k, spaced(k) ? "RCPT TO: <" : "RCPT TO:<", ">");
        break;
    default:
        offer(k, verb_word(verb), verb_word(verb));
        if (verb == VERB_VRFY || verb == VERB_EXPN) {
            buf_printf(&line, "%s ", verb_word(verb));
            complete_path(k, buf_text(&line), "");
        }
    }
    buf_release(&line);
}

/* After the path: parameters for the keywords that this server offered. */
static void complete_parameter(struct completion *k, const struct observer *o, enum verb verb)
{
    size_t start = k->text.len;
    struct span before;

    while (start && k->text.at[start - 1] != ' ')
        start--;
    before = span_first(k->text, start);
    for (size_t i = 0; i < param_row_count; i++) {
        const struct param_row *row = &param_rows[i];
        struct buf line = { 0 };

        if (strcmp(row->command, verb_word(verb)) != 0 || !param_offered(row, o->keywords))
            continue;
        buf_add(&line, before);
        buf_printf(&line, "%s%s", row->param, *row->value ? "=" : "");
        offer(k, buf_text(&line), row->param);
        buf_release(&line);
    }
}

/* The methods of login stand in the EHLO reply: "250-AUTH PLAIN LOGIN" (RFC 4954 3). */
static void complete_method(struct completion *k)
{
    struct buf offered = { 0 }, whole = { 0 };
    struct span rest;

    auth_offered(k->console, &offered);
    rest = buf_span(&offered);
    while (rest.len) {
        buf_clear(&whole);
        buf_add_text(&whole, "AUTH ");
        marks_add(&whole, span_cut(rest, ' ', &rest), MARKS_ASCII);
        offer(k, buf_text(&whole), buf_text(&whole));
    }
    buf_release(&offered);
    buf_release(&whole);
}

static void complete_smtp(struct completion *k)
{
    const struct observer *o = console_observer(k->console);
    struct next_step steps[CONSOLE_NEXT_MAX];
    unsigned count = console_next(k->console, steps);
    struct span rest;
    enum verb verb = verb_by_word(span_cut(k->text, ' ', &rest));

    for (unsigned i = 0; i < count; i++)
        offer(k, steps[i].typed, steps[i].shown);
    if (!o || !console_talking(k->console))
        return;
    for (int v = 0; v < VERB_COUNT; v++)
        if (*verb_word((enum verb)v) && offers(k, o, (enum verb)v))
            complete_verb(k, (enum verb)v);
    if (verb == VERB_AUTH && complete_offers(o, VERB_AUTH))
        complete_method(k);
    if ((verb == VERB_MAIL || verb == VERB_RCPT) &&
        span_search(rest, SPAN("> "), 0, false) < rest.len)
        complete_parameter(k, o, verb);
}

unsigned console_complete(const struct console *c, const char *text, complete_fn *fn, void *ctx)
{
    struct completion k = { .console = c, .text = span_of(text), .fn = fn, .ctx = ctx };
    struct next_step steps[CONSOLE_NEXT_MAX];
    enum prompt_kind prompt = console_prompt(c);

    if (prompt == PROMPT_LETTER || (prompt == PROMPT_SECRET && *text != '/'))
        return 0;
    if (!*text) {
        for (unsigned i = 0, count = console_next(c, steps); i < count; i++) {
            if (!*steps[i].typed)
                continue;
            k.count++;
            if (fn)
                fn(ctx, steps[i].typed, steps[i].shown);
        }
        return k.count;
    }
    if (*text == '/' && text[1] != '/')
        complete_command(&k);
    else
        complete_smtp(&k);
    buf_release(&k.told);
    return k.count;
}

struct suggestion {
    char *out;
    size_t from;
    bool found;
};

static void take_first(void *ctx, const char *line, const char *shown)
{
    struct suggestion *s = ctx;
    struct span rest = span_from(span_of(line), s->from);

    (void)shown;
    if (s->found || rest.len >= 160)
        return;
    s->found = true;
    memcpy(s->out, rest.at, rest.len);
    s->out[rest.len] = '\0';
}

/* On an empty line nothing: it could be taken for typed text. */
void console_suggest(const struct console *c, const char *text, char out[160])
{
    struct suggestion s = { .out = out, .from = strlen(text) };

    out[0] = '\0';
    if (*text)
        console_complete(c, text, take_first, &s);
}
