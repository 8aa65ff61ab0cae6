#include "net/sasl.h"

#include "base/mem.h"
#include "net/sasl_inner.h"

/* Inside TLS a password may as well be shown to the server: CRAM-MD5 makes it keep the password as
 * it is, and whoever sees an exchange can guess at leisure. It comes last. */
static const struct sasl_mechanism rows[] = {
    { SPAN_INIT("SCRAM-SHA-256-PLUS"), SASL_BY_GSASL, .client_first = true, .plus = true },
    { SPAN_INIT("SCRAM-SHA-256"), SASL_BY_GSASL, .client_first = true },
    { SPAN_INIT("SCRAM-SHA-1-PLUS"), SASL_BY_GSASL, .client_first = true, .plus = true },
    { SPAN_INIT("SCRAM-SHA-1"), SASL_BY_GSASL, .client_first = true },
    { SPAN_INIT("EXTERNAL"), SASL_BY_GSASL, .client_first = true, .external = true },
    { SPAN_INIT("OAUTHBEARER"), SASL_BY_OAUTHBEARER, .client_first = true, .token = true },
    { SPAN_INIT("XOAUTH2"), SASL_BY_XOAUTH2, .client_first = true, .token = true },
    { SPAN_INIT("PLAIN"), SASL_BY_GSASL, .client_first = true, .shows = true },
    { SPAN_INIT("LOGIN"), SASL_BY_LOGIN, .shows = true },
    { SPAN_INIT("CRAM-MD5"), SASL_BY_GSASL },
};

const char sasl_mechanisms[] = "SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 "
                               "EXTERNAL OAUTHBEARER XOAUTH2 PLAIN LOGIN CRAM-MD5";

static const struct sasl_mechanism *row_of(struct span name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (span_eq_nocase(name, rows[i].name))
            return &rows[i];
    return NULL;
}

bool sasl_knows(struct span mechanism)
{
    return row_of(mechanism) != NULL;
}

static bool is_offered(struct span offered, struct span name)
{
    while (offered.len)
        if (span_eq_nocase(span_cut(offered, ' ', &offered), name))
            return true;
    return false;
}

static struct span best_of(struct span offered, bool token, bool binding, bool shows, bool hides)
{
    struct span rest = span_of(sasl_mechanisms);

    while (rest.len) {
        struct span name = span_cut(rest, ' ', &rest);
        const struct sasl_mechanism *row = row_of(name);

        if (row->token == token && !row->external && (binding || !row->plus) &&
            (row->shows ? shows : hides) && is_offered(offered, name))
            return name;
    }
    return (struct span){ 0 };
}

struct span sasl_best(struct span offered, bool encrypted, bool token, bool binding)
{
    struct span best = best_of(offered, token, binding, encrypted, true);

    return best.len ? best : best_of(offered, token, binding, true, true);
}

void sasl_wipe(char *text)
{
    if (text)
        mem_wipe(text, strlen(text));
    mem_free(text);
}

static struct sasl *start(const struct sasl_mechanism *row, const struct sasl *like,
                          struct span binding)
{
    struct sasl *s = mem_zero(1, sizeof *s);

    *s = *like;
    s->mechanism = row;
    s->result = SASL_MORE;
    s->why = "";
    if ((row->plus && !binding.len) ||
        (row->kind == SASL_BY_GSASL && !sasl_gsasl_start(s, binding))) {
        sasl_free(s);
        return NULL;
    }
    return s;
}

struct sasl *sasl_server(struct span mechanism, const struct sasl_users *users, struct span binding,
                         const char *identity)
{
    const struct sasl_mechanism *row = row_of(mechanism);
    struct sasl like = { .server = true, .users = users };

    if (!row)
        return NULL;
    like.identity = identity ? mem_strdup(identity) : NULL;
    return start(row, &like, binding);
}

struct sasl *sasl_client(struct span mechanism, const char *user, const char *secret,
                         struct span binding)
{
    const struct sasl_mechanism *row = row_of(mechanism);
    struct sasl like = { .server = false };

    if (!row)
        return NULL;
    like.user = mem_strdup(user ? user : "");
    like.secret = mem_strdup(secret ? secret : "");
    return start(row, &like, binding);
}

