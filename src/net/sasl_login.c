/*
 * LOGIN: two questions, two answers. By hand, because libgsasl asks "User Name" and "Password",
 * which some clients do not take, and passes over a name that comes with the AUTH command itself,
 * as many clients send it. Source: draft-murchison-sasl-login-00; what servers ask in practice.
 */
#include "base/mem.h"
#include "net/sasl_inner.h"

static enum sasl_result server_step(struct sasl *s, struct span in, struct buf *out)
{
    const struct sasl_user *user;
    char *secret;
    bool right;

    if (!in.at && !s->taken) {
        buf_add_text(out, "Username:");
        return SASL_MORE;
    }
    if (!s->user) {
        s->user = mem_strndup(in.at, in.len);
        buf_add_text(out, "Password:");
        return SASL_MORE;
    }
    secret = mem_strndup(in.at, in.len);
    user = sasl_find(s, s->user);
    right = sasl_same_secret(user ? user->secret : "", secret) && user;
    sasl_wipe(secret);
    if (!right)
        return sasl_denied(s);
    s->who = user->name;
    return SASL_DONE;
}

/* What the server asks is not looked at: the words differ, the order does not. */
enum sasl_result sasl_login_step(struct sasl *s, struct span in, struct buf *out)
{
    if (s->server)
        return server_step(s, in, out);
    if (s->taken > 1)
        return sasl_broken(s, "the server asks for more than a name and a password");
    buf_add_text(out, s->taken ? s->secret : s->user);
    s->complete = s->taken == 1;
    return s->complete ? SASL_DONE : SASL_MORE;
}
