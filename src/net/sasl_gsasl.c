/*
 * The mechanisms that libgsasl knows. It is started by the first login, not with the program: that
 * costs time which --version has not. Its callbacks find the user in our table.
 */
#include <assert.h>
#include <inttypes.h>

#include "base/mem.h"
#include "net/sasl_inner.h"

/* How often a server may have us hash a password: what is advised today for SHA-256. That takes
 * about a second, in which the screen stands still. RFC 5802 9 names no limit. */
#define ITERATIONS_MAX 600000

static Gsasl *library; /* NULL: not started */

static struct sasl *of(Gsasl_session *session)
{
    return gsasl_session_hook_get(session);
}

/* A password that nobody has, so that an exchange with an unknown user goes the same way. */
static int give_password(struct sasl *s, Gsasl_session *session)
{
    const char *name = gsasl_property_fast(session, GSASL_AUTHID);
    const struct sasl_user *user = name ? sasl_find(s, name) : NULL;
    char nobody[33] = "";

    if (user)
        return gsasl_property_set(session, GSASL_PASSWORD, user->secret);
    if (gsasl_nonce(nobody, sizeof nobody - 1) != GSASL_OK)
        return GSASL_CRYPTO_ERROR;
    for (size_t i = 0; i < sizeof nobody - 1; i++) /* any octets: letters of them */
        nobody[i] = (char)('a' + (nobody[i] & 15));
    return gsasl_property_set(session, GSASL_PASSWORD, nobody);
}

/* One who may act for another does not exist here. */
static bool acts_for_self(Gsasl_session *session, const char *who)
{
    const char *as = gsasl_property_fast(session, GSASL_AUTHZID);

    return !as || !*as || strcmp(as, who) == 0;
}

static int check_password(struct sasl *s, Gsasl_session *session)
{
    const char *name = gsasl_property_fast(session, GSASL_AUTHID);
    const char *secret = gsasl_property_fast(session, GSASL_PASSWORD);
    const struct sasl_user *user = name ? sasl_find(s, name) : NULL;
    char *prepared;
    bool right;

    if (!user || !secret)
        return GSASL_AUTHENTICATION_ERROR;
    prepared = sasl_prepare(user->secret);
    right = sasl_same_secret(prepared ? prepared : user->secret, secret);
    sasl_wipe(prepared);
    return right ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
}

static int answer(Gsasl *context, Gsasl_session *session, Gsasl_property property)
{
    struct sasl *s = session ? of(session) : NULL;

    (void)context;
    if (!s || !s->server)
        return GSASL_NO_CALLBACK;
    if (property == GSASL_PASSWORD)
        return give_password(s, session);
    if (property == GSASL_VALIDATE_SIMPLE)
        return check_password(s, session);
    if (property == GSASL_VALIDATE_EXTERNAL)
        return s->identity ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
    return GSASL_NO_CALLBACK;
}

static Gsasl *context(void)
{
    if (!library && gsasl_init(&library) == GSASL_OK)
        gsasl_callback_set(library, answer);
    return library;
}

static bool set_binding(Gsasl_session *session, struct span binding)
{
    char *text = NULL;
    bool set = gsasl_base64_to((const char *)binding.at, binding.len, &text, NULL) == GSASL_OK &&
               gsasl_property_set(session, GSASL_CB_TLS_EXPORTER, text) == GSASL_OK;

    gsasl_free(text);
    return set;
}

static bool set_client(struct sasl *s)
{
    if (s->mechanism->external)
        return gsasl_property_set(s->session, GSASL_AUTHZID, s->user) == GSASL_OK;
    return gsasl_property_set(s->session, GSASL_AUTHID, s->user) == GSASL_OK &&
           gsasl_property_set(s->session, GSASL_PASSWORD, s->secret) == GSASL_OK;
}

/* A client that does not bind says so ("n"), though it could: "y" would make a server that offers
 * the -PLUS form refuse it (RFC 5802 6), and the person may have chosen this one. */
bool sasl_gsasl_start(struct sasl *s, struct span binding)
{
    const char *name = (const char *)s->mechanism->name.at;
    bool bind = binding.len && (s->server || s->mechanism->plus);

    if (!context() || (s->server ? gsasl_server_start(library, name, &s->session)
                                 : gsasl_client_start(library, name, &s->session)) != GSASL_OK) {
        s->session = NULL;
        return false;
    }
    gsasl_session_hook_set(s->session, s);
    return (!bind || set_binding(s->session, binding)) && (s->server || set_client(s));
}

