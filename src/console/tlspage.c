/* /tls: everything about the encryption of a talk on one page, as its events told it. */
#include "console/inner.h"
#include "view/secured.h"

#define LABEL " %-13s"

static void row(struct styled *out, const char *label, struct span value)
{
    if (!value.len)
        return;
    styled_printf(out, STYLE_DIM, LABEL, label);
    styled_add_marks(out, STYLE_PLAIN, value, 0);
    styled_add_text(out, STYLE_PLAIN, "\n");
}

/* "certificate 1: CN=...; issued by ...; for ...": each part on a line of its own. */
static void add_detail(struct span detail, struct styled *out)
{
    struct span rest, what = span_cut(detail, ':', &rest);

    styled_add_marks(out, STYLE_PLAIN, SPAN(" "), 0);
    styled_add_marks(out, STYLE_DIM, what, 0);
    styled_add_text(out, STYLE_PLAIN, "\n");
    while (rest.len) {
        struct span part = span_trim(span_cut(rest, ';', &rest));

        styled_add_text(out, STYLE_PLAIN, "   ");
        styled_add_marks(out, STYLE_PLAIN, part, 0);
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}

static const char *verdict_words(enum trust trust)
{
    switch (trust) {
    case TRUST_VERIFIED:
        return "The certificate is verified";
    case TRUST_GIVEN:
        return "The certificate is NOT verified; you trust the server all the same";
    case TRUST_UNVERIFIED:
        return "The certificate is NOT verified; secrets wait for /trust";
    default:
        return "Nobody has looked at the certificate";
    }
}

static void add_events(const struct console *c, const struct secured *s, struct styled *out)
{
    struct record_event e;

    for (uint32_t i = s->first; i <= s->last; i++) {
        record_event_get(c->config.record, console_shown(c), i, &e);
        if (e.event == TALK_TLS_DETAIL)
            add_detail(e.detail, out);
    }
}

static void add_verdict(const struct console *c, const struct secured *s, struct styled *out)
{
    const struct observer *o = record_now(c->config.record, console_shown(c));
    struct record_event e;

    styled_add_text(out, o->trust == TRUST_VERIFIED ? STYLE_BOLD : STYLE_FAULT,
                    verdict_words(o->trust));
    styled_add_text(out, STYLE_PLAIN, ".\n");
    record_event_get(c->config.record, console_shown(c), s->last, &e);
    if (e.detail.len && e.event != TALK_TLS_DONE) {
        styled_add_text(out, STYLE_PLAIN, "   ");
        styled_add_marks(out, STYLE_PLAIN, e.detail, 0);
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}

void command_tls(struct console *c, struct span args)
{
    struct styled out = { 0 };
    struct buf changes = { 0 };
    struct secured s;

    (void)args;
    if (!console_shown(c) || !secured_find(c->config.record, console_shown(c), UINT32_MAX, &s)) {
        console_say(c, "This talk is not encrypted: all on the way can read it. STARTTLS asks the "
                       "server for encryption, where its EHLO reply offers it; so does "
                       "/starttls.\n");
        return;
    }
    add_verdict(c, &s, &out);
    row(&out, "protocol", s.protocol);
    row(&out, "cipher", s.rest);
    add_events(c, &s, &out);
    if (notes_tls_changes(record_now(c->config.record, console_shown(c)), &changes)) {
        styled_add_text(&out, STYLE_NOTE, buf_text(&changes));
        styled_add_text(&out, STYLE_PLAIN, "\n");
    }
    buf_release(&changes);
    console_open(c, PANE_TLS, &out);
    styled_release(&out);
}
