/*
 * OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's): one message with a token; where the server does
 * not take it, it says why in JSON first, and refuses only after the client's answer to that.
 */
#include "base/mem.h"
#include "net/sasl_inner.h"

#define SEPARATOR 0x01

static bool is_oauthbearer(const struct sasl *s)
{
    return s->mechanism->kind == SASL_BY_OAUTHBEARER;
}

/* A saslname: "," and "=" are written =2C and =3D (RFC 5801 4). */
static void add_name(struct buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == ',')
            buf_add_text(out, "=2C");
        else if (*name == '=')
            buf_add_text(out, "=3D");
        else
            buf_add_octet(out, (unsigned char)*name);
    }
}

static enum sasl_result client_first(struct sasl *s, struct buf *out)
{
    if (strchr(s->user, SEPARATOR) || strchr(s->secret, SEPARATOR))
        return sasl_broken(s, "the name or the token holds octet 1, which separates the parts");
    if (is_oauthbearer(s)) {
        buf_add_text(out, s->user[0] ? "n,a=" : "n,");
        add_name(out, s->user);
        buf_add_octet(out, ',');
    } else {
        buf_add_text(out, "user=");
        buf_add_text(out, s->user);
    }
    buf_add_octet(out, SEPARATOR);
    buf_add_text(out, "auth=Bearer ");
    buf_add_text(out, s->secret);
    buf_add_octet(out, SEPARATOR);
    buf_add_octet(out, SEPARATOR);
    s->complete = true;
    return SASL_DONE;
}

static enum sasl_result client_step(struct sasl *s, struct buf *out)
{
    if (!s->taken)
        return client_first(s, out);
    if (s->taken > 1)
        return sasl_broken(s, "the server goes on after its error");
    s->why = "the server does not take the token";
    if (is_oauthbearer(s)) /* RFC 7628 3.2.3; XOAUTH2: an empty answer */
        buf_add_octet(out, SEPARATOR);
    return SASL_DONE;
}

/* Reads a saslname up to its "," into *out. */
static bool take_name(struct span *in, struct buf *out)
{
    struct span name = span_cut(*in, ',', in);

    for (size_t i = 0; i < name.len; i++) {
        struct span here = span_first(span_from(name, i), 3);

        if (name.at[i] != '=') {
            buf_add_octet(out, name.at[i]);
            continue;
        }
        if (!span_eq_nocase(here, SPAN("=2C")) && !span_eq_nocase(here, SPAN("=3D")))
            return false;
        buf_add_octet(out, ascii_upper(here.at[2]) == 'C' ? ',' : '=');
        i += 2;
    }
    return name.len != 0;
}

/* "n,a=user," (RFC 5801 4). Channel binding is no part of this mechanism. */
static bool take_gs2_header(struct span *in, struct buf *user)
{
    if (!span_starts(*in, SPAN("n,")) && !span_starts(*in, SPAN("y,")))
        return false;
    *in = span_from(*in, 2);
    if (span_starts(*in, SPAN(","))) {
        *in = span_from(*in, 1);
        return true;
    }
    if (!span_starts(*in, SPAN("a=")) || span_find(*in, ',') == in->len)
        return false;
    *in = span_from(*in, 2);
    return take_name(in, user);
}

/* The parts behind it: key=value, each ended by octet 1, and one more octet 1. */
static bool take_pairs(const struct sasl *s, struct span in, struct buf *user, struct span *token)
{
    *token = (struct span){ 0 };
    while (in.len && in.at[0] != SEPARATOR) {
        struct span value, key;

        if (span_find(in, SEPARATOR) == in.len)
            return false;
        value = span_cut(in, SEPARATOR, &in);
        if (span_find(value, '=') == value.len)
            return false;
        key = span_cut(value, '=', &value);
        if (span_eq(key, SPAN("auth")) && span_starts_nocase(value, SPAN("Bearer ")))
            *token = span_trim(span_from(value, 7));
        else if (!is_oauthbearer(s) && span_eq(key, SPAN("user")))
            buf_add(user, value);
    }
    return in.len == 1 && token->len;
}

static bool parse(const struct sasl *s, struct span in, struct buf *user, struct span *token)
{
    if (is_oauthbearer(s)) {
        if (!take_gs2_header(&in, user) || !in.len || in.at[0] != SEPARATOR)
            return false;
        in = span_from(in, 1);
    }
    return take_pairs(s, in, user, token);
}

/* The user, or without a name the first one with that token. */
static const struct sasl_user *whose(const struct sasl *s, const char *name, const char *token)
{
    const struct sasl_user *user = NULL;

    if (name[0]) {
        user = sasl_find(s, name);
        return user && sasl_same_secret(user->secret, token) ? user : NULL;
    }
    for (size_t i = 0; i < s->users->count && !user && is_oauthbearer(s); i++)
        if (sasl_same_secret(s->users->at[i].secret, token))
            user = &s->users->at[i];
    return user;
}

static enum sasl_result server_first(struct sasl *s, struct span in, struct buf *out)
{
    struct buf name = { 0 };
    struct span token;
    enum sasl_result result = SASL_DONE;
    const struct sasl_user *user;
    char *text;

    if (!parse(s, in, &name, &token)) {
        buf_release(&name);
        return sasl_broken(s, "the message has not the form of this mechanism");
    }
    text = mem_strndup(token.at, token.len);
    user = whose(s, buf_text(&name), text);
    if (user) {
        s->who = user->name;
    } else {
        buf_add_text(out, is_oauthbearer(s) ? "{\"status\":\"invalid_token\"}"
                                            : "{\"status\":\"401\",\"schemes\":\"bearer\"}");
        result = SASL_MORE;
    }
    sasl_wipe(text);
    buf_release(&name);
    return result;
}

enum sasl_result sasl_bearer_step(struct sasl *s, struct span in, struct buf *out)
{
    if (!s->server)
        return client_step(s, out);
    if (s->taken) { /* whatever the client answers to the error */
        s->why = "the token is not that of a known user";
        return SASL_DENIED;
    }
    return server_first(s, in, out);
}
