#include "app/lab_server.h"

#include "app/authority.h"
#include "engine/persona.h"

static const struct sasl_user users[] = { { LAB_USER, LAB_PASSWORD } };
static const struct sasl_users all_users = { users, sizeof users / sizeof users[0] };

bool lab_server_open(struct lab_server *lab, struct loop *l, struct record *r,
                     const struct options *o, const struct server_hooks *hooks, struct error *err)
{
    struct server_options options = {
        .loop = l, .record = r, .policy = &lab->policy, .users = &all_users
    };

    lab->policy = policy_lab;
    lab->policy.mechanisms = sasl_mechanisms;
    lab->policy.extensions |= EXTENSION_BIT(STARTTLS) | EXTENSION_BIT(AUTH);
    if (o->persona)
        lab->policy.persona = personas[o->persona - 1];
    lab->server = server_new(&options, hooks, err);
    return lab->server != NULL;
}

static void encrypt(void *ctx)
{
    struct lab_server *lab = ctx;
    struct error err;

    lab->tls = authority_context(lab->policy.hostname, &err);
    if (lab->tls && !authority_file(&lab->ca, &err))
        buf_clear(&lab->ca);
    server_set_tls(lab->server, lab->tls);
}

void lab_server_encrypt(struct lab_server *lab, struct loop *l, bool at_once)
{
    if (at_once) {
        encrypt(lab);
        return;
    }
    lab->later = loop_timer(l, encrypt, lab);
    watch_set_timer(lab->later, 0);
}

void lab_server_close(struct lab_server *lab)
{
    watch_free(lab->later);
    server_free(lab->server);
    tls_context_free(lab->tls);
    buf_release(&lab->ca);
    *lab = (struct lab_server){ 0 };
}
