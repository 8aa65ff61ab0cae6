#include "registry/denials.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support/prose.h"

/* A reply to RCPT, and how its reason begins; "": none is known. */
static const struct {
    const char *reply, *reason;
} rows[] = {
    { "550 5.1.1 <x@y.z>: Recipient address rejected: User unknown", "there is no such mailbox" },
    { "550 5.7.1 x@gmail.com ... Relaying denied", "this mailbox is not at home here" },
    { "554 5.7.1 <x@y.z>: Relay access denied", "this mailbox is not at home here" },
    { "454 4.7.1 <x@y.z>: Relay access denied", "this mailbox is not at home here" },
    { "553 sorry, that domain isn't in my list of allowed rcpthosts", "this mailbox is not" },
    { "550 no such user here", "there is no such mailbox" },
    { "450 4.1.1 <x>: unverified", "the server does not find this mailbox now" },
    { "550 mailbox unavailable", "this mailbox cannot be used; most often" },
    { "450 Mailbox unavailable", "this mailbox cannot be used now" },
    { "452 4.2.2 over", "the mailbox is full" },
    { "552 Quota exceeded", "the mailbox is full" },
    { "450 4.2.0 Greylisted, see http://x.org", "the server puts off a sender" },
    { "451 4.7.1 Please try again later", "not now, and the text asks" },
    { "550 please try again later", "" },
    { "550 5.7.1 Service unavailable; client [192.0.2.1] blocked using x", "the server takes no" },
    { "450 4.7.25 Client host rejected: cannot find your hostname", "the client is put off" },
    { "550 5.7.27 x", "the sender is refused, not the recipient" },
    { "550 Sender verify failed", "the sender is refused, not the recipient" },
    { "450 4.1.8 Sender address rejected: Domain not found", "the sender is put off" },
    { "552 5.3.4 Message size exceeds fixed limit", "the letter is too large" },
    { "550 5.2.1 The email account is disabled", "the mailbox is known and takes no mail" },
    { "550 5.7.1 Authentication required", "the server wants a login" },
    { "452 4.5.3 Error: too many recipients", "the server takes no more recipients" },
    { "550 5.7.1 go away", "a rule of this server forbids it, to" },
    { "450 4.7.0 go away", "a rule of this server forbids it for now" },
    { "550 go away", "" },
    { "550 5.9.9 go away", "" },
    { "250 2.1.1 relay", "" },
    { "354 relay", "" },
};

Test(denials, are_known_by_their_code_or_their_words)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line line = { span_of(rows[i].reply), strlen(rows[i].reply), LINE_CRLF, 0 };
        const struct denial_row *row;
        struct reply_line part;

        reply_line_parse(&line, &part);
        row = denial_row(part.code, part.enhanced, part.words);
        cr_expect_eq(row == NULL, !rows[i].reason[0], "%s", rows[i].reply);
        if (row)
            cr_expect(span_starts(span_of(denial_text(row, part.code)), span_of(rows[i].reason)),
                      "%s: %s", rows[i].reply, denial_text(row, part.code));
    }
}

static void check_text(const char *text, const char *name)
{
    char shown[400];
    const char *learner = shown;

    if (!text)
        return;
    snprintf(shown, sizeof shown, "550 = %s", text);
    EXPECT_SENTENCE(learner, 156, name);
    cr_expect_not(prose_is_breathless(shown), "%s", shown);
    cr_expect(prose_rows(shown, 78) <= 2, "three rows: %s", shown);
}

Test(denials, read_well_and_fit_two_rows)
{
    for (size_t i = 0; i < denial_row_count; i++) {
        const struct denial_row *row = &denial_rows[i];

        cr_expect(row->later);
        EXPECT_LABEL(row->name, 40, row->words);
        check_text(row->never, row->words);
        check_text(row->later, row->words);
        cr_expect(span_starts(span_of(row->source), SPAN("RFC ")), "%s", row->source);
    }
}
