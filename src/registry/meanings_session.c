/*
 * What replies mean that open and secure the talk: the greeting, EHLO, HELO, LHLO, STARTTLS, AUTH.
 * Sources: RFC 5321 3.1, 4.1.1.1, 4.1.4, RFC 2033 4, RFC 3207 4, RFC 4954 4 and 6.
 */
#include "registry/meanings.h"

static const struct meaning_row rows[] = {
    /* the connection */
    { VERB_CONNECT, 220,
      "220 = the server is ready. In SMTP the server speaks first; now you say who you are. The "
      "first digit is the verdict: 2 yes, 3 go on, 4 later, 5 no.",
      "service ready", "The client greets with EHLO, or with HELO.", "RFC 5321 3.1, 4.2.1" },
    { VERB_CONNECT, 421,
      "421 = the server has no time or no place for you now, and closes the connection. A "
      "program tries again later, or another server.",
      "service not available, closing", LATER, "RFC 5321 3.8, 4.2.3" },
    { VERB_CONNECT, 521,
      "521 = this host never takes mail. There is no use in trying again; the letter has to go "
      "to another server.",
      "host does not accept mail", "The sender's program tries another server of the domain.",
      "RFC 7504 3" },
    { VERB_CONNECT, 554,
      "554 = the server takes no mail from this client. Only QUIT is left; the text may say why, "
      "such as a list of unwanted senders.",
      "no SMTP service for this client; it may be on a blocklist",
      "The sender's administrator reads the text and removes "
      "the cause.",
      "RFC 5321 3.1" },
    { VERB_CONNECT, 2,
      "the server is ready and greets, with an unusual code. Now you say who you "
      "are.",
      "positive greeting other than 220", "The client greets with EHLO, or with HELO.",
      "RFC 5321 3.1, 4.3.2" },
    ASKS(VERB_CONNECT, "the connection", CODES),
    { VERB_CONNECT, 4,
      "the server cannot serve you now. A program tries again later, or another "
      "server.",
      "greeting refused for now", LATER, "RFC 5321 3.8, 4.2.1" },
    { VERB_CONNECT, 5, "the server turns you away. Only QUIT is left; the text may say why.",
      "greeting refused", "The sender's administrator reads the text and removes the cause.",
      "RFC 5321 3.1" },

    /* EHLO, HELO, LHLO */
    { VERB_EHLO, 250,
      "250 = the server has heard who you say you are. Each line after the first is an extension "
      "that it offers. Now a letter may begin.",
      "EHLO accepted, extensions listed", "The client may begin a letter with MAIL.",
      "RFC 5321 4.1.1.1" },
    CLOSES(VERB_EHLO, "EHLO", "RFC 5321 3.8"),
    { VERB_EHLO, 500,
      "500 = the server does not know EHLO; it may be very old. Greet with HELO instead, which "
      "has no extensions.",
      "EHLO not recognised: fall back to HELO", "The client greets with HELO.", "RFC 5321 3.2" },
    { VERB_EHLO, 501,
      "501 = the server does not take the name after EHLO. Give the full name of your host, such "
      "as EHLO crepes.fr.",
      "syntax error in the name after EHLO", "The client corrects the name and greets again.",
      "RFC 5321 4.1.4" },
    { VERB_EHLO, 502,
      "502 = the server does not offer EHLO. Greet with HELO instead; extensions cannot be used "
      "then.",
      "EHLO not implemented: fall back to HELO", "The client greets with HELO.", "RFC 5321 3.2" },
    { VERB_EHLO, 503,
      "503 = the server does not take EHLO at this point. Some servers want it once only; the "
      "greeting before still holds.",
      "bad sequence: EHLO not allowed now", "The client goes on, or hangs up with QUIT.",
      "RFC 5321 4.1.4" },
    { VERB_EHLO, 504,
      "504 = the server refuses the name in your EHLO. Often it wants a full name with a domain.",
      "name after EHLO refused", "The client greets again with the full name of its host.",
      "RFC 5321 4.3.2" },
    { VERB_EHLO, 550,
      "550 = the server refuses your EHLO by a rule of its own. The text may say what it "
      "dislikes, often the name.",
      "EHLO refused by policy", "The sender's administrator reads the text and removes the cause.",
      "RFC 5321 4.1.4" },
    { VERB_EHLO, 2, "the server took your EHLO, with an unusual code. Now a letter may begin.",
      "EHLO accepted", "The client may begin a letter with MAIL.", CODES },
    ASKS(VERB_EHLO, "EHLO", CODES),
    { VERB_EHLO, 4, "the server did not take EHLO for now. The same line may work later.",
      "EHLO refused for now", SOON, CODES },
    { VERB_EHLO, 5, "the server did not take EHLO. Correct the name, or try HELO.", "EHLO refused",
      "The client corrects the name, or greets with HELO.", CODES },
    { VERB_HELO, 250,
      "250 = the server has heard who you say you are. Now a letter may begin: MAIL names its "
      "sender.",
      "HELO accepted, no extensions", "The client may begin a letter with MAIL.",
      "RFC 5321 4.1.1.1" },
    CLOSES(VERB_HELO, "HELO", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_HELO, "HELO", "RFC 5321 4.2.4"),
    { VERB_HELO, 501,
      "501 = the server does not take the name after HELO. Give the full name of your host, such "
      "as HELO crepes.fr.",
      "syntax error in the name after HELO", "The client corrects the name and greets again.",
      "RFC 5321 4.1.4" },
    NOT_DONE(VERB_HELO, "HELO", "RFC 5321 4.2.4"),
    { VERB_HELO, 503,
      "503 = the server does not take HELO at this point. Some servers want it once only; the "
      "greeting before still holds.",
      "bad sequence: HELO not allowed now", "The client goes on, or hangs up with QUIT.",
      "RFC 5321 4.1.4" },
    { VERB_HELO, 504,
      "504 = the server refuses the name in your HELO. Often it wants a full name with a domain.",
      "name after HELO refused", "The client greets again with the full name of its host.",
      "RFC 5321 4.3.2" },
    { VERB_HELO, 550,
      "550 = the server refuses your HELO by a rule of its own. The text may say what it "
      "dislikes, often the name.",
      "HELO refused by policy", "The sender's administrator reads the text and removes the cause.",
      "RFC 5321 4.1.4" },
    { VERB_HELO, 2, "the server took your HELO, with an unusual code. Now a letter may begin.",
      "HELO accepted", "The client may begin a letter with MAIL.", CODES },
    ASKS(VERB_HELO, "HELO", CODES),
    { VERB_HELO, 4, "the server did not take HELO for now. The same line may work later.",
      "HELO refused for now", SOON, CODES },
    { VERB_HELO, 5, "the server did not take HELO. Correct the name and greet again.",
      "HELO refused", "The client corrects the name and greets again.", CODES },
    { VERB_LHLO, 250,
      "250 = this is an LMTP server, and it knows who you are. After the dot it will answer once "
      "for each recipient.",
      "LHLO accepted, extensions listed", "The client may begin a letter with MAIL.",
      "RFC 2033 4.1, 4.2" },
    CLOSES(VERB_LHLO, "LHLO", "RFC 5321 3.8"),
    { VERB_LHLO, 500,
      "500 = the server does not know LHLO, so it does not speak LMTP. Greet with EHLO or HELO "
      "instead.",
      "LHLO not recognised: no LMTP here", "The client greets with EHLO.", "RFC 2033 4.1" },
    BAD_ARGUMENT(VERB_LHLO, "LHLO", "RFC 5321 4.2.2"),
    NOT_DONE(VERB_LHLO, "LHLO", "RFC 5321 4.2.4"),
    { VERB_LHLO, 2, "the server took your LHLO, with an unusual code. Now a letter may begin.",
      "LHLO accepted", "The client may begin a letter with MAIL.", CODES },
    ASKS(VERB_LHLO, "LHLO", CODES),
    { VERB_LHLO, 4, "the server did not take LHLO for now. The same line may work later.",
      "LHLO refused for now", SOON, CODES },
    { VERB_LHLO, 5, "the server did not take LHLO. It may speak SMTP only: try EHLO.",
      "LHLO refused", "The client tries EHLO.", CODES },

    /* TLS */
    { VERB_STARTTLS, 220,
      "220 = the server is ready to encrypt. The next octets are the TLS handshake; after it the "
      "client greets again.",
      "ready to start TLS", "The client starts the handshake, then sends EHLO again.",
      "RFC 3207 4, 4.2" },
    CLOSES(VERB_STARTTLS, "STARTTLS", "RFC 5321 3.8"),
    { VERB_STARTTLS, 454,
      "454 = the server cannot encrypt just now. Go on without, if the letter allows it, or try "
      "later.",
      "TLS not available for now", "The client decides: later, or without TLS.", "RFC 3207 4" },
    NOT_KNOWN(VERB_STARTTLS, "STARTTLS", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_STARTTLS, "STARTTLS", "RFC 3207 4"),
    NOT_DONE(VERB_STARTTLS, "STARTTLS", "RFC 5321 4.2.4"),
    WRONG_TIME(VERB_STARTTLS, "STARTTLS", "RFC 5321 4.2.3"),
    { VERB_STARTTLS, 2,
      "the server took STARTTLS, with an unusual code. The TLS handshake comes "
      "next.",
      "STARTTLS accepted", "The client starts the handshake.", CODES },
    ASKS(VERB_STARTTLS, "STARTTLS", CODES),
    { VERB_STARTTLS, 4, "the server cannot encrypt for now. It may work later.",
      "STARTTLS refused for now", "The client decides: later, or without TLS.", CODES },
    { VERB_STARTTLS, 5, "the server does not encrypt here. The connection stays as it was.",
      "STARTTLS refused", "The client decides: without TLS, or not at all.", CODES },
    { VERB_TLS_DONE, 2,
      "the connection is encrypted now. What was said before no longer counts, so greet again with "
      "EHLO.",
      "TLS established, state void", "The client sends EHLO again.", "RFC 3207 4.2" },
    ASKS(VERB_TLS_DONE, "the TLS handshake", CODES),
    { VERB_TLS_DONE, 4, "the server cannot go on for now, though the TLS handshake is done.",
      "refused for now after TLS", LATER, CODES },
    { VERB_TLS_DONE, 5, "the server does not go on after the TLS handshake.", "refused after TLS",
      "The client hangs up.", CODES },

    /* AUTH */
    { VERB_AUTH, 235,
      "235 = you are logged in. Many servers take letters to anywhere only from people whom they "
      "know in this way.",
      "authenticated", "The client may begin a letter with MAIL.", "RFC 4954 4, 6" },
    { VERB_AUTH, 334,
      "334 = the login goes on: the server asks for the next answer. What is sent now is secret "
      "and is not shown here.",
      "challenge; answer in base64", "The client sends its answer in base64, or * to give up.",
      "RFC 4954 4" },
    CLOSES(VERB_AUTH, "AUTH", "RFC 5321 3.8"),
    { VERB_AUTH, 432,
      "432 = this way to log in must be prepared first. Mostly one login with PLAIN, over TLS, "
      "does it; ask the provider.",
      "password transition needed", "The user logs in once with PLAIN over TLS.", "RFC 4954 6" },
    { VERB_AUTH, 454,
      "454 = the server cannot check logins just now. The password is not at fault; try later.",
      "temporary authentication failure", LATER, "RFC 4954 6" },
    { VERB_AUTH, 500,
      "500 = the server does not take this AUTH line: it does not know AUTH, or the line is too "
      "long.",
      "AUTH not recognised, or line too long", NEVER, "RFC 4954 6" },
    { VERB_AUTH, 501,
      "501 = the AUTH line has the wrong form, often because its answer is not base64. Nobody is "
      "logged in.",
      "syntax error in AUTH, or bad base64", "The client corrects the line and logs in again.",
      "RFC 4954 4" },
    NOT_DONE(VERB_AUTH, "AUTH", "RFC 5321 4.2.4"),
    { VERB_AUTH, 503,
      "503 = AUTH is not allowed now: it is not offered here, you are logged in already, or a "
      "letter is under way.",
      "bad sequence: AUTH not allowed now",
      "The client looks at the EHLO reply; often TLS comes "
      "first.",
      "RFC 4954 4" },
    { VERB_AUTH, 504,
      "504 = the server does not know this way to log in. The EHLO reply names its ways after "
      "AUTH.",
      "mechanism not supported", "The client chooses a mechanism that EHLO names.", "RFC 4954 4" },
    { VERB_AUTH, 530,
      "530 = the server wants something before it lets you log in; most often STARTTLS. The text "
      "says which.",
      "something is required before AUTH, mostly TLS", "The client encrypts with STARTTLS first.",
      "RFC 3207 4" },
    { VERB_AUTH, 534,
      "534 = this way to log in is too weak for this server. Choose a stronger one that EHLO "
      "names.",
      "mechanism too weak", "The client chooses a stronger mechanism.", "RFC 4954 6" },
    { VERB_AUTH, 535,
      "535 = the login failed: the user or the password is not right. Nothing else has changed; "
      "you may try again.",
      "credentials invalid", "The user checks name and password.", "RFC 4954 6" },
    { VERB_AUTH, 538,
      "538 = this way to log in needs an encrypted connection. Send STARTTLS first.",
      "encryption required for this mechanism", "The client encrypts with STARTTLS first.",
      "RFC 4954 6" },
    { VERB_AUTH, 2, "you are logged in, though the usual code for it is 235.", "authenticated",
      "The client may begin a letter with MAIL.", CODES },
    { VERB_AUTH, 3, "the login goes on: the server asks for the next answer.",
      "intermediate reply to AUTH", "The client sends its answer in base64, or * to give up.",
      "RFC 4954 4" },
    { VERB_AUTH, 4, "the login did not work for now. It may work later.", "AUTH refused for now",
      LATER, CODES },
    { VERB_AUTH, 5, "the login is refused. Nobody is logged in.", "AUTH refused", NEVER, CODES },
    { VERB_AUTH_LINE, 235, "235 = the server accepts your answers: you are logged in.",
      "authenticated", "The client may begin a letter with MAIL.", "RFC 4954 4, 6" },
    { VERB_AUTH_LINE, 334,
      "334 = the server took this answer and asks for the next one. What you send is secret and "
      "is not shown here.",
      "next challenge; answer in base64", "The client sends the next answer, or * to give up.",
      "RFC 4954 4" },
    CLOSES(VERB_AUTH_LINE, "the login", "RFC 5321 3.8"),
    { VERB_AUTH_LINE, 454,
      "454 = the server could not check your answers just now. The password is not at fault; try "
      "later.",
      "temporary authentication failure", LATER, "RFC 4954 6" },
    { VERB_AUTH_LINE, 501,
      "501 = the login was given up with *, or the answer was not base64. Nobody is logged in.",
      "exchange cancelled, or bad base64", "The client may log in again.", "RFC 4954 4" },
    { VERB_AUTH_LINE, 535,
      "535 = the answers were not right: the login failed. You may start again with AUTH.",
      "credentials invalid", "The user checks name and password.", "RFC 4954 6" },
    { VERB_AUTH_LINE, 2, "the login worked, though the usual code for it is 235.", "authenticated",
      "The client may begin a letter with MAIL.", CODES },
    { VERB_AUTH_LINE, 3, "the server asks for one answer more.", "next challenge",
      "The client sends the next answer, or * to give up.", "RFC 4954 4" },
    { VERB_AUTH_LINE, 4, "the login is not finished for now. It may work later.",
      "authentication failed for now", LATER, CODES },
    { VERB_AUTH_LINE, 5, "the login failed. You may start again with AUTH.",
      "authentication failed", NEVER, CODES },
};
const struct meaning_group meanings_session = { rows, sizeof rows / sizeof rows[0] };
