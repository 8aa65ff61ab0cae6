/*
 * The digits of a reply code, one by one: what a client knows of a code that it has never met,
 * and the subjects of enhanced status codes.
 *
 * Sources: RFC 5321 4.2.1 and 4.3.2 (a client must get along by the first digit alone);
 * RFC 3463 2 and 3.
 */
#include "registry/codes.h"

static const struct digit_row digit_rows[] = {
    { 1, '1', "preliminary",
      "Begun, and another reply follows. Other protocols have such replies; SMTP does not.",
      "Take it as a fault of the server.", "RFC 5321 4.2.1" },
    { 1, '2', "yes", "The server did what was asked.", "Go on with the next command.",
      "RFC 5321 4.2.1" },
    { 1, '3', "go on", "So far it is right; the server now waits for the rest.",
      "Send the next part.", "RFC 5321 4.2.1" },
    { 1, '4', "later", "Not done, for a reason that may pass. The very same may work later.",
      "Keep the letter and try again later.", "RFC 5321 4.2.1, 4.5.4.1" },
    { 1, '5', "no", "Not done, and the very same will not work later either.",
      "Do not repeat it unchanged; tell the sender.", "RFC 5321 4.2.1" },
    { 2, '0', "syntax",
      "It is about the form of the command: spelling, order, or a command not offered.",
      "Look at the line that was sent.", "RFC 5321 4.2.1" },
    { 2, '1', "information", "It answers a question, such as a call for help.", "Read the text.",
      "RFC 5321 4.2.1" },
    { 2, '2', "connection", "It is about the connection itself.",
      "See whether the connection stays open.", "RFC 5321 4.2.1" },
    { 2, '3', "log-in", "It has no meaning by itself; the codes for logging in have this digit.",
      "Look at the log-in.", "RFC 5321 4.2.1, RFC 4954 6" },
    { 2, '4', "no meaning", "It has no meaning by itself; no standard code has this digit.",
      "Go by the first digit.", "RFC 5321 4.2.1" },
    { 2, '5', "mail", "It is about the mail itself: mailboxes, letters, storage.",
      "Look at the addresses and the letter.", "RFC 5321 4.2.1" },
};

const struct digit_row *digit_row(unsigned position, char digit)
{
    for (size_t i = 0; i < sizeof digit_rows / sizeof digit_rows[0]; i++)
        if (digit_rows[i].position == position && digit_rows[i].digit == digit)
            return &digit_rows[i];
    return NULL;
}

/* Row number is subject number. */
static const struct enhanced_subject_row subject_rows[] = {
    { 0, "nothing special", "Nothing more is known than the first digit says." },
    { 1, "addresses", "It is about the address of the sender or of a recipient." },
    { 2, "mailbox", "It is about the recipient's mailbox." },
    { 3, "mail system", "It is about the server as a whole, such as its disk or its settings." },
    { 4, "network and routing", "It is about the way to the next server." },
    { 5, "protocol", "It is about the talk itself: the form and the order of commands." },
    { 6, "content",
      "It is about what the letter holds, and whether it can be passed on as it is." },
    { 7, "security or policy", "It is about rights, log-in, encryption, or rules of the server." },
};

const struct enhanced_subject_row *enhanced_subject_row(uint16_t subject)
{
    if (subject >= sizeof subject_rows / sizeof subject_rows[0])
        return NULL;
    return &subject_rows[subject];
}
