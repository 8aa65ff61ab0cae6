/*
 * Reply codes, those of the standards first, then those that servers and help pages use besides:
 * such rows say so. Not here: what a code means after one verb (meanings.c), and its single digits
 * (digits.c).
 *
 * Sources: RFC 5321 4.2.3 and 4.3.2, and the RFCs named in the rows.
 */
#include "registry/codes.h"

/* Sorted by code: code_row() halves its way through. */
const struct code_row code_rows[] = {
    { 211, "status", "The server tells how it is, or helps with a command.",
      "Status, or help with a command.", "Read it, and go on with any command.", "HELP",
      "RFC 5321 4.2.3" },
    { 214, "help",
      "The server explains itself or a command. The text is for people; programs skip it.",
      "Help text for people.", "Read it, and go on with any command.", "HELP", "RFC 5321 4.2.3" },
    { 220, "ready",
      "The server is ready. As its first line this is the greeting; after STARTTLS it means that "
      "encryption may begin.",
      "Greeting, or go-ahead for TLS.",
      "After the greeting say EHLO or HELO; after STARTTLS begin encryption.",
      "CONNECT STARTTLS XCLIENT", "RFC 5321 4.2.3, RFC 3207 4" },
    { 221, "goodbye", "The server says goodbye and closes the connection.",
      "Normal end; the server closes.", "Close the connection too.", "QUIT", "RFC 5321 4.2.3" },
    { 235, "logged in", "The log-in was successful.", "AUTH succeeded.", "Go on with MAIL.", "AUTH",
      "RFC 4954 6" },
    { 250, "done", "The server did what was asked, and is ready for the next command.", "Done.",
      "Go on with the next command.",
      "EHLO HELO LHLO MAIL RCPT . BDAT BURL RSET VRFY EXPN NOOP ETRN ATRN XFORWARD",
      "RFC 5321 4.2.3" },
    { 251, "will forward",
      "The recipient is elsewhere, but the server knows where and will pass the letter on. After "
      "ETRN: no letters wait.",
      "Not local, will forward; after ETRN: nothing queued.",
      "Nothing is needed; note the new address if the text names one.", "RCPT VRFY ETRN",
      "RFC 5321 3.4, RFC 1985 5.1" },
    { 252, "not verified",
      "The server does not say whether the address exists, but it would take a letter for it. "
      "After ETRN: the waiting letters are being sent.",
      "Cannot verify, will try; after ETRN: queue run started.",
      "To learn more, send the letter and see.", "VRFY EXPN ETRN", "RFC 5321 3.5.3, RFC 1985 5.1" },
    { 253, "waiting letters started",
      "The letters that wait for this domain are being sent. The text says how many there are.",
      "ETRN: queue run started, with a count.", "Wait for the letters to arrive.", "ETRN",
      "RFC 1985 5.1" },
    { 334, "log-in goes on",
      "The server asks for the next piece of the log-in. Its text is base64, a way to write any "
      "octets as plain letters and digits.",
      "SASL challenge in base64; it may be empty.",
      "Send the answer in base64, or a lone * to give up the log-in.", "AUTH", "RFC 4954 4" },
    { 353, "a reply each",
      "The server has the letter. It will now answer for each recipient apart, then once for the "
      "whole.",
      "PRDR: replies for each recipient follow.",
      "Read one reply for each recipient, and one more at the end.", ".", "draft-hall-prdr, Exim" },
    { 354, "go on, send the letter",
      "The server waits for the letter. It stays silent until a line comes that holds only a dot.",
      "Send the content, end with the dot.",
      "Send the letter, and at its end a line with only a dot.", "DATA", "RFC 5321 4.2.3" },
    { 421, "closing",
      "The server cannot go on now and closes the connection. It may shut down, be too busy, or "
      "have waited too long. This can come at any moment.",
      "Server closes: shutdown, load, a limit or a time-out.",
      "Connect again later; what got no 250 after its end must be sent again.", "CONNECT any",
      "RFC 5321 4.2.3, 3.8" },
    { 422, "password must be set up",
      "The password must first be set up for this way to log in. The registry lists 422; the "
      "standard says 432.",
      "Password transition; RFC 4954 says 432.",
      "Log in once with PLAIN, encrypted; then this way should work.", "AUTH", "IANA X.7.12" },
    { 424, "list trouble",
      "The mailing list could not find its members at the moment. No standard has this code.",
      "OpenSMTPD: list expansion problem.", "Try again later; then tell the owner of the list.",
      "RCPT", "OpenSMTPD" },
    { 426, "took too long",
      "The connection took too long. Some reports about failed letters show this code; no standard "
      "has it.",
      "Not standard: connection timed out.", "Try again later.", ".", "seen in reports" },
    { 430, "not now",
      "The command does not fit at the moment. A registry lists this code; no standard describes "
      "it.",
      "Listed beside X.5.1 only.", "Try again later.", "any", "IANA X.5.1" },
    { 432, "password must be set up",
      "The password must first be set up for this way to log in. Some servers say 432 when a "
      "mailbox gets too many letters at once.",
      "Password transition; Exchange Online: throttling.",
      "Log in once with PLAIN, encrypted; then this way should work.", "AUTH", "RFC 4954 6" },
    { 435, "no log-in now",
      "Logging in is not possible at the moment. Exim's own code; the standard has 454.",
      "Exim: temporary AUTH failure; RFC 4954 has 454.", "Try again later.", "AUTH", "Exim" },
    { 442, "connection broke",
      "The connection broke off. Mail programs write this code in logs and reports; servers do "
      "not send it.",
      "A client's log code, not from the wire.", "Try again later.", "", "seen in reports" },
    { 450, "mailbox not available now",
      "Not now. The mailbox may be in use, or the server wants unknown senders to come back after "
      "some minutes.",
      "Temporary: mailbox busy, policy, or greylisting.",
      "Keep the letter and try again after some minutes.", "MAIL RCPT . ATRN",
      "RFC 5321 4.2.3, RFC 2645 7" },
    { 451, "trouble at the server",
      "Something went wrong on the server's side, or it must check something first. The letter may "
      "be quite all right.",
      "Temporary: local error, or a check not finished.", "Keep the letter and try again later.",
      "MAIL RCPT . BDAT BURL ATRN", "RFC 5321 4.2.3, RFC 2645 7" },
    { 452, "no room now",
      "The server has no room at the moment, or the letter has more recipients than it takes at "
      "once.",
      "Temporary: storage, or too many recipients.",
      "Recipients accepted so far are valid: send to the others afterwards, or try again later.",
      "MAIL RCPT . BDAT", "RFC 5321 4.2.3, 4.5.3.1.10" },
    { 453, "no letters for you", "No letters wait at this server for the client.",
      "ATRN: nothing queued.", "Nothing is needed; ask again another time.", "ATRN", "RFC 2645 7" },
    { 454, "not possible now",
      "The server cannot log you in, or begin encryption, at the moment. The password may be "
      "right.",
      "Temporary: AUTH or TLS not available.", "Try again later, with the same password.",
      "AUTH STARTTLS", "RFC 4954 6, RFC 3207 4" },
    { 455, "parameter not possible now",
      "The server knows the parameter after the address, but cannot do what it asks at the moment.",
      "Temporary: cannot honour a parameter.", "Try again later, or leave the parameter out.",
      "MAIL RCPT", "RFC 5321 4.2.3, 4.1.1.11" },
    { 458, "cannot start now", "The server cannot start to send the waiting letters at the moment.",
      "ETRN: queue run not possible.", "Try again later.", "ETRN", "RFC 1985 5.1" },
    { 459, "not for this name",
      "The server does not send out letters for this name on request. The text says why.",
      "ETRN: node not allowed.", "Read the reason, and ask the people who run the server.", "ETRN",
      "RFC 1985 5.1" },
    { 471, "own filter objects",
      "A spam filter on the sender's own side objects. Help pages tell of this code; servers do "
      "not "
      "send it.",
      "A client's code, not from the wire.", "Look at the filter on the sender's side.", "",
      "seen in help pages" },
    { 500, "command not known", "The server does not know this command, or the line was too long.",
      "Syntax error: unknown command, or line too long.",
      "Check the spelling; if it was EHLO, say HELO.", "any", "RFC 5321 4.2.3" },
    { 501, "something wrong after the verb",
      "The server knows the command, but not what stands after its first word: something is "
      "missing, misspelt or out of place.",
      "Syntax error in the arguments; or AUTH was given up.",
      "Check what follows the first word, and send the line again.", "any", "RFC 5321 4.2.3" },
    { 502, "command not offered", "The server knows this command but does not offer it.",
      "Command not implemented.", "Do without it; the reply to EHLO shows what is offered.", "any",
      "RFC 5321 4.2.3, 4.2.4" },
    { 503, "wrong order", "This command does not fit here: another one has to come before it.",
      "Bad sequence of commands.", "The order is HELO or EHLO, MAIL, RCPT, DATA.", "any",
      "RFC 5321 4.2.3, 4.1.4" },
    { 504, "value not offered",
      "The server knows the command, but does not offer the value or the parameter that came with "
      "it.",
      "Parameter or AUTH mechanism not implemented.",
      "Use another value; for AUTH, a method from the reply to EHLO.", "any",
      "RFC 5321 4.2.3, RFC 4954 4" },
    { 510, "bad address", "The address is wrong. Help pages tell of this code; no standard has it.",
      "Not standard: bad address.", "Check the address.", "", "seen in help pages" },
    { 521, "takes no mail", "This computer never takes mail, whoever sends it.",
      "Host accepts no mail at all.",
      "Say QUIT; ask the DNS which server takes mail for the domain.", "CONNECT", "RFC 7504 3" },
    { 522, "mailbox full",
      "The mailbox has no room. Some reports about failed letters show this code; no standard has "
      "it.",
      "Not standard: over quota.", "Ask the recipient, in another way, to make room.", "RCPT .",
      "seen in reports" },
    { 523, "encryption needed",
      "The connection must be encrypted first. A registry lists this code.",
      "Encryption needed, usually with 5.7.10.", "Send STARTTLS, then EHLO, then this again.",
      "AUTH MAIL", "RFC 5248 2.4" },
    { 524, "encryption needed for this",
      "This way to log in is allowed only when the connection is encrypted. The registry lists "
      "524; the standard says 538.",
      "Mechanism needs TLS; RFC 4954 says 538.", "Send STARTTLS, then EHLO, then AUTH again.",
      "AUTH", "IANA X.7.11" },
    { 525, "account closed",
      "The user name and the password are right, but the account has been closed.",
      "Account disabled.", "Ask the people who run the server.", "AUTH", "RFC 5248 2.4" },
    { 530, "something must come first",
      "The server wants you to log in first, or to switch to encryption first. The text says "
      "which.",
      "AUTH or STARTTLS required.", "Send STARTTLS or AUTH, then this command again.", "any",
      "RFC 4954 6, RFC 3207 4" },
    { 533, "not allowed",
      "This sender may not send to this address. A registry lists this code; servers use 550.",
      "Listed beside X.7.1 only.", "Read the text for the reason.", "any", "IANA X.7.1" },
    { 534, "log-in too weak", "This way to log in is not safe enough for this server.",
      "AUTH mechanism too weak.",
      "Use another method from the reply to EHLO, or a password made for one program.", "AUTH",
      "RFC 4954 6" },
    { 535, "log-in failed", "The user name or the password is wrong.", "AUTH credentials invalid.",
      "Check both; some providers want a separate password for mail programs.", "AUTH",
      "RFC 4954 6" },
    { 538, "encryption needed for this",
      "This way to log in is allowed only when the connection is encrypted.",
      "AUTH mechanism needs TLS; historic.", "Send STARTTLS, then EHLO, then AUTH again.", "AUTH",
      "RFC 4954 6" },
    { 541, "refused by a filter",
      "A filter refuses this recipient or letter. Some servers send this code; no standard has it.",
      "Not standard: rejected by a filter.", "Read the text for the reason.", "RCPT",
      "seen on the wire" },
    { 542, "refused", "The server refuses. Some servers send this code; no standard has it.",
      "Not standard: rejected.", "Read the text for the reason.", "RCPT", "seen on the wire" },
    { 550, "refused",
      "The server refuses. Mostly the mailbox does not exist; it may also be a rule of the server, "
      "such as a spam filter.",
      "Unknown mailbox, no access, or policy.",
      "Check the address and read the text; the same again will not help.",
      "EHLO HELO MAIL RCPT . VRFY EXPN XCLIENT XFORWARD", "RFC 5321 4.2.3" },
    { 551, "recipient elsewhere",
      "The recipient is not at this server, and it does not pass letters on. The text may name the "
      "right address.",
      "Not local, will not forward.", "Send to the address in the text, if you trust it.",
      "RCPT VRFY", "RFC 5321 3.4" },
    { 552, "too large or full", "The letter is larger than allowed, or the mailbox is full.",
      "Size limit, quota, or too many recipients.",
      "Make the letter smaller, or wait until the recipient has made room.",
      "MAIL RCPT . BDAT BURL", "RFC 5321 4.2.3, 4.5.3.1.10" },
    { 553, "address not allowed",
      "The server does not take this address: its form is wrong, or it is not allowed here.",
      "Mailbox name not allowed, often its syntax.", "Check the address, letter by letter.",
      "MAIL RCPT VRFY", "RFC 5321 4.2.3" },
    { 554, "failed",
      "It did not work; the text may say why. As the first line of the server it means: no mail "
      "service here, or not for you.",
      "Transaction failed; at connect: no service.",
      "Read the text; after the connection itself, only QUIT is left.",
      "CONNECT MAIL RCPT DATA . BDAT BURL STARTTLS", "RFC 5321 4.2.3, 3.1" },
    { 555, "parameter not known",
      "The server does not know a parameter that stands after the address.",
      "MAIL or RCPT parameter not recognized.",
      "Leave the parameter out; use only what the reply to EHLO offers.", "MAIL RCPT",
      "RFC 5321 4.2.3, 4.1.1.11" },
    { 556, "domain takes no mail",
      "The recipient's domain has published, in the DNS, that it takes no mail at all.",
      "Recipient's domain accepts no mail (null MX).", "Check the part of the address after the @.",
      "RCPT", "RFC 7504 4, RFC 7505 4.1" },
    { 571, "refused by policy",
      "The server refuses by a rule of its own. It is 5.7.1 written as a reply code; no standard "
      "has it.",
      "Not standard: 5.7.1 as a reply code.", "Read the text for the reason.", "CONNECT RCPT .",
      "seen in reports" },
};
const size_t code_row_count = sizeof code_rows / sizeof code_rows[0];

const struct code_row *code_row(unsigned code)
{
    size_t low = 0, high = code_row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (code_rows[middle].code == code)
            return &code_rows[middle];
        if (code < code_rows[middle].code)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
