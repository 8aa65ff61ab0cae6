/*
 * Encryption: /starttls, and what waits for /trust while a server's certificate is not verified.
 * The handshake itself follows the server's 220, whoever asked for it (live/client.h).
 *
 * Sources: RFC 3207 (STARTTLS), RFC 9525 (who the server is), RFC 4954 9 (secrets and encryption).
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "dialogue/mask.h"
#include "registry/keywords.h"

bool console_read_ca(struct console *c, struct error *err)
{
    struct tls_client_options o = { .ca_file = c->config.ca_file,
                                    .cert_file = c->config.cert_file,
                                    .key_file = c->config.key_file };

    if (!c->tls)
        c->tls = tls_client_context(&o, err);
    return c->tls != NULL;
}

/* Our own server's certificate is our own CA's. */
static struct tls_context *lab_context(struct console *c, struct error *err)
{
    struct tls_client_options o = { .ca_file = buf_text(c->config.lab_ca) };

    if (!c->lab_tls)
        c->lab_tls = tls_client_context(&o, err);
    return c->lab_tls;
}

struct tls_context *tls_context(struct connection *n)
{
    struct console *c = n->console;
    struct error err = { "" };
    struct tls_context *t;

    if (n->local && c->config.lab_ca && c->config.lab_ca->len)
        t = lab_context(c, &err);
    else
        t = console_read_ca(c, &err) ? c->tls : NULL;
    if (!t)
        console_complain(c, "TLS is not possible: %s", err.text);
    return t;
}

static void drop_untrusted(struct console *c)
{
    if (c->untrusted.len)
        mem_wipe(c->untrusted.at, c->untrusted.len);
    buf_release(&c->untrusted);
}

void tls_release(struct console *c)
{
    drop_untrusted(c);
    tls_context_free(c->tls);
    tls_context_free(c->lab_tls);
}

/* A login, as a whole: its first line may hold none of the secret, and the others follow at once.
 */
static bool is_secret(const struct connection *n, struct span octets)
{
    const struct record *r = n->console->config.record;
    uint64_t open = record_open_octets(r, n->dialogue, SIDE_CLIENT);
    struct observer copy = *record_now(r, n->dialogue);
    const struct observer *o = &copy;

    copy.chunk_left = open < copy.chunk_left ? copy.chunk_left - open : 0;
    while (octets.len) {
        struct span line = span_cut(octets, '\n', &octets);

        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (observer_open_secret(o, line).len)
            return true;
        if (o->letter == LETTER_NONE && !o->chunk_left && mask_is_auth_command(line))
            return true;
    }
    return false;
}

bool tls_holds(struct connection *n, struct span octets)
{
    struct console *c = n->console;

    if (!client_doubtful(n->client) || !is_secret(n, octets))
        return false;
    drop_untrusted(c);
    buf_add(&c->untrusted, octets);
    console_say(c,
                "Not sent yet, for it is secret, and the server's certificate is not verified. "
                "/tls shows it. /trust trusts this server all the same, and sends what waits.\n");
    return true;
}

void command_trust(struct console *c, struct span args)
{
    struct buf waits = c->untrusted;

    (void)args;
    if (!console_talking(c) || !client_encrypted(c->current->client)) {
        console_complain(c, "/trust is about a certificate, and this talk is not encrypted.");
        console_worsen(c, STATUS_USAGE);
        return;
    }
    if (!client_doubtful(c->current->client)) {
        console_say(c, "There is nothing to trust: %s\n",
                    console_observer(c)->trust == TRUST_VERIFIED
                        ? "the certificate is verified."
                        : "you trust this server already.");
        return;
    }
    client_trust(c->current->client);
    console_say(c, "Secrets are sent to this server from now on, in this talk. Its certificate "
                   "stays unverified.\n");
    c->untrusted = (struct buf){ 0 };
    if (waits.len) {
        connection_send(c->current, buf_span(&waits));
        mem_wipe(waits.at, waits.len);
    }
    buf_release(&waits);
}

/* Nobody looks, or the command line wants TLS: then there is no talk without it. */
static bool required(const struct console *c)
{
    return c->config.starttls || c->config.alone;
}

