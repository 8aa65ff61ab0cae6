/* Invariant: with any faults, a session comes to the same whether its octets come whole or one by
 * one; it ends when its client does, and every wait is answered. The lines up to an empty one are
 * faults, the octets behind it are the client's. */
#include <assert.h>
#include <stdint.h>

#include "engine/engine.h"
#include "engine/faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct faults *read_faults(struct span *text)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 };

    while (text->len) {
        struct span line = span_cut(*text, '\n', text);

        if (!line.len)
            break;
        if (faults_count(set) < 8)
            faults_parse(set, line, &why);
    }
    faults_set_magic(set, true);
    buf_release(&why);
    return set;
}

static void pull(struct engine *e, int64_t *now, struct buf *out, bool *ended)
{
    struct action a;

    while (engine_next(e, &a)) {
        switch (a.kind) {
        case ACTION_WRITE:
            buf_add(out, a.octets);
            break;
        case ACTION_WAIT:
            assert(a.until >= *now);
            *now = a.until;
            buf_add_text(out, "[wait]");
            engine_waited(e, *now);
            break;
        case ACTION_STORE:
            engine_stored(e, true, NULL, *now);
            break;
        case ACTION_AUTH:
            engine_auth(e, ENGINE_AUTH_DENIED, SPAN(""), *now);
            break;
        case ACTION_START_TLS:
            engine_encrypted(e, *now);
            break;
        case ACTION_CLOSE:
        case ACTION_RESET:
            *ended = true;
            break;
        case ACTION_SLOW:
            buf_add_text(out, "[slow]");
            break;
        case ACTION_FACT:
            break;
        }
    }
}

static void play(struct span text, bool whole, struct buf *out)
{
    struct policy policy = policy_lab;
    struct faults *set = read_faults(&text);
    struct engine *e = engine_new(&policy);
    int64_t now = 0;
    bool ended = false;

    policy.any_recipient = true;
    engine_set_faults(e, set, "127.0.0.1");
    engine_open(e, now);
    pull(e, &now, out, &ended);
    while (text.len) {
        size_t took = engine_push(e, whole ? text : span_first(text, 1), now);

        pull(e, &now, out, &ended);
        assert(took);
        text = span_from(text, took);
    }
    engine_client_closed(e, now);
    pull(e, &now, out, &ended);
    assert(ended);
    engine_free(e);
    faults_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = { 0 }, single = { 0 };

    if (size > 16384)
        return 0;
    play(span_make(data, size), true, &whole);
    play(span_make(data, size), false, &single);
    assert(span_eq(buf_span(&whole), buf_span(&single)));
    buf_release(&whole);
    buf_release(&single);
    return 0;
}
