/*
 * STARTTLS: RFC 3207. What was said before it no longer counts, and what was sent behind it in
 * clear never counts: an attacker could have put it there (CVE-2011-0411).
 */
#include "engine/inner.h"

#include "base/mem.h"

/* Injected octets that the fact shows. */
#define INJECTED_SHOWN 512

void engine_starttls(struct engine *e, const struct command *c)
{
    (void)c;
    if (e->tls) {
        engine_say_plain(e, VERB_STARTTLS, SITUATION_STARTTLS_TWICE);
        return;
    }
    if (!e->esmtp) {
        engine_say_plain(e, VERB_STARTTLS, SITUATION_NEEDS_EHLO);
        return;
    }
    if (e->policy->tls_fails) {
        engine_decide(e, engine_code(e, VERB_STARTTLS, SITUATION_STARTTLS_LATER),
                      "TLS cannot begin now: refused", (struct span){ 0 }, "");
        engine_say_plain(e, VERB_STARTTLS, SITUATION_STARTTLS_LATER);
        return;
    }
    engine_say_plain(e, VERB_STARTTLS, SITUATION_STARTTLS_OK);
    if (e->state != AT_TLS || e->over)
        return;
    e->pending = PENDING_TLS;
    e->deadline = CLOCK_NEVER;
    outbox_act(&e->out, ACTION_START_TLS);
}

void starttls_drop(struct engine *e, struct span octets)
{
    engine_tell(e, FACT_INJECTED, octets.len, span_first(octets, INJECTED_SHOWN));
}

void engine_encrypted(struct engine *e, int64_t now)
{
    e->now = now;
    e->tls = true;
    if (e->pending != PENDING_TLS)
        return; /* implicit TLS: nothing was said yet */
    e->pending = PENDING_NOTHING;
    e->esmtp = false;
    mem_free(e->user);
    e->user = NULL;
    buf_release(&e->name);
    engine_move(e, VERB_TLS_DONE, 220);
    engine_touch(e);
}

void engine_set_certified(struct engine *e, bool on)
{
    e->certified = on;
}