/* libgsasl frees what it holds as it is. The memory is the session's, which is ours. */
void sasl_gsasl_end(struct sasl *s)
{
    const char *secret = gsasl_property_fast(s->session, GSASL_PASSWORD);

    if (secret)
        mem_wipe((void *)(uintptr_t)secret, strlen(secret));
    gsasl_finish(s->session);
    s->session = NULL;
}

char *sasl_prepare(const char *text)
{
    char *out = NULL, *copy = NULL;

    if (context() && gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &out, NULL) == GSASL_OK)
        copy = mem_strdup(out);
    if (out)
        mem_wipe(out, strlen(out));
    gsasl_free(out);
    return copy;
}

static enum sasl_result failed(struct sasl *s, int code)
{
    switch (code) {
    case GSASL_AUTHENTICATION_ERROR:
    case GSASL_INTEGRITY_ERROR:
    case GSASL_NO_PASSWORD:
        if (s->server)
            return sasl_denied(s);
        return sasl_broken(s, "the server could not prove that it knows the password: it may not "
                              "be the one it says it is");
    case GSASL_SASLPREP_ERROR:
        return sasl_broken(s, "the name or the password holds characters that a login cannot "
                              "carry (RFC 4013)");
    default:
        return sasl_broken(s, "the message has not the form of this mechanism");
    }
}

static bool is_scram(const struct sasl *s)
{
    return span_starts(s->mechanism->name, SPAN("SCRAM-"));
}

/* "r=...,s=...,i=4096": libgsasl would hash for hours if told so. */
static bool asks_too_much(struct span in)
{
    while (in.len) {
        struct span part = span_cut(in, ',', &in);
        uint64_t count;

        if (span_starts(part, SPAN("i=")))
            return !span_number(span_from(part, 2), &count) || count > ITERATIONS_MAX;
    }
    return false;
}

/* Server: all is checked. SCRAM's last message goes out first, and an empty one comes back. */
static enum sasl_result let_in(struct sasl *s, const struct buf *out)
{
    const char *name = gsasl_property_fast(s->session, GSASL_AUTHID);
    const struct sasl_user *user = name ? sasl_find(s, name) : NULL;

    s->who = s->mechanism->external ? s->identity : user ? user->name : NULL;
    if (!s->who || !acts_for_self(s->session, s->mechanism->external ? s->who : name))
        return sasl_denied(s);
    s->last_said = out->len != 0;
    return s->last_said ? SASL_MORE : SASL_DONE;
}

static enum sasl_result passed(struct sasl *s, int code, const struct buf *out)
{
    if (code != GSASL_OK && code != GSASL_NEEDS_MORE)
        return failed(s, code);
    if (s->server && code == GSASL_OK)
        return let_in(s, out);
    s->complete = code == GSASL_OK;
    return code == GSASL_OK ? SASL_DONE : SASL_MORE;
}

static const char *unfit(const struct sasl *s, struct span in)
{
    if (!s->server && s->complete)
        return "the server goes on though all is said";
    if (s->server && !s->taken && in.at && !s->mechanism->client_first)
        return "this mechanism begins with the server: nothing may come with AUTH";
    if (s->last_said)
        return in.len ? "an empty message was due" : NULL;
    if (s->server && in.at && !in.len && !s->mechanism->external)
        return "the message is empty"; /* libgsasl would ask again */
    if (s->server && is_scram(s) && !s->mechanism->plus && span_starts(in, SPAN("p=")))
        return "only the -PLUS forms bind a login to TLS";
    if (!s->server && is_scram(s) && s->taken == 1 && asks_too_much(in))
        return "the server asks for more rounds of hashing than anybody needs";
    return NULL;
}

enum sasl_result sasl_gsasl_step(struct sasl *s, struct span in, struct buf *out)
{
    const char *why = unfit(s, in);
    char *text = NULL;
    size_t len = 0;
    int code;

    if (why)
        return sasl_broken(s, why);
    if (s->last_said)
        return SASL_DONE;
    code = gsasl_step(s->session, in.at ? (const char *)in.at : "", in.len, &text, &len);
    if ((code == GSASL_OK || code == GSASL_NEEDS_MORE) && text)
        buf_add(out, span_make(text, len));
    if ((code == GSASL_OK || code == GSASL_NEEDS_MORE) && text)
        mem_wipe(text, len);
    gsasl_free(text);
    return passed(s, code, out);
}
