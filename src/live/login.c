#include "live/login.h"

#include "base/mem.h"
#include "message/base64.h"
#include "net/sasl.h"

/* A server can make its EHLO reply as long as it likes. Known ones offer some twenty extensions,
 * and no client looks through more methods than these. */
#define HELLO_LINES_MAX 64
#define METHODS_MAX     32
#define METHOD_NAME_MAX 20 /* RFC 4422 3.1 */
/* A command line of which servers must be able to take as much (RFC 5321 4.5.3.1.4): a longer
 * initial response is sent after the server's 334 instead (RFC 4954 4). */
#define LINE_MAX_SURE 510

struct login_talk {
    struct sasl *sasl;
    char *mechanism;
    struct buf first; /* the client's first message, while it waits for the server's 334 */
    bool holds_first;
    const char *why;
};

static void add_methods(struct span text, unsigned *count, struct buf *out)
{
    struct span rest;

    if (!span_eq_nocase(span_cut(text, ' ', &rest), SPAN("AUTH")))
        return;
    while (rest.len && (*count)++ < METHODS_MAX) {
        struct span method = span_cut(rest, ' ', &rest);

        if (!method.len || method.len > METHOD_NAME_MAX)
            continue;
        buf_add_text(out, out->len ? " " : "");
        buf_add(out, method);
    }
}

void login_offered(const struct record *r, unsigned d, struct buf *out)
{
    const struct observer *o = record_now(r, d);
    struct record_line line = { .side = SIDE_SERVER };
    uint32_t first = o->hello_line + 1, last = record_lines(r, d);
    unsigned methods = 0;

    if (last >= first && last - first >= HELLO_LINES_MAX)
        last = first + HELLO_LINES_MAX - 1;
    for (uint32_t n = first; o->esmtp && n <= last && !line.reply_end; n++) {
        struct reply_line part;

        record_line(r, d, n, 0, &line);
        reply_line_parse(&line.line, &part);
        add_methods(part.text, &methods, out);
    }
}

bool login_shows_secret(const char *mechanism)
{
    static const char *const open[] = { "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER" };

    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (strcmp(open[i], mechanism) == 0)
            return true;
    return false;
}

static void wipe(struct buf *b)
{
    if (b->at)
        mem_wipe(b->at, b->cap);
    buf_release(b);
}

struct login_talk *login_new(const char *mechanism, const char *user, const char *secret,
                             struct span binding)
{
    struct sasl *sasl = sasl_client(span_of(mechanism), user, secret, binding);
    struct login_talk *l;

    if (!sasl)
        return NULL;
    l = mem_zero(1, sizeof *l);
    *l = (struct login_talk){ .sasl = sasl, .mechanism = mem_strdup(mechanism), .why = "" };
    return l;
}

void login_free(struct login_talk *l)
{
    if (!l)
        return;
    sasl_free(l->sasl);
    wipe(&l->first);
    mem_free(l->mechanism);
    mem_free(l);
}

bool login_command(struct login_talk *l, struct buf *line)
{
    bool first = sasl_client_first(l->sasl);

    if (first && sasl_step(l->sasl, SPAN(""), &l->first) == SASL_BROKEN) {
        l->why = sasl_why(l->sasl);
        return false;
    }
    buf_printf(line, "AUTH %s", l->mechanism);
    if (!first)
        return true;
    l->holds_first = line->len + 1 + (l->first.len + 2) / 3 * 4 > LINE_MAX_SURE;
    if (l->holds_first)
        return true;
    buf_add_octet(line, ' ');
    if (l->first.len)
        base64_encode(buf_span(&l->first), line);
    else
        buf_add_octet(line, '='); /* RFC 4954 4: an empty initial response */
    wipe(&l->first);
    return true;
}

static bool give_up(struct login_talk *l, const char *why, struct buf *line)
{
    l->why = why;
    buf_add_octet(line, '*');
    return false;
}

bool login_answer(struct login_talk *l, struct span text, struct buf *line)
{
    struct buf in = { 0 }, out = { 0 };
    bool good = true;

    if (l->holds_first) {
        l->holds_first = false;
        base64_encode(buf_span(&l->first), line);
        wipe(&l->first);
        return true;
    }
    if (!base64_decode(span_trim(text), &in))
        good = give_up(l, "what the server asks is not base64", line);
    else if (sasl_step(l->sasl, buf_span(&in), &out) == SASL_BROKEN)
        good = give_up(l, sasl_why(l->sasl), line);
    else
        base64_encode(buf_span(&out), line);
    wipe(&in);
    wipe(&out);
    return good;
}

bool login_proved(const struct login_talk *l)
{
    return sasl_complete(l->sasl);
}

const char *login_why(const struct login_talk *l)
{
    return l->why;
}
