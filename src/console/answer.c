/*
 * /answer: computes the answer to the server's last 334, for those who type a login themselves. The
 * password is asked for: the prompt is hidden then anyway, because the server waits for a secret.
 * Not here: a whole login by one command (/auth). Sources: RFC 4954 4; net/sasl.h.
 */
#include "base/mem.h"
#include "console/inner.h"
#include "message/base64.h"
#include "net/sasl.h"

static void forget(struct answering *a)
{
    sasl_free(a->sasl);
    mem_free(a->user);
    *a = (struct answering){ 0 };
}

void answer_release(struct console *c)
{
    forget(&c->answering);
}

void answer_drop(struct console *c)
{
    forget(&c->answering);
    console_say(c, "No answer was sent. The server still waits for one; a lone * gives up.\n");
}

bool answer_waits(const struct console *c)
{
    return c->answering.user && !c->answering.sasl;
}

/* Of the talk and the login that it was begun for? */
static bool still_good(const struct console *c)
{
    const struct answering *a = &c->answering;
    const struct observer *o = console_observer(c);

    return o && a->dialogue == console_dialogue(c) && a->mechanism == o->login.mechanism &&
           a->said == o->login.said;
}

void answer_turn(struct console *c)
{
    struct answering *a = &c->answering;
    const struct observer *o = console_observer(c);

    if (a->user && (!o || a->dialogue != console_dialogue(c) || o->over ||
                    o->login.mechanism != a->mechanism || o->login.said > a->said))
        forget(a);
}

/* The words of the last 334, decoded. */
static bool challenge(const struct console *c, struct buf *out)
{
    unsigned d = console_dialogue(c);
    uint32_t n = console_last_reply(c, record_lines(c->config.record, d));
    struct record_line line;
    struct reply_line part;

    if (!n)
        return false;
    record_line(c->config.record, d, n, 0, &line);
    reply_line_parse(&line.line, &part);
    return part.code == 334 && base64_decode(part.text, out);
}

static void send_message(struct console *c, struct span octets)
{
    struct buf line = { 0 };

    buf_reserve(&line, octets.len * 4 / 3 + 8);
    base64_encode(octets, &line);
    buf_add_text(&line, "\r\n");
    c->looked_at = 0;
    console_send(c, buf_span(&line));
    mem_wipe(line.at, line.cap);
    buf_release(&line);
}

static void step(struct console *c)
{
    struct answering *a = &c->answering;
    struct buf in = { 0 }, out = { 0 };

    if (!challenge(c, &in)) {
        console_complain(c, "/answer: what the server asks is not base64, so nothing can be "
                            "computed. A lone * gives up the login.");
    } else if (sasl_step(a->sasl, buf_span(&in), &out) == SASL_BROKEN) {
        console_complain(c, "/answer: %s. Nothing was sent; a lone * gives up the login.",
                         sasl_why(a->sasl));
        forget(a);
    } else {
        a->said++;
        send_message(c, buf_span(&out));
    }
    buf_release(&in);
    if (out.at)
        mem_wipe(out.at, out.cap);
    buf_release(&out);
}

void answer_password(struct console *c, struct span password)
{
    struct answering *a = &c->answering;
    char *secret = mem_strndup(password.at, password.len);
    const char *name = auth_mechanism_name(a->mechanism);
    struct buf out = { 0 };

    a->sasl = sasl_client(span_of(name), a->user, secret, (struct span){ 0 });
    mem_wipe(secret, password.len);
    mem_free(secret);
    if (!a->sasl) {
        console_complain(c, "/answer cannot compute answers of %s here.", name);
        forget(a);
        return;
    }
    if (a->said && a->mechanism == AUTH_LOGIN) /* the name went out before */
        sasl_step(a->sasl, (struct span){ 0 }, &out);
    buf_release(&out);
    step(c);
}

/* What keeps it from answering; NULL: nothing. */
static const char *obstacle(const struct console *c)
{
    const struct observer *o = console_observer(c);

    if (!o || o->over || !o->login.asked)
        return "the server has not asked. Send AUTH and the name of a method; when 334 comes, "
               "/answer USER answers it";
    if (c->pipeline.on)
        return "not while lines are collected; /go sends them";
    if (o->login.mechanism == AUTH_UNKNOWN)
        return "which message is due is not known: the method is none that this program knows, or "
               "answers were sent unasked. A lone * gives up the login";
    if (o->login.said && o->login.mechanism != AUTH_LOGIN && !still_good(c))
        return "the messages before this one were not made by /answer, and it needs what they "
               "hold. A lone * gives up; then send AUTH with the method alone, and /answer USER";
    return NULL;
}

void command_answer(struct console *c, struct span args)
{
    struct answering *a = &c->answering;
    struct span password, user = span_cut(args, ' ', &password);
    const char *why = obstacle(c);

    if (!why && !(a->sasl && still_good(c)) && !user.len)
        why = "it needs the user's name, as in /answer alice";
    if (why) {
        console_complain(c, "/answer: %s.", why);
        console_worsen(c, STATUS_USAGE);
        return;
    }
    if (a->sasl && still_good(c)) {
        step(c);
        return;
    }
    forget(a);
    a->user = mem_strndup(user.at, user.len);
    a->dialogue = console_dialogue(c);
    a->mechanism = (enum auth_mechanism)console_observer(c)->login.mechanism;
    a->said = console_observer(c)->login.said;
    if (password.len)
        answer_password(c, password);
    else
        console_say(c, "Now type the password, then Enter: the next line is not sent as it is. "
                       "Nothing of it is shown or kept.\n");
}
