/*
 * One letter's envelope and octets, from MAIL on. Allocated at MAIL and freed at the end, so that
 * an idle session holds nothing of it. Sources: RFC 5321 3.3, 4.1.1.5; RFC 3461 4.
 */
#include "engine/inner.h"

#include "base/mem.h"
#include "smtp/xtext.h"

void transaction_begin(struct engine *e)
{
    if (e->letter)
        engine_clear(e, "another letter begins");
    e->letter = mem_zero(1, sizeof *e->letter);
    e->letter->ret = e->letter->type = "";
    e->letter->body.line_max = e->policy->text_line_max;
    e->letter->body.dot_after_lf = engine_persona(e)->dot_after_lf;
    e->letter->body.dot_before_lf = engine_persona(e)->dot_before_lf;
}

static void add_text(struct buf *out, struct span text)
{
    buf_add(out, text);
    buf_add_octet(out, '\0');
}

/* What a parameter says, decoded when it is xtext; empty without it. */
static void add_param(struct buf *out, const struct command *c, struct span keyword)
{
    const struct param *p = c ? command_param(c, keyword) : NULL;
    size_t start = out->len;

    if (p && (span_eq(keyword, SPAN("NOTIFY")) || !xtext_decode(out, p->value))) {
        buf_truncate(out, start);
        buf_add(out, p->value);
    }
    for (size_t i = start; i < out->len; i++) /* it becomes a C string */
        if (out->at[i] == '\0')
            out->at[i] = '?';
    buf_add_octet(out, '\0');
}

void transaction_add(struct engine *e, const struct command *c)
{
    struct transaction *t = e->letter;
    size_t *at;

    if (t->to_count == t->to_room) {
        t->to_room = t->to_room ? t->to_room * 2 : 4;
        t->to_at = mem_resize(t->to_at, t->to_room, sizeof *t->to_at);
    }
    at = t->to_at[t->to_count++];
    at[0] = t->to.len;
    add_text(&t->to, c->path.mailbox);
    at[1] = t->to.len;
    add_param(&t->to, c, SPAN("NOTIFY"));
    at[2] = t->to.len;
    add_param(&t->to, c, SPAN("ORCPT"));
}

void transaction_free_own(struct own_reply *own, size_t count)
{
    for (size_t i = 0; own && i < count; i++)
        buf_release(&own[i].octets);
    mem_free(own);
}

void engine_clear(struct engine *e, const char *why)
{
    struct transaction *t = e->letter;

    if (!t)
        return;
    engine_tell(e, FACT_CLEARED, 0, span_of(why));
    e->letter = NULL;
    buf_release(&t->from);
    buf_release(&t->to);
    buf_release(&t->envid);
    buf_release(&t->octets);
    transaction_free_own(t->own, t->to_count);
    mem_free(t->to_at);
    mem_free(t->to_text);
    mem_free(t->dsn);
    mem_free(t);
}

void transaction_letter(struct engine *e)
{
    struct transaction *t = e->letter;
    size_t count = 0;

    t->to_text = mem_resize(t->to_text, t->to_count + 1, sizeof *t->to_text);
    t->dsn = mem_resize(t->dsn, t->to_count + 1, sizeof *t->dsn);
    for (size_t i = 0; i < t->to_count; i++) {
        const char *texts = (const char *)t->to.at;

        if (t->own && t->own[i].refuses)
            continue;
        t->to_text[count] = texts + t->to_at[i][0];
        t->dsn[count++] = (struct engine_dsn){ texts + t->to_at[i][1], texts + t->to_at[i][2] };
    }
    t->letter = (struct engine_letter){ .from = buf_span(&t->from),
                                        .to = t->to_text,
                                        .dsn = t->dsn,
                                        .to_count = count,
                                        .ret = t->ret,
                                        .envid = buf_text(&t->envid),
                                        .body = t->type,
                                        .user = e->user ? e->user : "",
                                        .utf8 = t->utf8,
                                        .esmtp = e->esmtp,
                                        .lmtp = e->policy->lmtp,
                                        .tls = e->tls,
                                        .octets = buf_span(&t->octets),
                                        .counts = t->body.counts,
                                        .client = buf_text(&e->name) };
}
