/*
 * What a letter's header says about its way: the lines that final delivery puts above it.
 * Sources: RFC 5321 4.4 (both lines, and their order), RFC 3848 and RFC 6531 4.3 ("with"), RFC 5322
 * 3.3 (date).
 *
 * Whatever a client said stands here as it is only where the grammar has room for it: a header
 * line must not be able to end where a client wants.
 */
#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "server/store_inner.h"
#include "smtp/domain.h"

/* As the client said it, with marks in place of what no header line may hold. */
static void add_plain(struct buf *out, struct span text, bool utf8)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = text.at[i];

        buf_add_octet(out, ascii_is_control(c) || (c > 127 && !utf8) ? '?' : c);
    }
}

/* Inside a comment (RFC 5322 3.2.2). */
static void add_comment(struct buf *out, struct span text, bool utf8)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = text.at[i];

        if (c == '(' || c == ')' || c == '\\')
            buf_add_octet(out, '\\');
        add_plain(out, span_make(&c, 1), utf8);
    }
}

void trace_return_path(const struct store_letter *letter, struct buf *out)
{
    buf_add_text(out, "Return-Path: <");
    add_plain(out, letter->letter->from, letter->letter->utf8);
    buf_add_text(out, ">\r\n");
}

void trace_delivered_to(const struct store_letter *letter, struct buf *out)
{
    for (size_t i = 0; i < letter->letter->to_count; i++) {
        buf_add_text(out, "Delivered-To: ");
        add_plain(out, span_of(letter->letter->to[i]), letter->letter->utf8);
        buf_add_text(out, "\r\n");
    }
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3). */
static void add_literal(struct buf *out, const char *address)
{
    buf_printf(out, "[%s%s]", ipv6_valid(span_of(address)) ? "IPv6:" : "", address);
}

/* A name that is none cannot stand where the grammar wants a domain: it becomes a comment. */
static void add_from(const struct store_letter *letter, struct buf *out)
{
    struct span said = span_of(letter->letter->client);
    bool utf8 = letter->letter->utf8;
    size_t len;

    if (said.len && said.len <= DOMAIN_MAX &&
        (domain_fault(said, utf8, &len) == SPAN_NOT_FOUND || literal_valid(said))) {
        buf_add(out, said);
        buf_add_text(out, " (");
        add_literal(out, letter->address);
        buf_add_octet(out, ')');
        return;
    }
    add_literal(out, letter->address);
    buf_add_text(out, " (it said: ");
    add_comment(out, span_first(said, DOMAIN_MAX), utf8);
    buf_add_octet(out, ')');
}

/* RFC 5321 4.4: local time, with its offset. The names are English whatever the locale is. */
static void add_date(struct buf *out, int64_t when)
{
    static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t seconds = (time_t)(when / CLOCK_SECOND);
    char offset[8] = "";
    struct tm t;

    localtime_r(&seconds, &t);
    strftime(offset, sizeof offset, "%z", &t);
    buf_printf(out, "%s, %d %s %d %02d:%02d:%02d %s", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
               t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec, offset);
}

/* Several recipients must not learn of each other (RFC 5321 7.2), and a bare "postmaster" is no
 * path of the grammar. There is no VIA: it would say TCP, as every letter's would. */
static void add_for(const struct store_letter *letter, struct buf *out)
{
    struct span to;

    if (letter->letter->to_count != 1)
        return;
    to = span_of(letter->letter->to[0]);
    if (span_find(to, '@') == to.len)
        return;
    buf_add_text(out, "\r\n\tfor <");
    add_plain(out, to, letter->letter->utf8);
    buf_add_octet(out, '>');
}

void trace_received(const struct store_letter *letter, struct buf *out)
{
    buf_add_text(out, "Received: from ");
    add_from(letter, out);
    if (letter->tls[0]) {
        buf_add_text(out, "\r\n\t(using ");
        add_comment(out, span_of(letter->tls), false);
        buf_add_octet(out, ')');
    }
    buf_printf(out, "\r\n\tby %s with %s id %s", letter->by, letter->with, letter->id);
    add_for(letter, out);
    buf_add_text(out, ";\r\n\t");
    add_date(out, letter->when);
    buf_add_text(out, "\r\n");
}

void store_trace(const struct store_letter *letter, struct buf *out)
{
    trace_return_path(letter, out);
    trace_received(letter, out);
}

const char *store_protocol(const struct engine_letter *letter)
{
    /* by: SMTPUTF8, LMTP; then TLS, login */
    static const char names[2][2][2][2][12] = {
        { { { "ESMTP", "ESMTPA" }, { "ESMTPS", "ESMTPSA" } },
          { { "LMTP", "LMTPA" }, { "LMTPS", "LMTPSA" } } },
        { { { "UTF8SMTP", "UTF8SMTPA" }, { "UTF8SMTPS", "UTF8SMTPSA" } },
          { { "UTF8LMTP", "UTF8LMTPA" }, { "UTF8LMTPS", "UTF8LMTPSA" } } },
    };

    if (!letter->esmtp && !letter->lmtp)
        return "SMTP";
    return names[letter->utf8][letter->lmtp][letter->tls][letter->user && letter->user[0]];
}
