#include "app/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "message/base64.h"

/* RFC 2047 2: an encoded word has at most 75 characters; this many octets fit into one. */
#define WORD_OCTETS 42

static bool eight_bit(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] & 0x80)
            return true;
    return false;
}

/* "Name: value": a name of printable ASCII (RFC 5322 2.2), and no line end in what follows. */
static bool is_field(struct span line, struct span *name)
{
    size_t colon = span_find(line, ':');

    for (size_t i = 0; i < line.len; i++)
        if ((i < colon && (line.at[i] <= ' ' || line.at[i] > '~')) || line.at[i] == '\r' ||
            line.at[i] == '\n')
            return false;
    *name = span_first(line, colon);
    return colon > 0 && colon < line.len;
}

static bool given(const struct compose *c, const char *name)
{
    struct span own;

    for (size_t i = 0; i < c->headers->count; i++)
        if (is_field(span_of(c->headers->at[i]), &own) && span_eq_nocase(own, span_of(name)))
            return true;
    return false;
}

/* The first octets that make whole characters, at most WORD_OCTETS. */
static size_t word_length(struct span text)
{
    size_t len = text.len < WORD_OCTETS ? text.len : WORD_OCTETS;

    while (len < text.len && len > 1 && (text.at[len] & 0xc0) == 0x80)
        len--;
    return len;
}

static void add_words(struct buf *out, struct span text)
{
    if (!eight_bit(text)) {
        buf_add(out, text);
        return;
    }
    for (bool first = true; text.len; first = false) {
        size_t len = word_length(text);

        buf_add_text(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        base64_encode(span_first(text, len), out);
        buf_add_text(out, "?=");
        text = span_from(text, len);
    }
}

static void add_list(struct buf *out, const char *name, const struct option_list *list)
{
    if (!list->count)
        return;
    buf_printf(out, "%s: ", name);
    for (size_t i = 0; i < list->count; i++) {
        struct span rest = span_of(list->at[i]);

        while (rest.len) {
            struct span one = span_trim(span_cut(rest, ',', &rest));

            buf_add(out, one);
            buf_add_text(out, rest.len || i + 1 < list->count ? ",\r\n\t" : "\r\n");
        }
    }
}

static void add_date(struct buf *out, int64_t wall)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t at = (time_t)(wall / CLOCK_SECOND);
    struct tm t = { 0 };

    gmtime_r(&at, &t);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static void add_made(const struct compose *c, struct buf *out)
{
    if (!given(c, "From"))
        buf_printf(out, "From: %s%s\r\n", c->from[0] ? c->from : "MAILER-DAEMON@",
                   c->from[0] ? "" : c->host);
    if (!given(c, "To"))
        add_list(out, "To", c->to);
    if (!given(c, "Cc"))
        add_list(out, "Cc", c->cc);
    if (c->subject && !given(c, "Subject")) {
        buf_add_text(out, "Subject: ");
        add_words(out, span_of(c->subject));
        buf_add_text(out, "\r\n");
    }
    if (!given(c, "Date"))
        add_date(out, c->wall);
    if (!given(c, "Message-ID"))
        buf_printf(out, "Message-ID: <%" PRIx64 ".%" PRIx64 "@%s>\r\n", (uint64_t)c->wall,
                   c->number, c->host);
    if (!eight_bit(c->body) || given(c, "Content-Type"))
        return;
    if (!given(c, "MIME-Version"))
        buf_add_text(out, "MIME-Version: 1.0\r\n");
    buf_add_text(out, "Content-Type: text/plain; charset=utf-8\r\n");
    if (!given(c, "Content-Transfer-Encoding"))
        buf_add_text(out, "Content-Transfer-Encoding: 8bit\r\n");
}

bool compose_letter(const struct compose *c, struct buf *out, struct error *err)
{
    struct span name;

    for (size_t i = 0; i < c->headers->count; i++)
        if (!is_field(span_of(c->headers->at[i]), &name)) {
            error_set(err, "--header needs a field on one line, as in 'Reply-To: bob@example.org'");
            return false;
        }
    if (c->subject && strpbrk(c->subject, "\r\n")) {
        error_set(err, "--subject takes one line");
        return false;
    }
    add_made(c, out);
    for (size_t i = 0; i < c->headers->count; i++)
        buf_printf(out, "%s\r\n", c->headers->at[i]);
    buf_add_text(out, "\r\n");
    buf_add(out, c->body);
    return true;
}
