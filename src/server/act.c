/*
 * What the engine wants done, done: one function for each action. Not here: when actions are pulled
 * (visit.c), and what is told about them (tell.c).
 */
#include <stdio.h>

#include "base/mem.h"
#include "server/inner.h"

/* After our FIN most clients close within a round trip. Those that do not are broken off. */
#define VISIT_CLOSE_WAIT (5 * CLOCK_SECOND)
/* A handshake takes two round trips; a client that says nothing in it is not kept. */
#define VISIT_HANDSHAKE_MAX (30 * CLOCK_SECOND)

#define ID_MAX        48
#define TLS_WORDS_MAX 160

static void wait_until(struct visit *v, enum visit_busy busy, int64_t until)
{
    v->busy = busy;
    v->until = until;
}

/* Octets that leave slowly keep what follows them waiting, so that order needs no other care. */
void visit_pace(struct visit *v)
{
    int64_t now = visit_now(v);

    while (!pace_empty(v->pace)) {
        if (now < pace_due(v->pace)) {
            wait_until(v, VISIT_PACES, pace_due(v->pace));
            return;
        }
        stream_write(v->stream, pace_take(v->pace, now));
    }
    v->busy = VISIT_TALKS;
}

static void write_octets(struct visit *v, struct span octets, bool last)
{
    tell_octets(v, SIDE_SERVER, octets);
    if (!v->pace && last) {
        stream_write_last(v->stream, octets);
        return;
    }
    if (!v->pace) {
        stream_write(v->stream, octets);
        return;
    }
    pace_add(v->pace, octets);
    visit_pace(v);
}

static void slow_down(struct visit *v, uint64_t number, int64_t gap)
{
    if (number == 0 || gap <= 0) {
        pace_free(v->pace);
        v->pace = NULL;
    } else if (v->pace) {
        pace_change(v->pace, number, gap);
    } else {
        v->pace = pace_new(number, gap);
    }
}

/* A letter is in mailbox i. The other talks of ours show the same mailboxes. */
static void in_mailbox(void *ctx, size_t i)
{
    struct visit *v = ctx;
    size_t left = v->server->own - !v->stranger;

    tell_mailbox(v, FACT_STORED, i);
    for (const struct visit *other = v->server->first; other && left; other = other->next) {
        if (other == v || other->stranger)
            continue;
        tell_mailbox(other, FACT_MAILBOX, i);
        left--;
    }
}

/* What Received and the log call a letter: unique among all that this server ever stores, and an
 * atom, as the grammar of Received wants it (RFC 5321 4.4). */
static void letter_id(const struct visit *v, char out[ID_MAX])
{
    snprintf(out, ID_MAX, "%llx-%llu", (unsigned long long)v->server->started,
             (unsigned long long)v->letter_number);
}

static void stored(void *ctx, bool ok, const char *why, const char *path)
{
    struct visit *v = ctx;
    char id[ID_MAX];

    if (!v->acting)
        server_wakes(v->server);
    v->job = NULL;
    if (ok) {
        letter_id(v, id);
        v->letters++;
        tell_stored(v, path, id);
    }
    v->letter = NULL;
    engine_stored(v->engine, ok, ok ? NULL : why, visit_now(v));
    if (!v->acting)
        visit_go_on(v);
}

static void tls_words(const struct visit *v, char out[TLS_WORDS_MAX])
{
    const struct tls_report *tls = stream_tls(v->stream);

    out[0] = '\0';
    if (tls)
        snprintf(out, TLS_WORDS_MAX, "%s with cipher %s", tls->protocol, tls->cipher);
}

static void put_into_store(struct visit *v)
{
    char id[ID_MAX], tls[TLS_WORDS_MAX];
    struct store_letter letter = { .letter = v->letter,
                                   .by = v->server->policy.hostname,
                                   .address = visit_peer(v),
                                   .with = store_protocol(v->letter),
                                   .tls = tls,
                                   .id = id,
                                   .when = loop_wall() };
    struct store_job *job;

    letter_id(v, id);
    tls_words(v, tls);
    job = store_put(v->server->store, &letter, stored, v);
    if (v->letter) /* it is not done yet */
        v->job = job;
}

static void store(struct visit *v, const struct engine_letter *letter)
{
    bool ok;

    v->letter = letter;
    v->letter_number = ++v->server->letters;
    if (v->server->store) {
        put_into_store(v);
        return;
    }
    ok = mailboxes_add(v->server->mailboxes, letter, loop_wall(), in_mailbox, v);
    stored(v, ok, "the mailboxes are full", "");
}

