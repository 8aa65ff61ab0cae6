/*
 * Enhanced status codes: the whole registry (X.0.0 to X.7.30). Not here: their subjects (digits.c),
 * and the codes that vendors made up outside the registry.
 *
 * Sources: RFC 3463 3, RFC 5248 2.4, and the RFCs named in the rows.
 */
#include "registry/codes.h"

/* Sorted by subject, then by detail: enhanced_row() halves its way through. */
const struct enhanced_row enhanced_rows[] = {
    { 0, 0, "245", "nothing special", "Nothing more is known than the first digit says.",
      "Go by the reply code and the text.", "RFC 3463 3.1" },

    { 1, 0, "245", "an address", "It is about an address; nothing more exact is said.",
      "If it failed, check the address in this command.", "RFC 3463 3.2" },
    { 1, 1, "5", "no such mailbox", "There is no mailbox of this name: the part left of the @.",
      "Check the part of the address before the @.", "RFC 3463 3.2" },
    { 1, 2, "5", "no such domain",
      "The domain, the part right of the @, does not exist or takes no mail.",
      "Check the part of the address after the @.", "RFC 3463 3.2" },
    { 1, 3, "5", "recipient's address misspelt",
      "The recipient's address does not have the form of an address.",
      "Look for a missing @ or >, a stray space or comma.", "RFC 3463 3.2" },
    { 1, 4, "45", "more than one match",
      "The recipient's address could mean more than one mailbox here.",
      "Use the full and exact address.", "RFC 3463 3.2" },
    { 1, 5, "2", "recipient is right", "The recipient's address is valid.", "Nothing is needed.",
      "RFC 3463 3.2" },
    { 1, 6, "5", "moved away",
      "The mailbox existed once, but takes no more mail, and the new address is not known.",
      "Find out where the person has moved to.", "RFC 3463 3.2" },
    { 1, 7, "45", "sender's address misspelt",
      "The sender's address does not have the form of an address.",
      "Check the address in MAIL, letter by letter.", "RFC 3463 3.2" },
    { 1, 8, "45", "sender's domain bad",
      "The domain of the sender's address does not exist or takes no mail, so no report could go "
      "back to it.",
      "Use a sender's address that can receive mail.", "RFC 3463 3.2" },
    { 1, 9, "25", "passed on, end of the trail",
      "The letter went on to a system that speaks another protocol; more cannot be learned.",
      "Nothing is needed.", "RFC 3886 3.3.4" },
    { 1, 10, "45", "recipient's domain takes no mail",
      "The recipient's domain has published, in the DNS, that it takes no mail at all.",
      "Check the part of the address after the @.", "RFC 7505 4.1" },

    { 2, 0, "45", "the mailbox", "It is about the recipient's mailbox; nothing more exact is said.",
      "Read the text.", "RFC 3463 3.3" },
    { 2, 1, "45", "mailbox closed",
      "The mailbox exists, but takes no letters, for now or for good.",
      "Try again later after a 4; ask the person in another way after a 5.", "RFC 3463 3.3" },
    { 2, 2, "4", "mailbox full", "The mailbox is full. Its owner can delete letters to make room.",
      "Try again when the recipient has made room.", "RFC 3463 3.3" },
    { 2, 3, "5", "too large for the mailbox", "The letter is larger than this mailbox allows.",
      "Send a smaller letter.", "RFC 3463 3.3" },
    { 2, 4, "45", "list trouble", "The address is a mailing list, and its members were not found.",
      "Tell the owner of the list.", "RFC 3463 3.3" },

    { 3, 0, "245", "the server as a whole",
      "It is about the server as a whole; nothing more exact is said.", "Read the text.",
      "RFC 3463 3.4" },
    { 3, 1, "4", "server full", "The server's disk is full. The recipient cannot change that.",
      "Try again later.", "RFC 3463 3.4" },
    { 3, 2, "45", "no mail taken here",
      "The server takes no mail: it shuts down, has too much to do, or never takes any.",
      "Try again later after a 4; find the right server after a 5.", "RFC 3463 3.4, RFC 7504 3" },
    { 3, 3, "45", "feature not offered",
      "The letter asks for something that the server cannot do, such as a special way of delivery.",
      "Leave out what was asked for.", "RFC 3463 3.4" },
    { 3, 4, "5", "too large", "The letter is larger than the server takes.",
      "Send a smaller letter; SIZE in the reply to EHLO names the limit.", "RFC 3463 3.4" },
    { 3, 5, "45", "server set up wrongly",
      "The server is set up in such a way that it cannot take this letter.",
      "Tell the people who run the server.", "RFC 3463 3.4" },
    { 3, 6, "2", "other urgency",
      "The letter was taken, but with another urgency than asked for. The text says which.",
      "Nothing is needed.", "RFC 6710 10" },

    { 4, 0, "45", "the network",
      "It is about the way to the next server; nothing more exact is said.", "Read the text.",
      "RFC 3463 3.5" },
    { 4, 1, "4", "no answer", "The next server did not answer.", "Try again later.",
      "RFC 3463 3.5" },
    { 4, 2, "4", "connection broke", "The connection broke off, or was too slow.",
      "Connect again later.", "RFC 3463 3.5" },
    { 4, 3, "4", "directory down",
      "A directory that the server needs, such as the DNS, gave no answer.", "Try again later.",
      "RFC 3463 3.5" },
    { 4, 4, "45", "no route", "The server does not find out where the letter must go next.",
      "Check the recipient's domain and its MX records, which name its mail servers.",
      "RFC 3463 3.5" },
    { 4, 5, "4", "too busy", "The server has too much mail to handle at the moment.",
      "Try again later.", "RFC 3463 3.5" },
    { 4, 6, "4", "going in circles",
      "The letter was passed on too many times: servers send it round in a circle.",
      "Tell the people who run the servers; a forwarding may be set up wrongly.", "RFC 3463 3.5" },
    { 4, 7, "45", "too old", "The letter was on its way too long, and the server gave up.",
      "Send it again if it is still needed.", "RFC 3463 3.5" },

    { 5, 0, "245", "the talk", "It is about the talk itself; nothing more exact is said.",
      "Read the text.", "RFC 3463 3.6" },
    { 5, 1, "5", "command not known, or not now",
      "The command is not known, or another one must come first.",
      "Check the spelling of the command and the order.", "RFC 3463 3.6" },
    { 5, 2, "5", "line not understood", "The line does not have the form of a command.",
      "Check the whole line, letter by letter.", "RFC 3463 3.6" },
    { 5, 3, "45", "too many recipients", "The letter has more recipients than allowed at once.",
      "Send the letter again for the other recipients.", "RFC 3463 3.6" },
    { 5, 4, "5", "wrong after the verb",
      "The command is known, but what stands after its first word is wrong or not offered.",
      "Check what follows the first word.", "RFC 3463 3.6" },
    { 5, 5, "45", "other version", "The two sides do not speak the same version of the protocol.",
      "Use the other version, if there is one.", "RFC 3463 3.6" },
    { 5, 6, "45", "log-in line too long", "A line of the log-in is longer than the server takes.",
      "Check the user name and the password, or use another method.", "RFC 4954 6" },

    { 6, 0, "45", "the content", "It is about what the letter holds; nothing more exact is said.",
      "Read the text.", "RFC 3463 3.7" },
    { 6, 1, "5", "kind of content not taken",
      "A part of the letter is of a kind that the next system cannot handle.",
      "Send it in another form.", "RFC 3463 3.7" },
    { 6, 2, "45", "must be converted, but may not",
      "The letter would have to be converted to be passed on, and that is forbidden.",
      "Permit it, or send the letter in ASCII only.", "RFC 3463 3.7" },
    { 6, 3, "45", "must be converted, but cannot",
      "The letter would have to be converted to be passed on, and the server cannot do that.",
      "Encode the letter first, for example as quoted-printable.", "RFC 3463 3.7" },
    { 6, 4, "245", "converted with loss",
      "The letter was converted to be passed on, and something was lost.",
      "Look at what arrived, or send it in another form.", "RFC 3463 3.7" },
    { 6, 5, "45", "conversion failed",
      "The letter had to be converted to be passed on, and that failed.",
      "Encode the letter first, for example as quoted-printable.", "RFC 3463 3.7" },
    { 6, 6, "45", "content not found",
      "The letter should be fetched from another server, and that did not work.",
      "Check the address given with BURL.", "RFC 4468 5" },
    { 6, 7, "45", "only ASCII addresses",
      "This sender or recipient may not have letters beyond ASCII in the address.",
      "Use an address in ASCII, or SMTPUTF8 where it is offered.", "RFC 6531 3.5" },
    { 6, 8, "245", "name not shown",
      "The mailbox has a name beyond ASCII, and the client has not said that it can show it.",
      "Send the command again with SMTPUTF8.", "RFC 6531 3.7.4.2" },
    { 6, 9, "45", "header beyond ASCII",
      "The letter's header has letters beyond ASCII, which a recipient's system cannot take.",
      "Write the header in ASCII, with encoded words.", "RFC 6531 3.5" },
    { 6, 10, "45", "name not shown", "The same as X.6.8, listed twice by mistake.",
      "Send the command again with SMTPUTF8.", "RFC 6531 4.2" },

    { 7, 0, "245", "security", "It is about security; nothing more exact is said.",
      "If it failed, log in or begin encryption first; else read the text.", "RFC 3463 3.8" },
    { 7, 1, "5", "not allowed",
      "A rule of the server does not let this sender write to this recipient, or pass mail through "
      "here.",
      "Read the text. For mail to other domains, log in first, or use the server of your own "
      "provider.",
      "RFC 3463 3.8" },
    { 7, 2, "5", "list closed", "This sender may not write to this mailing list.",
      "Ask the owner of the list.", "RFC 3463 3.8" },
    { 7, 3, "5", "protection not convertible",
      "The letter's protection would have to be changed into another kind, which is not possible.",
      "Send it without, or with another kind.", "RFC 3463 3.8" },
    { 7, 4, "45", "security feature not offered",
      "The letter or the log-in asks for a security feature that the server does not have.",
      "Use another method.", "RFC 3463 3.8" },
    { 7, 5, "45", "key trouble",
      "The server should check or decrypt the letter, but a key is missing or wrong.",
      "Check the keys.", "RFC 3463 3.8" },
    { 7, 6, "45", "cipher not known",
      "The server should check or decrypt the letter, but does not know the method used.",
      "Use another method.", "RFC 3463 3.8" },
    { 7, 7, "245", "changed on the way", "A check showed that the letter was changed on its way.",
      "Send it again; find out where it was changed.", "RFC 3463 3.8" },
    { 7, 8, "5", "log-in failed", "The user name or the password is wrong.",
      "Check both, and log in again.", "RFC 4954 6" },
    { 7, 9, "5", "log-in too weak", "This way to log in is not safe enough for this server.",
      "Use another method from the reply to EHLO, or a password made for one program.",
      "RFC 4954 6" },
    { 7, 10, "45", "encryption needed", "The connection must be encrypted before the log-in.",
      "Send STARTTLS, then EHLO, then AUTH again.", "RFC 5248 2.4" },
    { 7, 11, "5", "encryption needed for this",
      "This way to log in is allowed only when the connection is encrypted.",
      "Send STARTTLS, then EHLO, then AUTH again.", "RFC 4954 6" },
    { 7, 12, "4", "password must be set up",
      "The password must first be set up for this way to log in.",
      "Log in once with PLAIN, encrypted; then this way should work.", "RFC 4954 6" },
    { 7, 13, "5", "account closed",
      "The user name and the password are right, but the account has been closed.",
      "Ask the people who run the server.", "RFC 5248 2.4" },
    { 7, 14, "45", "servers do not trust each other",
      "The letter should be fetched from another server, which does not trust this one.",
      "Ask the people who run the servers.", "RFC 5248 2.4" },
    { 7, 15, "45", "not urgent enough",
      "The server takes only letters of a higher urgency, perhaps just now.",
      "Try again later, or raise the urgency.", "RFC 6710 10" },
    { 7, 16, "45", "too large for its urgency",
      "The letter is too large for the urgency it has, perhaps just now.",
      "Make it smaller, try again later, or raise the urgency.", "RFC 6710 10" },
    { 7, 17, "45", "mailbox has a new owner",
      "The mailbox has had another owner since the date that the sender named.",
      "Ask the person for the present address.", "RFC 7293 15.3" },
    { 7, 18, "45", "domain has a new owner",
      "The domain has had another owner since the date that the sender named.",
      "Ask the person for the present address.", "RFC 7293 15.3" },
    { 7, 19, "45", "owner not known",
      "The server cannot tell whether the mailbox had the same owner since the date named.",
      "Send it without the RRVS parameter, if that is safe.", "RFC 7293 15.3" },
    { 7, 20, "45", "no valid DKIM signature",
      "The letter has no valid DKIM signature, by which a domain answers for a letter.",
      "Let the sending server sign with DKIM.", "RFC 7372 3.1" },
    { 7, 21, "45", "DKIM signature not accepted",
      "The letter has a valid DKIM signature, by which a domain answers for it, but not one that "
      "this server accepts.",
      "Sign with a domain and a key that are accepted.", "RFC 7372 3.1" },
    { 7, 22, "45", "DKIM signature of another domain",
      "The letter's DKIM signature, by which a domain answers for it, is not of the domain in the "
      "From field.",
      "Sign with the domain of the From field.", "RFC 7372 3.1" },
    { 7, 23, "45", "SPF says no",
      "The sender's domain lists in the DNS, by SPF, which computers send its mail; this client is "
      "not among them.",
      "Send through the domain's own server, or add this client to the list.", "RFC 7372 3.2" },
    { 7, 24, "45", "SPF not readable",
      "The sender's domain lists in the DNS, by SPF, which computers send its mail; the list could "
      "not be read.",
      "Correct the domain's SPF record, or try again later.", "RFC 7372 3.2" },
    { 7, 25, "45", "client's address has no good name",
      "The DNS gives no name, or no fitting name, for the client's IP address.",
      "Let the owner of the IP address set its PTR record, which holds the name.", "RFC 7372 3.3" },
    { 7, 26, "45", "several checks failed",
      "More than one check of where the letter comes from has failed. Which ones is not said.",
      "Check SPF and DKIM of the sender's domain.", "RFC 7372 3.4" },
    { 7, 27, "45", "sender's domain takes no mail",
      "The sender's domain has published that it takes no mail, so no report could go back to it.",
      "Use a sender's address that can receive mail.", "RFC 7505 4.1" },
    { 7, 28, "45", "flood of mail", "Too many letters of this kind come at once.",
      "Send more slowly.", "IANA X.7.28" },
    { 7, 29, "45", "ARC broken",
      "The letter's ARC seals, by which servers on the way vouch for what they received, are not "
      "valid.",
      "Tell the people who run the last server on the way.", "RFC 8617 5.2.2" },
    { 7, 30, "45", "encryption not sure",
      "The sender demands encryption on the whole way, and the next server does not promise it.",
      "Send without REQUIRETLS, if that is safe, or to another address.", "RFC 8689 7" },
};
const size_t enhanced_row_count = sizeof enhanced_rows / sizeof enhanced_rows[0];

/*
 * Servers take the two classes of failure for each other (4.7.1, 5.2.2), and put any subject
 * behind a 2 with detail 0; a row explains those as well. Success is never explained as failure,
 * nor failure as success.
 */
static bool explains(const struct enhanced_row *row, unsigned class)
{
    switch (class) {
    case 2:
        return !row->detail || row->classes[0] == '2';
    case 4:
    case 5:
        return strchr(row->classes, '4') || strchr(row->classes, '5');
    default:
        return false;
    }
}

const struct enhanced_row *enhanced_row(struct enhanced_code code)
{
    size_t low = 0, high = enhanced_row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct enhanced_row *row = &enhanced_rows[middle];
        int order =
            code.subject != row->subject ? code.subject - row->subject : code.detail - row->detail;

        if (!order)
            return explains(row, code.class) ? row : NULL;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