void tls_failed(struct console *c, const struct connection *n)
{
    struct record_event e = { .event = TALK_RESOLVING }, why = { .event = TALK_RESOLVING };
    struct buf words = { 0 };
    uint32_t count = record_events(c->config.record, n->dialogue);

    for (uint32_t i = count; i-- && e.event != TALK_TLS_STARTING;) {
        record_event_get(c->config.record, n->dialogue, i, &e);
        if (e.event == TALK_TLS_UNVERIFIED || e.event == TALK_TLS_FAILED)
            why = e;
    }
    drop_untrusted(c);
    marks_add(&words, why.detail, 0);
    if (why.event == TALK_TLS_UNVERIFIED)
        console_complain(c,
                         "The certificate of %s is not verified: %s. So nothing more is sent. --ca "
                         "FILE names a CA to trust; --insecure goes on all the same.",
                         record_server(c->config.record, n->dialogue), buf_text(&words));
    else if (required(c) || c->config.tls_first)
        console_complain(c, "No TLS with %s: %s.", record_server(c->config.record, n->dialogue),
                         buf_text(&words));
    buf_release(&words);
    if (n == c->current && (c->config.starttls || c->config.tls_first) && !c->playing.then_quit)
        console_leave(c, STATUS_TLS);
}

static void done(struct console *c)
{
    play_seen_all(c);
    console_not_busy(c);
}

/* There will be no encryption. */
static void give_up(struct console *c, const char *why)
{
    bool leave = required(c);

    console_complain(c, "/starttls: %s%s", why,
                     leave ? ". The talk is not encrypted, so nothing more is sent" : "");
    console_worsen(c, STATUS_TLS);
    done(c);
    if (leave)
        console_leave(c, STATUS_TLS);
}

void tls_begin(struct console *c)
{
    c->busy = BUSY_STARTTLS;
    c->securing = SECURING_BEGINS;
}

void command_starttls(struct console *c, struct span args)
{
    const struct observer *o = console_observer(c);

    (void)args;
    if (!console_talking(c)) {
        console_complain(c, "/starttls needs an open talk. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else if (o->tls) {
        console_say(c, "This talk is encrypted already. /tls shows how.\n");
    } else if (console_prompt(c) != PROMPT_TALK) {
        console_complain(c, "/starttls has to wait: a letter or a login is under way.");
        console_worsen(c, STATUS_USAGE);
    } else {
        tls_begin(c);
    }
}

void console_greet(struct console *c)
{
    struct buf line = { 0 };

    buf_printf(&line, "%s %s", c->config.lmtp ? "LHLO" : "EHLO", names_hello(c));
    console_send_line(c, buf_span(&line));
    buf_release(&line);
}

static void greet(struct console *c, enum securing next)
{
    c->securing = next;
    console_greet(c);
}

static void ask(struct console *c)
{
    const struct observer *o = console_observer(c);

    if (!observer_offers(o, (unsigned)keyword_number(SPAN("STARTTLS"))))
        console_say(c,
                    "The server does not offer STARTTLS%s. It is asked all the same; most "
                    "answer 502 or 503 then.\n",
                    o->esmtp ? "" : ", as far as is known: HELO does not ask for extensions");
    c->securing = SECURING_ASKED;
    console_send_line(c, SPAN("STARTTLS"));
}

/* The greeting inside TLS was answered; what it brought is noted beside the reply. */
static void greeted_again(struct console *c)
{
    done(c);
    if (c->auth_due)
        auth_begin(c);
    c->auth_due = false;
}

static void step(struct console *c)
{
    const struct observer *o = console_observer(c);

    switch (c->securing) {
    case SECURING_BEGINS:
        if (o->state == AT_REFUSED || o->state == AT_END)
            give_up(c, "the server takes no commands any more");
        else if (o->state == AT_HELLO && !o->hello_line)
            greet(c, SECURING_GREETED);
        else
            ask(c);
        break;
    case SECURING_GREETED:
        if (o->hello_line)
            ask(c);
        else
            give_up(c, "the server refused the greeting that has to come first");
        break;
    case SECURING_ASKED:
        if (!o->tls) {
            give_up(c, "the server refused STARTTLS");
        } else {
            console_say(c, "The greeting is sent again: what was said in plain text no longer "
                           "counts.\n");
            greet(c, SECURING_GREETED_AGAIN);
        }
        break;
    case SECURING_GREETED_AGAIN:
        greeted_again(c);
        break;
    }
}

bool tls_turn(struct console *c)
{
    if (c->busy != BUSY_STARTTLS)
        return false;
    if (!console_talking(c)) {
        done(c);
        return true;
    }
    if (!console_was_connected(c) || c->pipeline.on || observer_outstanding(console_observer(c)))
        return false;
    step(c);
    return c->busy != BUSY_STARTTLS;
}
