#include "app/lab_server.h"

#include "app/authority.h"
#include "engine/persona.h"

static const struct sasl_user users[] = { { LAB_USER, LAB_PASSWORD } };
static const struct sasl_users all_users = { users, sizeof users / sizeof users[0] };

static struct tls_context *make_tls(void *ctx)
{
    struct lab_server *lab = ctx;
    struct error err;

    lab->tls = authority_context(lab->policy.hostname, &err);
    if (!lab->tls)
        return NULL;
    if (!authority_file(&lab->ca, &err))
        buf_clear(&lab->ca);
    return lab->tls;
}

bool lab_server_open(struct lab_server *lab, struct loop *l, struct record *r,
                     const struct options *o, const struct server_hooks *hooks, struct error *err)
{
    struct error no_matter; /* STARTTLS is not offered then, and all else works */
    struct server_options options = { .loop = l,
                                      .record = r,
                                      .policy = &lab->policy,
                                      .users = &all_users,
                                      .make_tls = authority_possible(&no_matter) ? make_tls : NULL,
                                      .make_ctx = lab };

    lab->policy = policy_lab;
    lab->policy.mechanisms = sasl_mechanisms;
    lab->policy.extensions |= EXTENSION_BIT(STARTTLS) | EXTENSION_BIT(AUTH);
    if (o->persona)
        lab->policy.persona = personas[o->persona - 1];
    lab->server = server_new(&options, hooks, err);
    return lab->server != NULL;
}

void lab_server_close(struct lab_server *lab)
{
    server_free(lab->server);
    tls_context_free(lab->tls);
    buf_release(&lab->ca);
    *lab = (struct lab_server){ 0 };
}
