/*
 * Names that were used before: what the client calls itself, senders and recipients. They are read
 * from the record, so lines typed, pasted and played count alike.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "server/server.h"

void names_release(struct names *n)
{
    for (size_t i = 0; i < NAMES_MAX; i++)
        mem_free(n->at[i]);
    mem_free(n->sender);
    mem_free(n->recipient);
    mem_free(n->hello);
    *n = (struct names){ 0 };
}

static void replace(char **at, struct span name)
{
    mem_free(*at);
    *at = mem_strndup(name.at, name.len);
}

/* To the front of the list; the oldest falls out. */
static void remember(struct names *n, struct span mailbox)
{
    size_t i = 0;
    char *name;

    while (i < NAMES_MAX - 1 && n->at[i] && !mailbox_same(span_of(n->at[i]), mailbox))
        i++;
    mem_free(n->at[i]);
    name = mem_strndup(mailbox.at, mailbox.len);
    memmove(n->at + 1, n->at, i * sizeof(n->at[0]));
    n->at[0] = name;
}

/* Names are offered and shown: one with hidden characters is not learnt. */
static bool plain(struct span name)
{
    return name.len && marks_plain(name, 0) == name.len;
}

static void learn_from(struct names *n, const struct command *command)
{
    if (mistakes_worst(&command->mistakes, WRONG))
        return;
    if ((command->verb == VERB_HELO || command->verb == VERB_EHLO || command->verb == VERB_LHLO) &&
        plain(command->argument))
        replace(&n->hello, command->argument);
    if ((command->verb != VERB_MAIL && command->verb != VERB_RCPT) ||
        command->path.kind != PATH_MAILBOX || !plain(command->path.mailbox))
        return;
    replace(command->verb == VERB_MAIL ? &n->sender : &n->recipient, command->path.mailbox);
    remember(n, command->path.mailbox);
}

void names_turn(struct console *c)
{
    struct names *n = &c->names;
    unsigned d = console_dialogue(c);
    struct record_line line;
    struct command command;

    if (!d)
        return;
    if (n->dialogue != d) {
        n->dialogue = d;
        n->seen = 0;
    }
    while (n->seen < record_lines(c->config.record, d)) {
        n->seen++;
        if (record_line_side(c->config.record, d, n->seen) != SIDE_CLIENT ||
            record_line_role(c->config.record, d, n->seen) != ROLE_COMMAND)
            continue;
        record_line(c->config.record, d, n->seen, 0, &line);
        command_parse(&line.line, COMMAND_LINE_MAX, &command);
        learn_from(n, &command);
    }
}

const char *names_hello(const struct console *c)
{
    if (c->names.hello)
        return c->names.hello;
    /* A name without a dot is nobody's outside this network: strict servers refuse it, and a client
     * without a full name gives its address (RFC 5321 4.1.4). */
    if (c->config.name_guessed && !strchr(c->helo_name, '.') && *c->literal)
        return c->literal;
    return *c->helo_name ? c->helo_name : "localhost";
}

const char *names_sender(const struct console *c)
{
    return c->names.sender;
}

/* Names are looked for at each key. A lab that takes any recipient may have come to hold thousands
 * of mailboxes; the first ones are the class's own. */
#define MAILBOXES_OFFERED 64

/* The lab's mailboxes exist; at a real server only what was named, and postmaster, which every
 * server must take (RFC 5321 4.5.1). */
const char *names_mailbox(const struct console *c, size_t i)
{
    size_t named = 0;

    while (named < NAMES_MAX && c->names.at[named])
        named++;
    if (c->current && c->current->local) {
        size_t here = server_mailboxes(c->config.server), known = 0;

        if (here > MAILBOXES_OFFERED)
            here = MAILBOXES_OFFERED;
        if (i < here)
            return server_mailbox(c->config.server, i);
        for (size_t k = 0, left = i - here; k < named; k++) {
            for (known = 0; known < here; known++)
                if (mailbox_same(span_of(c->names.at[k]),
                                 span_of(server_mailbox(c->config.server, known))))
                    break;
            if (known == here && left-- == 0)
                return c->names.at[k];
        }
        return NULL;
    }
    return i < named ? c->names.at[i] : NULL;
}

/* Was it named in a RCPT of the letter under way? Of many recipients the first ones are known. The
 * lines are parsed here: record_observed would read the talk around each one again. */
static bool has_recipient(const struct console *c, const char *mailbox)
{
    const struct observer *o = console_observer(c);
    struct record_line line;
    struct command command;

    for (uint32_t i = 0; o && i < o->rcpt_accepted && i < OBSERVER_RECIPIENTS_MAX; i++) {
        record_line(c->config.record, console_dialogue(c), o->rcpt_lines[i], 0, &line);
        command_parse(&line.line, COMMAND_LINE_MAX, &command);
        if (mailbox_same(command.path.mailbox, span_of(mailbox)))
            return true;
    }
    return false;
}

const char *names_recipient(const struct console *c)
{
    const char *name;

    if (c->names.recipient && !has_recipient(c, c->names.recipient))
        return c->names.recipient;
    for (size_t i = 0; (name = names_mailbox(c, i)); i++)
        if ((!c->names.sender || strcmp(name, c->names.sender) != 0) && !has_recipient(c, name))
            return name;
    if (console_observer(c) && console_observer(c)->rcpt_accepted)
        return NULL;
    return "postmaster";
}

void names_fill(const struct console *c, const char *text, bool again, struct buf *out)
{
    for (; *text; text++) {
        const char *to;

        if (*text != '%' || !text[1]) {
            buf_add_octet(out, (unsigned char)*text);
            continue;
        }
        text++;
        if (*text == 'c') {
            buf_add_text(out, names_hello(c));
        } else if (*text == 'f' && names_sender(c)) {
            buf_add_text(out, names_sender(c));
        } else if (*text == 'f') {
            buf_printf(out, "alice@%s", names_hello(c));
        } else {
            to = again ? names_mailbox(c, 0) : names_recipient(c);
            if (!to && !again)
                return;
            buf_add_text(out, to ? to : "postmaster");
        }
    }
}
