/*
 * What a server offers inside TLS, beside what it offered in plain text. Whoever stands in between
 * can change the plain list, and servers keep logins for the encrypted one.
 *
 * Source: RFC 3207 4.2 (the client asks again; STARTTLS must not be offered again), 6.
 */
#include "dialogue/notes_inner.h"
#include "registry/keywords.h"

/* The keywords that are in one list and not in the other, but for STARTTLS. */
static unsigned add_only(const struct observer *o, bool now, struct buf *out)
{
    unsigned count = 0;

    for (unsigned i = 0; i < keyword_row_count; i++) {
        if (observer_offers(o, i) == observer_offered_before(o, i) || observer_offers(o, i) != now)
            continue;
        if (strcmp(keyword_rows[i].keyword, "STARTTLS") == 0)
            continue;
        buf_printf(out, "%s%s", count++ ? ", " : "", keyword_rows[i].keyword);
    }
    return count;
}

static const char *about_starttls(const struct observer *o)
{
    unsigned number = (unsigned)keyword_number(SPAN("STARTTLS"));

    if (observer_offers(o, number))
        return " STARTTLS is offered again, which the standard forbids.";
    return observer_offered_before(o, number) ? " STARTTLS is gone, as it must be." : "";
}

bool notes_tls_changes(const struct observer *o, struct buf *out)
{
    struct buf more = { 0 }, less = { 0 };
    unsigned new_ones, gone;

    if (!o->tls || !o->before_tls || !o->hello_line || !o->esmtp)
        return false;
    new_ones = add_only(o, true, &more);
    gone = add_only(o, false, &less);
    buf_add_text(out, "Compared with the plain text before");
    if (new_ones)
        buf_printf(out, ": new is %s", buf_text(&more));
    if (gone)
        buf_printf(out, "%s no longer offered is %s", new_ones ? ";" : ":", buf_text(&less));
    buf_printf(out, "%s.%s", new_ones || gone ? "" : ": the same extensions", about_starttls(o));
    buf_release(&more);
    buf_release(&less);
    return true;
}
