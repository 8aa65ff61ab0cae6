/*
 * VRFY, EXPN and HELP: what a server tells about its mailboxes and itself. Sources: RFC 5321 3.5,
 * 4.1.1.6 to 4.1.1.8, 7.3 (telling is a risk); RFC 6531 3.7.4.2 (SMTPUTF8 behind the name).
 */
#include "engine/inner.h"

#include <stdio.h>

/* The longest mailbox: a path without its brackets (RFC 5321 4.5.3.1.3). */
#define VRFY_MAX 254

/* What VRFY asks for: a mailbox, or the name of a user, which may be several words. SMTPUTF8 may
 * follow. */
static struct span vrfy_mailbox(const struct command *c, bool *utf8)
{
    struct span said = c->argument, name = said, last;

    while (name.len && name.at[name.len - 1] != ' ')
        name.len--;
    last = span_from(said, name.len);
    *utf8 = name.len && span_eq_nocase(last, SPAN("SMTPUTF8"));
    if (c->path.kind != PATH_NONE)
        return c->path.mailbox;
    return *utf8 ? span_trim(name) : said;
}

static bool has_utf8(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] > 127)
            return true;
    return false;
}

static void tell(struct engine *e, struct span mailbox, struct span full,
                 enum policy_verdict verdict)
{
    struct span local = policy_local_part(mailbox);

    if (e->policy->vrfy == POLICY_TELLS_ALL) {
        engine_say_of(e, VERB_VRFY, SITUATION_VRFY_YES, full);
    } else if (e->policy->vrfy == POLICY_TELLS_NOTHING || verdict == POLICY_RELAY) {
        engine_say_plain(e, VERB_VRFY, SITUATION_VRFY_SECRET);
    } else if (verdict == POLICY_LOCAL) {
        engine_decide(e, engine_code(e, VERB_VRFY, SITUATION_VRFY_YES), "mailbox ", local,
                      " exists here, and the server tells");
        engine_say_of(e, VERB_VRFY, SITUATION_VRFY_YES, full);
    } else {
        engine_decide(e, engine_code(e, VERB_VRFY, SITUATION_VRFY_NO), "there is no mailbox ",
                      local, " here, and the server tells");
        engine_say_of(e, VERB_VRFY, SITUATION_VRFY_NO, mailbox);
    }
}

void engine_vrfy(struct engine *e, const struct command *c)
{
    bool utf8;
    struct span mailbox = vrfy_mailbox(c, &utf8), local = policy_local_part(mailbox);
    struct span domain = policy_domain(mailbox);
    char full[VRFY_MAX + DOMAIN_MAX + 2];

    if (has_utf8(c->argument) && !(utf8 && e->esmtp)) {
        engine_refuse(e, VERB_VRFY, MISTAKE_UTF8_WITHOUT_SMTPUTF8);
        return;
    }
    if (mailbox.len > VRFY_MAX) { /* so that it fits into a reply, too */
        engine_refuse(e, VERB_VRFY, MISTAKE_PATH_TOO_LONG);
        return;
    }
    if (domain.len == 0)
        domain = span_of(e->policy->hostname);
    snprintf(full, sizeof full, "%.*s@%.*s", SPAN_ARG(local), SPAN_ARG(domain));
    tell(e, mailbox, span_of(full), policy_recipient(e->policy, span_of(full)));
}

static const struct policy_list *list_of(const struct policy *p, struct span name)
{
    for (size_t i = 0; i < p->list_count; i++)
        if (span_eq_nocase(policy_local_part(name), span_of(p->lists[i].name)))
            return &p->lists[i];
    return NULL;
}

void engine_expn(struct engine *e, const struct command *c)
{
    const struct policy_list *list = list_of(e->policy, c->argument);

    if (e->policy->expn == POLICY_TELLS_NOTHING) {
        engine_decide(e, engine_code(e, VERB_EXPN, SITUATION_EXPN_SECRET),
                      "who is in a list is not told here: EXPN refused", (struct span){ 0 }, "");
        engine_say_plain(e, VERB_EXPN, SITUATION_EXPN_SECRET);
        return;
    }
    if (!list || list->count == 0) {
        engine_decide(e, engine_code(e, VERB_EXPN, SITUATION_EXPN_NO),
                      e->policy->list_count ? "there is no such mailing list here: EXPN refused"
                                            : "there are no mailing lists here: EXPN refused",
                      (struct span){ 0 }, "");
        engine_say_plain(e, VERB_EXPN, SITUATION_EXPN_NO);
        return;
    }
    engine_decide(e, engine_code(e, VERB_EXPN, SITUATION_EXPN_MEMBER), "there is a list ",
                  span_of(list->name), ", and the server tells who is in it");
    for (size_t i = 0; i < list->count; i++) {
        struct reply_words words = { .address = span_of(list->members[i]) };

        if (i + 1 < list->count)
            engine_say_line(e, VERB_EXPN, SITUATION_EXPN_MEMBER, words);
        else
            engine_say(e, VERB_EXPN, SITUATION_EXPN_MEMBER, words);
    }
}

void engine_help(struct engine *e, const struct command *c)
{
    struct span rest;
    enum verb verb = verb_by_word(span_cut(c->argument, ' ', &rest));

    if (engine_knows(e, verb)) {
        engine_say(e, VERB_HELP, SITUATION_HELP_LINE, (struct reply_words){ .syntax = verb });
        return;
    }
    for (unsigned v = 0; v < VERB_COUNT; v++)
        if (engine_knows(e, (enum verb)v))
            engine_say_line(e, VERB_HELP, SITUATION_HELP_LINE,
                            (struct reply_words){ .syntax = (enum verb)v });
    engine_say_plain(e, VERB_HELP, SITUATION_HELP_END);
}
