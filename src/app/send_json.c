/* What became of the letter, as one JSON object. Its members are described in the manual's words:
 * stages are those of delivery_stage_word(), times milliseconds. */
#include <stdio.h>

#include "app/send_inner.h"
#include "app/terminal.h"
#include "base/json.h"

static void add_reply(struct json *j, const struct job *job, const struct delivery_reply *r)
{
    char enhanced[16];

    json_open(j, NULL, '{');
    json_text(j, "stage", delivery_stage_word(r->stage));
    json_text(j, "recipient", r->recipient < job->to_count ? job->to[r->recipient] : NULL);
    json_number(j, "code", r->code);
    snprintf(enhanced, sizeof enhanced, "%u.%u.%u", r->enhanced.class, r->enhanced.subject,
             r->enhanced.detail);
    json_text(j, "enhanced", r->enhanced.class ? enhanced : NULL);
    json_octets(j, "text", span_of(r->text));
    json_number(j, "ms", (uint64_t)(r->at - r->sent) / 1000);
    json_close(j, '}');
}

static void add_outcome(struct json *j, const struct delivery *d)
{
    bool failed = d && delivery_status(d);

    json_text(j, "stage", delivery_stage_word(d ? delivery_stage(d) : DELIVERY_CONNECT));
    json_text(j, "doing", failed ? delivery_stage_doing(delivery_stage(d)) : NULL);
    if (failed)
        json_octets(j, "why", span_of(delivery_why(d)));
    else
        json_null(j, "why");
}

static void add_attempt(struct json *j, const struct sending *s, const struct attempt *a)
{
    json_open(j, NULL, '{');
    json_text(j, "server", record_server(s->record, delivery_dialogue(a->delivery)));
    json_text(j, "domain", a->job->route ? route_domain(a->job->route) : NULL);
    json_number(j, "status", (uint64_t)delivery_status(a->delivery));
    add_outcome(j, a->delivery);
    json_bool(j, "encrypted", delivery_encrypted(a->delivery));
    json_open(j, "replies", '[');
    for (size_t i = 0; i < delivery_replies(a->delivery); i++)
        add_reply(j, a->job, delivery_reply(a->delivery, i));
    json_close(j, ']');
    json_close(j, '}');
}

/* The worst of the attempts that count. */
static const struct delivery *worst(const struct sending *s)
{
    const struct delivery *d = s->jobs[0].last;

    for (size_t i = 1; i < s->job_count; i++)
        if (s->jobs[i].last && delivery_status(s->jobs[i].last) > delivery_status(d))
            d = s->jobs[i].last;
    return d;
}

int send_print_json(const struct sending *s)
{
    struct buf text = { 0 };
    struct json j;
    int status;

    json_init(&j, &text);
    json_open(&j, NULL, '{');
    json_number(&j, "status", (uint64_t)s->status);
    add_outcome(&j, worst(s));
    json_text(&j, "from", s->options->send.from);
    json_number(&j, "size", s->letter.len);
    json_open(&j, "recipients", '[');
    for (size_t i = 0; i < s->job_count; i++)
        for (size_t k = 0; k < s->jobs[i].to_count; k++) {
            json_open(&j, NULL, '{');
            json_text(&j, "address", s->jobs[i].to[k]);
            json_bool(&j, "accepted", delivery_accepted(s->jobs[i].last, k));
            json_close(&j, '}');
        }
    json_close(&j, ']');
    json_open(&j, "attempts", '[');
    for (size_t i = 0; i < s->attempt_count; i++)
        add_attempt(&j, s, &s->attempts[i]);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_add_octet(&text, '\n');
    status = terminal_print(buf_span(&text));
    buf_release(&text);
    return status;
}