void sasl_free(struct sasl *s)
{
    if (!s)
        return;
    if (s->session)
        sasl_gsasl_end(s);
    sasl_wipe(s->user);
    sasl_wipe(s->secret);
    mem_free(s->identity);
    mem_wipe(s, sizeof *s);
    mem_free(s);
}

bool sasl_client_first(const struct sasl *s)
{
    return s->mechanism->client_first;
}

enum sasl_result sasl_broken(struct sasl *s, const char *why)
{
    s->why = why;
    return SASL_BROKEN;
}

enum sasl_result sasl_denied(struct sasl *s)
{
    s->why = "the user is not known, or the password is not the right one";
    return SASL_DENIED;
}

bool sasl_same_secret(const char *a, const char *b)
{
    size_t len = strlen(a), other = strlen(b);
    unsigned differ = len != other;

    for (size_t i = 0; i < len; i++)
        differ |= (unsigned)((unsigned char)a[i] ^ (unsigned char)b[other ? i % other : 0]);
    return differ == 0;
}

/* A name that cannot be prepared is compared as it is. */
static bool same_name(const char *a, const char *b)
{
    char *x, *y;
    bool same = strcmp(a, b) == 0;

    if (same)
        return true;
    x = sasl_prepare(a);
    y = sasl_prepare(b);
    same = x && y && strcmp(x, y) == 0;
    sasl_wipe(x);
    sasl_wipe(y);
    return same;
}

const struct sasl_user *sasl_find(const struct sasl *s, const char *name)
{
    for (size_t i = 0; i < s->users->count; i++)
        if (same_name(s->users->at[i].name, name))
            return &s->users->at[i];
    return NULL;
}

/* PLAIN has it between its parts; questions of LOGIN end with it at some servers (aiosmtpd). */
static bool may_hold_nul(const struct sasl *s)
{
    return span_eq(s->mechanism->name, SPAN("PLAIN")) ||
           (!s->server && span_eq(s->mechanism->name, SPAN("LOGIN")));
}

/* What no mechanism takes. */
static const char *unfit(const struct sasl *s, struct span in)
{
    if (in.len > SASL_MESSAGE_MAX)
        return "the message is longer than RFC 4954 allows";
    if (!may_hold_nul(s) && span_find(in, '\0') < in.len)
        return "the message holds a NUL";
    return NULL;
}

static enum sasl_result step(struct sasl *s, struct span in, struct buf *out)
{
    const struct sasl_mechanism *row = s->mechanism;
    const char *why = unfit(s, in);

    if (why)
        return sasl_broken(s, why);
    if (s->server && !s->taken && !in.at && row->client_first && !s->asked) {
        s->asked = true;
        return SASL_MORE;
    }
    if (s->taken || s->asked) /* only the first message can be missing; later ones are empty */
        in = span_make(in.at ? in.at : (const unsigned char *)"", in.len);
    if (!s->server && !s->taken && row->client_first)
        in = span_first(in, 0); /* some servers say a word with the first 334 */
    switch (row->kind) {
    case SASL_BY_GSASL:
        return sasl_gsasl_step(s, in, out);
    case SASL_BY_LOGIN:
        return sasl_login_step(s, in, out);
    case SASL_BY_OAUTHBEARER:
    case SASL_BY_XOAUTH2:
        break;
    }
    return sasl_bearer_step(s, in, out);
}

enum sasl_result sasl_step(struct sasl *s, struct span in, struct buf *out)
{
    unsigned asked = s->asked;

    buf_clear(out);
    if (s->result == SASL_DENIED || s->result == SASL_BROKEN)
        return s->result;
    if (s->server && s->result == SASL_DONE)
        return s->result = sasl_broken(s, "the exchange is over");
    s->result = step(s, in, out);
    s->taken += asked == s->asked;
    if (s->result == SASL_DENIED || s->result == SASL_BROKEN) {
        mem_wipe(out->at, out->len);
        buf_clear(out);
    }
    return s->result;
}

const char *sasl_who(const struct sasl *s)
{
    return s->who;
}

bool sasl_complete(const struct sasl *s)
{
    return s->complete;
}

const char *sasl_why(const struct sasl *s)
{
    return s->why;
}
