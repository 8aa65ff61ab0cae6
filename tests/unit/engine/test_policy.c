/* Whom a server takes letters for. */
#include "engine/policy.h"

#include "support/table.h"

static const char *const domains[] = { "hamburger.edu", "burger.example" };
static const struct policy_mailbox mailboxes[] = { { "bob", "hamburger.edu" },
                                                   { "carol", "burger.example" },
                                                   { "two words", "hamburger.edu" } };
static const struct policy known = { .hostname = "hamburger.edu",
                                     .mailboxes = mailboxes,
                                     .mailbox_count = ROWS(mailboxes),
                                     .domains = domains,
                                     .domain_count = ROWS(domains) };
static const struct policy any_here = { .hostname = "hamburger.edu",
                                        .domains = domains,
                                        .domain_count = ROWS(domains),
                                        .any_recipient = true };
static const struct policy anything = { .hostname = "hamburger.edu", .any_recipient = true };

static const struct row {
    const struct policy *policy;
    const char *mailbox;
    enum policy_verdict want;
} rows[] = {
    { &known, "bob@hamburger.edu", POLICY_LOCAL },
    { &known, "bob@HAMBURGER.edu", POLICY_LOCAL },
    { &known, "\"bob\"@hamburger.edu", POLICY_LOCAL },
    { &known, "\"b\\ob\"@hamburger.edu", POLICY_LOCAL },
    { &known, "Bob@hamburger.edu", POLICY_UNKNOWN_USER },
    { &known, "bob@burger.example", POLICY_UNKNOWN_USER },
    { &known, "carol@burger.example", POLICY_LOCAL },
    { &known, "\"bob@hamburger.edu\"@elsewhere.org", POLICY_RELAY },
    { &known, "bob@elsewhere.org", POLICY_RELAY },
    { &known, "bob@sub.hamburger.edu", POLICY_RELAY },
    { &known, "bob@[127.0.0.1]", POLICY_RELAY },
    { &known, "bob", POLICY_RELAY },
    { &known, "postmaster", POLICY_LOCAL },
    { &known, "PostMaster", POLICY_LOCAL },
    { &known, "POSTMASTER@burger.example", POLICY_LOCAL },
    { &known, "postmaster@elsewhere.org", POLICY_RELAY },
    { &any_here, "anyone@burger.example", POLICY_LOCAL },
    { &any_here, "anyone@elsewhere.org", POLICY_RELAY },
    { &anything, "anyone@elsewhere.org", POLICY_LOCAL },
    { &anything, "postmaster", POLICY_LOCAL },
    { &policy_lab, "bob@hamburger.edu", POLICY_LOCAL },
    { &policy_lab, "alice@hamburger.edu", POLICY_UNKNOWN_USER },
    { &policy_lab, "alice@crepes.fr", POLICY_RELAY },
};

Test(policy, judges_recipients)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        cr_expect_eq(policy_recipient(rows[i].policy, span_of(rows[i].mailbox)), rows[i].want,
                     "row %zu: %s", i, rows[i].mailbox);
}

Test(policy, parts_a_mailbox_at_its_last_sign)
{
    static const struct {
        const char *mailbox, *local, *domain;
    } parts[] = {
        { "bob@hamburger.edu", "bob", "hamburger.edu" },
        { "\"a@b\"@c.d", "\"a@b\"", "c.d" },
        { "postmaster", "postmaster", "" },
        { "", "", "" },
    };

    for (size_t i = 0; i < ROWS(parts); i++) {
        struct span mailbox = span_of(parts[i].mailbox);

        cr_expect(span_eq(policy_local_part(mailbox), span_of(parts[i].local)), "%zu", i);
        cr_expect(span_eq(policy_domain(mailbox), span_of(parts[i].domain)), "%zu", i);
    }
}
