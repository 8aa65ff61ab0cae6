/*
 * What is known of each verb, and the next steps from each state.
 * Sources: RFC 5321 4.1.1, 4.1.4, 4.3.2, and for each extension its RFC.
 */
#include "registry/verbs.h"

#define ANY "500 501 421"

static const struct verb_row rows[] = {
    { VERB_EHLO, "says who the client is, and asks which extensions the server has",
      "say who you are, ask what else it can do", "EHLO domain", "EHLO crepes.fr",
      "The session is open and its extensions can be used; a letter under way is dropped.",
      "EHLO says who you are and asks for extensions. The reply has one line for each of them.",
      "250", "502 504 550 " ANY, "RFC 5321 4.1.1.1" },
    { VERB_HELO, "says who the client is, in the old way without extensions", "say who you are",
      "HELO domain", "HELO crepes.fr",
      "The session is open, without extensions; a letter under way is dropped.",
      "HELO says who you are: it gives the name of your host. The server answers with its own.",
      "250", "502 504 550 " ANY, "RFC 5321 4.1.1.1" },
    { VERB_LHLO, "says who the client is, in LMTP, where a server answers for each recipient",
      "say who you are, in LMTP", "LHLO domain", "LHLO crepes.fr",
      "The session is open; after the dot comes one reply for each accepted recipient.",
      "LHLO is the greeting of LMTP, the sister of SMTP for delivery into mailboxes.", "250",
      "500 501 421", "RFC 2033 4.1" },
    { VERB_STARTTLS, "asks to encrypt the connection from here on", "encrypt the connection",
      "STARTTLS", "STARTTLS",
      "The TLS handshake follows; after it the client greets again with EHLO.",
      "STARTTLS asks to encrypt. After a 220 the next octets are the handshake, no command.", "220",
      "454 501 502 503 554 421", "RFC 3207 4" },
    { VERB_AUTH, "logs in, with a method that the server offers", "log in",
      "AUTH mechanism [initial-response]", "AUTH PLAIN",
      "The server knows who you are, and may let you send to anyone.",
      "AUTH begins a login. The server asks with 334 for more, or decides at once.", "235",
      "432 454 503 504 534 535 538 " ANY, "RFC 4954 4" },
    { VERB_MAIL, "begins a letter and names its sender", "begin a letter, name its sender",
      "MAIL FROM:<reverse-path> [parameters]", "MAIL FROM:<alice@crepes.fr>",
      "A letter is under way: the server has its sender and waits for recipients.",
      "MAIL begins a letter. The address is the sender on the envelope: if delivery fails, a "
      "report goes there.",
      "250", "451 452 455 503 550 552 553 555 " ANY, "RFC 5321 4.1.1.2" },
    { VERB_RCPT, "names one recipient of the letter", "name a recipient",
      "RCPT TO:<forward-path> [parameters]", "RCPT TO:<bob@hamburger.edu>",
      "The letter has one recipient more.",
      "RCPT names one recipient. For several, send it again; each gets its own answer.", "250 251",
      "450 451 452 455 503 550 551 552 553 555 " ANY, "RFC 5321 4.1.1.3" },
    { VERB_DATA, "asks to send the letter itself", "write the letter", "DATA", "DATA",
      "After 354 every line is the letter's, until a line with only a dot.",
      "DATA asks to send the letter. Wait for the 354: only then do its lines begin.", "354",
      "503 554 " ANY, "RFC 5321 4.1.1.4" },
    { VERB_BDAT, "sends a part of the letter, counted in octets",
      "send a part of the letter, counted in octets", "BDAT size [LAST]", "BDAT 42 LAST",
      "A part of the letter is in; with LAST the letter is complete.",
      "BDAT sends so many octets of the letter right behind this line, with no dot at the end.",
      "250", "451 452 503 552 554 " ANY, "RFC 3030 2" },
    { VERB_RSET, "drops the letter under way; the greeting stays", "drop this letter, HELO stays",
      "RSET", "RSET", "Sender, recipients and text are forgotten; the greeting still holds.",
      "RSET asks the server to forget the letter under way. Your greeting still holds.", "250", ANY,
      "RFC 5321 4.1.1.5" },
    { VERB_NOOP, "does nothing, and is answered all the same", "do nothing, get a reply",
      "NOOP [text]", "NOOP", "Nothing changes.",
      "NOOP does nothing. It shows that the server is there and still listens.", "250", ANY,
      "RFC 5321 4.1.1.9" },
    { VERB_HELP, "asks the server for help", "ask what the server knows", "HELP [topic]", "HELP",
      "Nothing changes.",
      "HELP asks the server itself. Its answer is text for people; some servers have none.",
      "211 214", "502 504 " ANY, "RFC 5321 4.1.1.8" },
    { VERB_VRFY, "asks whether a mailbox exists", "ask whether a mailbox exists", "VRFY string",
      "VRFY bob", "Nothing changes.",
      "VRFY asks whether a mailbox exists. Most servers do not tell, to protect their users.",
      "250 251 252", "502 504 550 551 553 " ANY, "RFC 5321 4.1.1.6" },
    { VERB_EXPN, "asks who is on a mailing list", "ask who is on a mailing list", "EXPN string",
      "EXPN friends", "Nothing changes.",
      "EXPN asks who is on a mailing list. Most servers do not tell, to protect their users.",
      "250 252", "502 504 550 " ANY, "RFC 5321 4.1.1.7" },
    { VERB_ETRN, "asks the server to send the mail that it holds for a host",
      "ask for waiting mail to be sent", "ETRN host", "ETRN crepes.fr",
      "The server starts its queue for that host, over connections of its own.",
      "ETRN asks the server to send what waits for a host. It comes over another connection.",
      "250 251 252 253", "458 459 " ANY, "RFC 1985 5" },
    { VERB_QUIT, "ends the talk", "end the talk", "QUIT", "QUIT",
      "The server says goodbye with 221 and closes the connection.",
      "QUIT ends the talk in good order. A letter that is not complete is dropped.", "221", ANY,
      "RFC 5321 4.1.1.10" },
};