static void reset(struct visit *v)
{
    stream_abort(v->stream);
    v->busy = VISIT_BREAKS;
}

/* Who the client's certificate names; "" nobody. */
static const char *identity(const struct visit *v)
{
    const struct tls_report *tls = stream_tls(v->stream);

    return tls ? tls->identity : "";
}

/* A new login: what a login before it left behind is gone. Octets that bind it to the encryption
 * make the -PLUS mechanisms possible (RFC 9266). */
static void begin_login(struct visit *v, struct span mechanism)
{
    struct buf binding = { 0 };
    const char *who = identity(v);

    sasl_free(v->login);
    stream_channel_binding(v->stream, &binding);
    v->login = sasl_server(mechanism, v->server->users, buf_span(&binding), *who ? who : NULL);
    mem_wipe(binding.at, binding.len);
    buf_release(&binding);
}

static void log_in(struct visit *v, const struct engine_login *step)
{
    static const enum engine_verdict verdicts[] = { [SASL_MORE] = ENGINE_AUTH_MORE,
                                                    [SASL_DONE] = ENGINE_AUTH_OK,
                                                    [SASL_DENIED] = ENGINE_AUTH_DENIED,
                                                    [SASL_BROKEN] = ENGINE_AUTH_BROKEN };
    struct buf out = { 0 };
    enum sasl_result result;
    struct span said;

    if (step->mechanism.len)
        begin_login(v, step->mechanism);
    if (!v->login) { /* the policy offers what is not known here */
        engine_auth(v->engine, ENGINE_AUTH_LATER, SPAN(""), visit_now(v));
        return;
    }
    result = sasl_step(v->login, step->octets, &out);
    said = result == SASL_DONE ? span_of(sasl_who(v->login)) : buf_span(&out);
    engine_auth(v->engine, verdicts[result], said, visit_now(v));
    mem_wipe(out.at, out.len);
    buf_release(&out);
    if (result == SASL_MORE)
        return;
    sasl_free(v->login);
    v->login = NULL;
}

void visit_encrypt(struct visit *v)
{
    struct tls_context *tls = server_tls(v->server);

    if (!tls) { /* its 220 is out: nothing else is left to say */
        reset(v);
        return;
    }
    tell_talk(v, TALK_TLS_STARTING, "");
    stream_start_tls(v->stream, tls, true, NULL);
    wait_until(v, VISIT_HANDSHAKES, visit_now(v) + VISIT_HANDSHAKE_MAX);
}

void visit_encrypted(struct visit *v)
{
    const struct tls_report *tls = stream_tls(v->stream);
    char words[TLS_WORDS_MAX];
    struct fact f = { .kind = FACT_ENCRYPTED };

    snprintf(words, sizeof words, "%s, %s, %s", tls->protocol, tls->cipher, tls->key_exchange);
    tell_talk(v, TALK_TLS_DONE, words);
    tls_words(v, words);
    f.text = span_of(words);
    tell_fact(v, &f);
    v->busy = VISIT_TALKS;
    engine_set_certified(v->engine, *identity(v) != '\0');
    engine_encrypted(v->engine, visit_now(v));
}

void visit_let_go(struct visit *v)
{
    sasl_free(v->login);
    v->login = NULL;
    if (v->job)
        store_forget(v->job);
    v->job = NULL;
    v->letter = NULL;
}

void visit_act(struct visit *v, const struct action *a)
{
    switch (a->kind) {
    case ACTION_WRITE:
        write_octets(v, a->octets, a->last);
        return;
    case ACTION_FACT:
        tell_fact(v, &a->fact);
        return;
    case ACTION_STORE:
        store(v, a->letter);
        return;
    case ACTION_WAIT:
        wait_until(v, VISIT_WAITS, a->until);
        return;
    case ACTION_SLOW:
        slow_down(v, a->number, a->until);
        return;
    case ACTION_CLOSE:
        stream_finish(v->stream);
        wait_until(v, VISIT_CLOSES, visit_now(v) + VISIT_CLOSE_WAIT);
        return;
    case ACTION_RESET:
        reset(v);
        return;
    case ACTION_START_TLS:
        visit_encrypt(v);
        return;
    case ACTION_AUTH:
        log_in(v, &a->auth);
        return;
    }
}
