#include "engine/policy.h"

#include "smtp/path.h"

static const struct policy_mailbox lab_mailboxes[] = { { "bob", "hamburger.edu" } };
static const char *const lab_domains[] = { "hamburger.edu" };

#define X(name, keyword) keyword,
const char *const extension_keywords[EXTENSION_COUNT] = { EXTENSIONS(X) };
#undef X

const struct policy policy_lab = {
    .hostname = "hamburger.edu",
    .mailboxes = lab_mailboxes,
    .mailbox_count = sizeof lab_mailboxes / sizeof lab_mailboxes[0],
    .domains = lab_domains,
    .domain_count = sizeof lab_domains / sizeof lab_domains[0],
    .size_limit = (uint64_t)10 * 1024 * 1024,
    .recipients_max = 100,
    .extensions = EXTENSION_BIT(PIPELINING) | EXTENSION_BIT(SIZE) | EXTENSION_BIT(8BITMIME) |
                  EXTENSION_BIT(SMTPUTF8) | EXTENSION_BIT(CHUNKING) | EXTENSION_BIT(DSN) |
                  EXTENSION_BIT(ENHANCEDSTATUSCODES) | EXTENSION_BIT(VRFY) | EXTENSION_BIT(EXPN) |
                  EXTENSION_BIT(HELP),
    .vrfy = POLICY_TELLS,
    .expn = POLICY_TELLS,
};

/* A quoted local part may hold an "@"; a domain never does. */
static size_t last_at(struct span mailbox)
{
    size_t n = mailbox.len;

    while (n && mailbox.at[n - 1] != '@')
        n--;
    return n ? n - 1 : mailbox.len;
}

struct span policy_local_part(struct span mailbox)
{
    return span_first(mailbox, last_at(mailbox));
}

struct span policy_domain(struct span mailbox)
{
    return span_from(mailbox, last_at(mailbox) + 1);
}

static bool is_local_domain(const struct policy *p, struct span domain)
{
    for (size_t i = 0; i < p->domain_count; i++)
        if (span_eq_nocase(domain, span_of(p->domains[i])))
            return true;
    return p->domain_count == 0 && p->any_recipient;
}

enum policy_verdict policy_recipient(const struct policy *p, struct span mailbox)
{
    struct span local = policy_local_part(mailbox), domain = policy_domain(mailbox);
    bool postmaster = span_eq_nocase(local, SPAN("postmaster"));

    if (postmaster && domain.len == 0)
        return POLICY_LOCAL;
    if (!is_local_domain(p, domain))
        return POLICY_RELAY;
    if (postmaster || p->any_recipient) /* RFC 5321 4.5.1: postmaster is everywhere */
        return POLICY_LOCAL;
    for (size_t i = 0; i < p->mailbox_count; i++)
        if (span_eq_nocase(domain, span_of(p->mailboxes[i].domain)) &&
            mailbox_same(local, span_of(p->mailboxes[i].local)))
            return POLICY_LOCAL;
    return POLICY_UNKNOWN_USER;
}