const struct verb_row *verb_row(enum verb verb)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].verb == verb)
            return &rows[i];
    return NULL;
}

/* None: before the greeting and inside a TLS handshake the client waits; at the end nothing comes.
 */
const struct next_row next_rows[] = {
    { AT_HELLO, VERB_HELO, false, "HELO %c", "HELO %c", "\"hello, this is %c\"" },
    { AT_HELLO, VERB_EHLO, false, "EHLO %c", "EHLO %c", "the same, and \"what else can you do?\"" },
    { AT_READY, VERB_MAIL, false, "MAIL FROM:<...>", "MAIL FROM:<%f>",
      "begin a letter, name its sender" },
    { AT_READY, VERB_QUIT, false, "QUIT", "QUIT", "end the talk" },
    { AT_READY, VERB_HELP, false, "HELP", "HELP", "ask what the server knows" },
    { AT_READY, VERB_NOOP, false, "NOOP", "NOOP", "do nothing, get a reply" },
    { AT_MAIL, VERB_RCPT, false, "RCPT TO:<...>", "RCPT TO:<%t>", "name a recipient" },
    { AT_MAIL, VERB_RSET, false, "RSET", "RSET", "drop this letter, HELO stays" },
    { AT_MAIL, VERB_QUIT, false, "QUIT", "QUIT", "end the talk" },
    { AT_RCPT, VERB_DATA, false, "DATA", "DATA", "write the letter" },
    { AT_RCPT, VERB_RCPT, false, "RCPT TO:<...>", "RCPT TO:<%t>", "one more recipient" },
    { AT_RCPT, VERB_RSET, false, "RSET", "RSET", "drop this letter, HELO stays" },
    { AT_RCPT, VERB_QUIT, false, "QUIT", "QUIT", "end the talk" },
    { AT_BODY, VERB_BODY_END, false, ".", ".", "alone ends the letter" },
    { AT_CHUNK, VERB_BDAT, true, "BDAT ... LAST", "BDAT 0 LAST", "end the letter" },
    { AT_CHUNK, VERB_RSET, false, "RSET", "RSET", "drop this letter, HELO stays" },
    { AT_CHUNK, VERB_QUIT, false, "QUIT", "QUIT", "end the talk" },
    { AT_AUTH, VERB_AUTH_LINE, false, "*", "*", "give up the login" },
    { AT_REFUSED, VERB_QUIT, false, "QUIT", "QUIT", "end the talk" },
};
const size_t next_row_count = sizeof next_rows / sizeof next_rows[0];
