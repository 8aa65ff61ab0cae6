#include "registry/denials.h"

/* More exact reasons stand before wider ones. */
const struct denial_row denial_rows[] = {
    { "no such mailbox", "1.1 1.10",
      "user unknown|unknown user|no such user|no such recipient|no such mailbox|no mailbox|"
      "unknown recipient|recipient unknown|recipient not found|user not found|invalid recipient|"
      "does not exist|doesn't exist|not listed in|unrouteable address|unknown local",
      "there is no such mailbox here. Check the address, letter by letter: the same again gets the "
      "same answer.",
      "the server does not find this mailbox now. Check the address; if it is right, try again "
      "later.",
      "RFC 3463 3.2" },
    { "mailbox switched off", "2.1",
      "mailbox disabled|account disabled|account inactive|is inactive|suspended|deactivated",
      "the mailbox is known and takes no mail: it is switched off. Reach its owner in another way.",
      "the mailbox is known and takes no mail for now: it is switched off. Try again later.",
      "RFC 3463 3.3" },
    { "mailbox full", "2.2",
      "mailbox full|mailbox is full|quota|no room in mailbox|mailbox storage",
      "the mailbox is full. Its owner must make room; until then each letter gets this answer.",
      "the mailbox is full. A program tries again later, in case its owner has made room.",
      "RFC 3463 3.3" },
    { "letter too large", "2.3 3.4", "too large|too big|message size|size limit",
      "the letter is too large for this mailbox or server. The sender makes it smaller.",
      "the letter is too large for what the server can hold now. Try again later, or make it "
      "smaller.",
      "RFC 3463 3.3, 3.4" },
    { "relaying denied", "", "relay|rcpthosts|not one of my",
      "this mailbox is not at home here, and the server does not pass letters on for strangers. "
      "Use your provider's server, and log in.",
      "this mailbox is not at home here, and the server does not pass letters on for you now. Log "
      "in, or use your provider's server.",
      "RFC 5321 3.6.2, 7.9" },
    { "greylisting", "", "greylist|graylist|grey list|gray list|greylisted", NULL,
      "the server puts off a sender whom it does not know yet (greylisting). Tried again some "
      "minutes later, the letter gets in.",
      "RFC 6647 2.1" },
    { "client on a block list", "",
      "blocked|block list|blocklist|blacklist|listed|dnsbl|spamhaus|reputation",
      "the server takes no mail from this client's address, most often because a list of spam "
      "senders names it. The recipient is not at fault.",
      "the server takes no mail from this client's address for now, perhaps because a list of spam "
      "senders names it.",
      "RFC 5782 1" },
    { "sender refused", "7.27 1.7 1.8",
      "sender verify|sender address|sender rejected|domain of sender",
      "the sender is refused, not the recipient: the server does not believe the address that MAIL "
      "named.",
      "the sender is put off, not the recipient: the server could not check the address that MAIL "
      "named.",
      "RFC 3463 3.2" },
    { "client's name or address refused", "7.25",
      "client host rejected|reverse dns|cannot find your|helo command rejected",
      "the client is refused, not the recipient: the server does not accept its name or address.",
      "the client is put off, not the recipient: the server could not check its name or address.",
      "RFC 5321 7.9" },
    { "login required", "", "authentication required|authenticate|log in|login",
      "the server wants a login with AUTH before it takes this recipient.",
      "the server wants a login with AUTH before it takes this recipient.", "RFC 4954 6" },
    { "too many recipients", "5.3", "too many recipients",
      "this letter has more recipients than the server takes.",
      "the server takes no more recipients for this letter. The rest get a letter of their own, "
      "later.",
      "RFC 5321 4.5.3.1.10" },
    { "mailbox unavailable", "", "mailbox unavailable|mailbox not available",
      "this mailbox cannot be used; most often there is none of that name here. Check the address.",
      "this mailbox cannot be used now, perhaps because another program has it open. Try again "
      "later.",
      "RFC 5321 4.2.3" },
    { "asked to try again later", "", "try again|try later|retry|come back|deferred", NULL,
      "not now, and the text asks to try again later. Programs do so by themselves; some servers "
      "say it to each new sender.",
      "RFC 6647 2.1" },
    { "refused by policy", "7.0 7.1", "policy|not allowed|not permitted|prohibited|access denied",
      "a rule of this server forbids it, to this sender or for this recipient. The text may say "
      "which rule.",
      "a rule of this server forbids it for now. The text may say which rule; try again later.",
      "RFC 3463 3.8" },
};
const size_t denial_row_count = sizeof denial_rows / sizeof denial_rows[0];

const char *denial_text(const struct denial_row *row, unsigned code)
{
    return code / 100 == 4 ? row->later : row->never;
}

static bool has_enhanced(const struct denial_row *row, struct enhanced_code code)
{
    struct span rest = span_of(row->enhanced);

    while (rest.len) {
        struct span detail, subject = span_cut(span_cut(rest, ' ', &rest), '.', &detail);
        uint64_t s, d;

        if (span_number(subject, &s) && span_number(detail, &d) && s == code.subject &&
            d == code.detail)
            return true;
    }
    return false;
}

static bool has_words(const struct denial_row *row, struct span text)
{
    struct span rest = span_of(row->words);

    while (rest.len)
        if (span_search(text, span_cut(rest, '|', &rest), 0, true) != SPAN_NOT_FOUND)
            return true;
    return false;
}

/* "Not allowed" (x.7.0, x.7.1) is said of nearly everything, so there the words tell more. */
static bool is_wide(struct enhanced_code code)
{
    return !code.class || (code.subject == 7 && code.detail <= 1);
}

const struct denial_row *denial_row(unsigned code, struct enhanced_code enhanced, struct span words)
{
    if (code / 100 != 4 && code / 100 != 5)
        return NULL;
    for (int by_words = is_wide(enhanced); by_words <= 2; by_words++) {
        for (size_t i = 0; i < denial_row_count; i++) {
            const struct denial_row *row = &denial_rows[i];

            if (denial_text(row, code) &&
                (by_words == 1 ? has_words(row, words)
                               : enhanced.class && has_enhanced(row, enhanced)))
                return row;
        }
    }
    return NULL;
}
