/*
 * What a reply means after this verb. The first row that fits is taken: exact codes stand before
 * classes. A row of an exact code begins with the code ("250 = ..."); in a row of a class the
 * reader puts the code of the reply in front, in the same way.
 *
 * Sources: RFC 5321 4.2.2, 4.2.3, 4.3.2, and the RFCs of the extensions, named in each row.
 */
#include "registry/codes.h"

/* Replies that any verb may get; `word` makes each sentence speak of its verb. */
#define CLOSES(verb, word, source)                                                                 \
    {                                                                                              \
        verb, 421,                                                                                 \
            "421 = the server cannot go on and closes the connection; " word                       \
            " is not done. Connect again later.",                                                  \
            "service not available, closing; " word " not done",                                   \
            "The sender's program connects again later and starts from the greeting.", source      \
    }
#define NOT_KNOWN(verb, word, source)                                                              \
    {                                                                                              \
        verb, 500,                                                                                 \
            "500 = the server does not know this line as a command. Check how " word               \
            " is spelt; nothing has changed.",                                                     \
            word " not recognised", "The client corrects the line, or does without " word ".",     \
            source                                                                                 \
    }
#define BAD_ARGUMENT(verb, word, source)                                                           \
    {                                                                                              \
        verb, 501,                                                                                 \
            "501 = the server knows " word                                                         \
            ", but what follows it has the wrong form. Nothing has changed; correct the line.",    \
            "syntax error in the argument of " word,                                               \
            "The client corrects the line; the same "                                              \
            "line again gets the same answer.",                                                    \
            source                                                                                 \
    }
#define NOT_DONE(verb, word, source)                                                               \
    {                                                                                              \
        verb, 502,                                                                                 \
            "502 = this server does not offer " word                                               \
            ". Nothing has changed; the talk goes on without it.",                                 \
            word " not implemented or switched off", "The client does without " word ".", source   \
    }
#define WRONG_TIME(verb, word, source)                                                             \
    {                                                                                              \
        verb, 503,                                                                                 \
            "503 = " word                                                                          \
            " is not allowed at this point of the talk. Nothing has changed; another step comes "  \
            "first.",                                                                              \
            "bad sequence: " word " not allowed now", "The client sends the missing step first.",  \
            source                                                                                 \
    }
#define ASKS(verb, word, source)                                                                   \
    {                                                                                              \
        verb, 3,                                                                                   \
            "the server asks for more after " word                                                 \
            ", which no standard foresees here. The first digit 3 means: go on.",                  \
            "intermediate reply, not defined for " word, "Ask the server's makers; QUIT is safe.", \
            source                                                                                 \
    }

#define LATER   "The sender's program keeps the letter and tries again later by itself."
#define NEVER   "The sender must change something first; the same again gets the same answer."
#define NOTHING "Nothing is asked of the client; it goes on."
#define SOON    "The client may try again, now or later."
#define CODES   "RFC 5321 4.2.1, 4.3.2"

const struct meaning_row meaning_rows[] = {
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
      "such as a blocklist.",
      "no SMTP service for this client",
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
      "250 = the server knows who you say you are. Each line after the first is an extension "
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
      "550 = the server refuses your EHLO for reasons of its own rules. The text may say what it "
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
      "250 = the server knows who you say you are; it does not check it yet. Now a letter may "
      "begin: MAIL names its sender.",
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
      "550 = the server refuses your HELO for reasons of its own rules. The text may say what it "
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
      "the connection is encrypted now. What was said before is void, so greet again with EHLO.",
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
      "432 = this login works only after the password was set anew for it. Log in once with "
      "PLAIN over TLS, or ask your provider.",
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
    { VERB_AUTH_LINE, 235, "235 = the server is content with your answers: you are logged in.",
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

    /* the envelope */
    { VERB_MAIL, 250,
      "250 = the server has the sender, and a letter is under way. Bounces would go to this "
      "address. Next: who shall get it.",
      "sender accepted, transaction open", "The client names the recipients with RCPT.",
      "RFC 5321 3.3, 4.1.1.2" },
    CLOSES(VERB_MAIL, "MAIL", "RFC 5321 3.8"),
    { VERB_MAIL, 450,
      "450 = the server does not take this sender now. It may be a rule of its own; try again "
      "later.",
      "sender refused for now", LATER, "RFC 5321 4.2.3" },
    { VERB_MAIL, 451,
      "451 = something went wrong inside the server. The sender's address is not at fault; try "
      "again later.",
      "local error, try later", LATER, "RFC 5321 4.2.3" },
    { VERB_MAIL, 452, "452 = the server has no room for a letter now. Try again later.",
      "insufficient system storage", LATER, "RFC 5321 4.2.3; RFC 1870 6.1" },
    { VERB_MAIL, 455,
      "455 = the server cannot serve a parameter of this MAIL now. Try again later, or without "
      "it.",
      "parameter cannot be served now", LATER, "RFC 5321 4.1.1.11" },
    NOT_KNOWN(VERB_MAIL, "MAIL", "RFC 5321 4.2.4"),
    { VERB_MAIL, 501,
      "501 = the server cannot read this MAIL line. Its form is MAIL FROM:<address>; no letter "
      "has begun.",
      "syntax error in MAIL", "The client corrects the line.", "RFC 5321 4.1.1.2" },
    NOT_DONE(VERB_MAIL, "MAIL", "RFC 5321 4.2.4"),
    { VERB_MAIL, 503,
      "503 = MAIL is not allowed now: say HELO first, or finish the letter under way, or drop it "
      "with RSET.",
      "bad sequence: greet first, or a transaction is open", "The client sends HELO, or RSET.",
      "RFC 5321 4.1.4" },
    { VERB_MAIL, 530,
      "530 = the server wants something before a letter: a login with AUTH, or STARTTLS. The "
      "text says which.",
      "authentication or TLS required", "The client logs in, or encrypts, first.",
      "RFC 4954 6; RFC 3207 4" },
    { VERB_MAIL, 550,
      "550 = the server refuses this sender, by a rule of its own. The text may say which.",
      "sender refused", NEVER, "RFC 5321 4.2.3" },
    { VERB_MAIL, 552, "552 = the letter would be too large for this server: MAIL said its size.",
      "message size exceeds the fixed maximum", "The sender makes the letter smaller.",
      "RFC 1870 6.1" },
    { VERB_MAIL, 553,
      "553 = the server does not allow this address as a sender. Often its form or its domain is "
      "at fault.",
      "mailbox name not allowed", NEVER, "RFC 5321 4.2.3" },
    { VERB_MAIL, 555,
      "555 = the server does not know a parameter in this MAIL line. Leave out what stands after "
      "the address.",
      "parameter not recognised", "The client leaves the parameter out.", "RFC 5321 4.1.1.11" },
    { VERB_MAIL, 2, "the server took the sender, with an unusual code. A letter is under way.",
      "sender accepted", "The client names the recipients with RCPT.", CODES },
    ASKS(VERB_MAIL, "MAIL", CODES),
    { VERB_MAIL, 4, "the server does not take this sender for now. A program tries again later.",
      "sender refused for now", LATER, CODES },
    { VERB_MAIL, 5, "the server does not take this sender. No letter has begun.", "sender refused",
      NEVER, CODES },
    { VERB_RCPT, 250,
      "250 = the server takes this recipient. It has promised nothing about the letter yet: that "
      "comes with the 250 after the final dot.",
      "recipient accepted", "The client names more recipients, or sends DATA.",
      "RFC 5321 3.3, 4.1.1.3" },
    { VERB_RCPT, 251,
      "251 = this mailbox is elsewhere; the server will send the letter on by itself. The "
      "recipient counts as accepted.",
      "user not local, will forward", NOTHING, "RFC 5321 3.4" },
    CLOSES(VERB_RCPT, "RCPT", "RFC 5321 3.8"),
    { VERB_RCPT, 450,
      "450 = this mailbox cannot take mail now. Some servers say so to every new sender: whoever "
      "tries again later gets in.",
      "mailbox unavailable for now; may be greylisting", LATER, "RFC 5321 4.2.3; RFC 6647 2.1" },
    { VERB_RCPT, 451,
      "451 = the server cannot decide about this recipient now, because of an error or a rule of "
      "its own. Try again later.",
      "local error, or greylisting", LATER, "RFC 5321 4.2.3; RFC 6647 2.1" },
    { VERB_RCPT, 452,
      "452 = no more recipients now: the server has no room, or this letter has too many. The "
      "others still stand.",
      "storage short, or too many recipients",
      "The client sends to those accepted, then the "
      "rest in a new letter.",
      "RFC 5321 4.5.3.1.10" },
    { VERB_RCPT, 455,
      "455 = the server cannot serve a parameter of this RCPT now. Try again later, or without "
      "it.",
      "parameter cannot be served now", LATER, "RFC 5321 4.1.1.11" },
    NOT_KNOWN(VERB_RCPT, "RCPT", "RFC 5321 4.2.4"),
    { VERB_RCPT, 501,
      "501 = the server cannot read this RCPT line. Its form is RCPT TO:<address>; the letter is "
      "as it was.",
      "syntax error in RCPT", "The client corrects the line.", "RFC 5321 4.1.1.3" },
    NOT_DONE(VERB_RCPT, "RCPT", "RFC 5321 4.2.4"),
    { VERB_RCPT, 503, "503 = RCPT is not allowed now: no letter is under way. MAIL comes first.",
      "bad sequence: need MAIL", "The client sends MAIL first.", "RFC 5321 4.1.4" },
    { VERB_RCPT, 530,
      "530 = the server wants a login with AUTH, or STARTTLS, before it takes this recipient. "
      "The text says which.",
      "authentication or TLS required", "The client logs in, or encrypts, first.",
      "RFC 4954 6; RFC 3207 4" },
    { VERB_RCPT, 550,
      "550 = this recipient is refused: the mailbox does not exist here, or a rule forbids it. "
      "The letter's other recipients still stand.",
      "no such mailbox, or refused by policy",
      "The sender checks the address, and reads the "
      "text.",
      "RFC 5321 4.2.3, 3.3" },
    { VERB_RCPT, 551,
      "551 = this mailbox is elsewhere, and the server will not send the letter on. The text may "
      "name the new address.",
      "user not local", "The sender writes to the new address.", "RFC 5321 3.4" },
    { VERB_RCPT, 552,
      "552 = the mailbox has no room for the letter, or the letter has too many recipients for "
      "an old server.",
      "storage exceeded, or too many recipients",
      "The sender waits until there is room, or "
      "writes otherwise.",
      "RFC 5321 4.2.3, 4.5.3.1.10" },
    { VERB_RCPT, 553,
      "553 = the server does not allow this address as a recipient. Often its form is at fault.",
      "mailbox name not allowed", "The sender checks the address.", "RFC 5321 4.2.3" },
    { VERB_RCPT, 554,
      "554 = this recipient is refused. Often the mailbox is not at home here, and the server "
      "does not pass letters on for strangers.",
      "transaction failed; often relaying denied",
      "The sender uses the server of the own "
      "provider, and logs in.",
      "RFC 5321 3.6.2, 4.2.3" },
    { VERB_RCPT, 555,
      "555 = the server does not know a parameter in this RCPT line. Leave out what stands after "
      "the address.",
      "parameter not recognised", "The client leaves the parameter out.", "RFC 5321 4.1.1.11" },
    { VERB_RCPT, 556,
      "556 = the domain of this recipient takes no mail at all. Trying again is no use.",
      "domain does not accept mail", "The sender checks the address.", "RFC 7504 4" },
    { VERB_RCPT, 2, "the server takes this recipient, with an unusual code.", "recipient accepted",
      "The client names more recipients, or sends DATA.", CODES },
    ASKS(VERB_RCPT, "RCPT", CODES),
    { VERB_RCPT, 4,
      "this recipient is not accepted for now. A program tries again later; the "
      "other recipients still stand.",
      "recipient refused for now", LATER, CODES },
    { VERB_RCPT, 5, "this recipient is refused; the other recipients still stand.",
      "recipient refused", NEVER, CODES },

    /* the letter */
    { VERB_DATA, 354,
      "354 = go on, send the letter. The server stays silent until the dot: silence is normal "
      "here. What is sent cannot be unsent; SMTP has no \"cancel\".",
      "start mail input, end with the dot", "The client sends the letter, then the dot.",
      "RFC 5321 3.3, 4.1.1.4" },
    CLOSES(VERB_DATA, "DATA", "RFC 5321 3.8"),
    { VERB_DATA, 451,
      "451 = the server cannot take the letter's text now. Nothing of it was sent; try again "
      "later.",
      "local error, try later", LATER, "RFC 5321 4.2.3" },
    NOT_KNOWN(VERB_DATA, "DATA", "RFC 5321 4.2.4"),
    { VERB_DATA, 501,
      "501 = DATA stands alone on its line, and something followed it. The letter "
      "has not begun; send DATA again.",
      "syntax error: DATA has no argument", "The client sends DATA alone.", "RFC 5321 4.1.1.4" },
    NOT_DONE(VERB_DATA, "DATA", "RFC 5321 4.2.4"),
    { VERB_DATA, 503,
      "503 = DATA is not allowed now: a sender and at least one accepted recipient come first.",
      "bad sequence: need MAIL and RCPT", "The client sends MAIL and RCPT first.", "RFC 5321 3.3" },
    { VERB_DATA, 554,
      "554 = the letter is refused before it was sent; often no recipient was accepted.",
      "no valid recipients, or refused", "The client names a recipient that the server takes.",
      "RFC 5321 3.3" },
    { VERB_DATA, 2,
      "the server answers DATA with yes, where 354, go on, is the right answer. It may not wait "
      "for a letter.",
      "positive reply where 354 is due", "The client does not send the letter.", CODES },
    { VERB_DATA, 3, "the server waits for the letter now, though the usual code for it is 354.",
      "intermediate reply", "The client sends the letter, then the dot.", CODES },
    { VERB_DATA, 4, "the letter's text is not wanted now. A program tries again later.",
      "DATA refused for now", LATER, CODES },
    { VERB_DATA, 5, "the letter is refused before it was sent.", "DATA refused", NEVER, CODES },
    { VERB_BODY_END, 250,
      "250 = the server has taken charge of the letter: it will deliver it, or tell the sender "
      "that it could not. Nobody has read it yet.",
      "message accepted, responsibility taken", "The client may begin another letter, or QUIT.",
      "RFC 5321 4.2.5, 6.1" },
    { VERB_BODY_END, 421,
      "421 = the server closes without taking the letter. The sender's program keeps it and "
      "tries again later.",
      "closing, message not accepted", LATER, "RFC 5321 3.8, 4.2.5" },
    { VERB_BODY_END, 450,
      "450 = the letter is not taken now. The sender's program keeps it and tries again later.",
      "message refused for now", LATER, "RFC 5321 4.2.5, 4.3.2" },
    { VERB_BODY_END, 451,
      "451 = something went wrong inside the server after the letter came. It has not taken it; "
      "a program tries again later.",
      "local error, message not accepted", LATER, "RFC 5321 4.2.3, 4.2.5" },
    { VERB_BODY_END, 452,
      "452 = the server has no room for the letter now. A program keeps it and tries again later.",
      "insufficient storage, message not accepted", LATER, "RFC 5321 4.2.3, 4.2.5" },
    { VERB_BODY_END, 500,
      "500 = the server refuses the letter, perhaps for a line that is too long. It has not "
      "taken it.",
      "message refused, syntax", NEVER, "RFC 5321 4.5.3.1.9" },
    { VERB_BODY_END, 550,
      "550 = the server has read the letter and refuses it, by a rule of its own. The text may "
      "say why.",
      "message refused by policy", NEVER, "RFC 5321 4.2.3, 4.3.2" },
    { VERB_BODY_END, 552,
      "552 = the letter is too large, for the server or for the mailbox. It is not taken.",
      "message too large, or mailbox full", "The sender makes the letter smaller.",
      "RFC 1870 6.3; RFC 5321 4.5.3.1.9" },
    { VERB_BODY_END, 554,
      "554 = the server refuses the letter as it is. The text may say why; spam filters answer "
      "so.",
      "transaction failed", NEVER, "RFC 5321 4.2.3, 4.3.2" },
    { VERB_BODY_END, 2,
      "the server has taken the letter, with an unusual code, and is now responsible for it.",
      "message accepted", "The client may begin another letter, or QUIT.", CODES },
    ASKS(VERB_BODY_END, "the dot", CODES),
    { VERB_BODY_END, 4,
      "the letter is not taken for now. The sender's program keeps it and tries again later.",
      "message refused for now", LATER, "RFC 5321 4.2.5" },
    { VERB_BODY_END, 5,
      "the letter is refused. The sender's program tells its author so, with this text.",
      "message refused", NEVER, "RFC 5321 4.2.5, 6.1" },
    { VERB_BDAT, 250,
      "250 = the server has this part of the letter. Once the part marked LAST is answered so, "
      "it has taken charge of the letter.",
      "chunk accepted", "The client sends the next chunk, or a new letter after LAST.",
      "RFC 3030 2" },
    CLOSES(VERB_BDAT, "BDAT", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_BDAT, "BDAT", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_BDAT, "BDAT", "RFC 5321 4.2.2"),
    NOT_DONE(VERB_BDAT, "BDAT", "RFC 5321 4.2.4"),
    { VERB_BDAT, 503,
      "503 = BDAT is not allowed now: there is no accepted recipient, or DATA has begun, or LAST "
      "was sent before.",
      "bad sequence: BDAT not allowed now", "The client drops the letter with RSET.",
      "RFC 3030 2" },
    { VERB_BDAT, 2, "the server has this part of the letter, and says so with an unusual code.",
      "chunk accepted", "The client sends the next chunk, or a new letter after LAST.", CODES },
    ASKS(VERB_BDAT, "BDAT", CODES),
    { VERB_BDAT, 4,
      "the server does not take the letter now. All parts of it are void; a program tries again "
      "later.",
      "chunk refused for now", LATER, "RFC 3030 2" },
    { VERB_BDAT, 5, "the letter is refused, with all its parts. Start again with RSET and MAIL.",
      "chunk refused", NEVER, "RFC 3030 2" },
    { VERB_RSET, 250,
      "250 = the letter under way is forgotten: sender, recipients, text. Your greeting still "
      "holds; a new letter may begin.",
      "transaction dropped", "The client may begin a letter with MAIL.", "RFC 5321 4.1.1.5" },
    CLOSES(VERB_RSET, "RSET", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_RSET, "RSET", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_RSET, "RSET", "RFC 5321 4.1.1.5"),
    NOT_DONE(VERB_RSET, "RSET", "RFC 5321 4.2.4"),
    { VERB_RSET, 2,
      "the letter under way is forgotten, and the server says so with an unusual "
      "code.",
      "transaction dropped", "The client may begin a letter with MAIL.", CODES },
    ASKS(VERB_RSET, "RSET", CODES),
    { VERB_RSET, 4,
      "the server did not do RSET for now. Whether the letter is dropped is not "
      "sure.",
      "RSET refused for now", "The client hangs up with QUIT to be sure.", CODES },
    { VERB_RSET, 5, "the server did not do RSET. Whether the letter is dropped is not sure.",
      "RSET refused", "The client hangs up with QUIT to be sure.", CODES },

    /* questions */
    { VERB_NOOP, 250, "250 = the server is there and listens. NOOP does nothing else.", "alive",
      NOTHING, "RFC 5321 4.1.1.9" },
    CLOSES(VERB_NOOP, "NOOP", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_NOOP, "NOOP", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_NOOP, "NOOP", "RFC 5321 4.1.1.9"),
    NOT_DONE(VERB_NOOP, "NOOP", "RFC 5321 4.2.4"),
    { VERB_NOOP, 2, "the server is there and listens, and says so with an unusual code.", "alive",
      NOTHING, CODES },
    ASKS(VERB_NOOP, "NOOP", CODES),
    { VERB_NOOP, 4, "the server cannot do even NOOP now; it may be about to close.",
      "NOOP refused for now", SOON, CODES },
    { VERB_NOOP, 5, "the server refuses NOOP, which every server should know. Nothing has changed.",
      "NOOP refused", NOTHING, CODES },
    { VERB_HELP, 211,
      "211 = the server tells about its state, or gives help. The text is for "
      "people.",
      "system status or help", NOTHING, "RFC 5321 4.2.3" },
    { VERB_HELP, 214,
      "214 = this is the server's own help, for people to read. Nothing has "
      "changed.",
      "help text", NOTHING, "RFC 5321 4.1.1.8" },
    CLOSES(VERB_HELP, "HELP", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_HELP, "HELP", "RFC 5321 4.2.4"),
    NOT_DONE(VERB_HELP, "HELP", "RFC 5321 4.2.4"),
    { VERB_HELP, 504, "504 = the server has no help on this topic. Try HELP alone.",
      "no help on this topic", NOTHING, "RFC 5321 4.3.2" },
    { VERB_HELP, 2, "the server answers HELP, with an unusual code. Nothing has changed.",
      "help text", NOTHING, CODES },
    ASKS(VERB_HELP, "HELP", CODES),
    { VERB_HELP, 4, "the server has no help for now.", "HELP refused for now", NOTHING, CODES },
    { VERB_HELP, 5, "the server has no help for you here. Nothing has changed.", "HELP refused",
      NOTHING, CODES },
    { VERB_VRFY, 250, "250 = this mailbox exists here; the text gives its address.",
      "mailbox verified", NOTHING, "RFC 5321 3.5.1, 3.5.3" },
    { VERB_VRFY, 251,
      "251 = this mailbox is elsewhere, and the server would send a letter on to "
      "it.",
      "not local, would forward", NOTHING, "RFC 5321 3.4, 3.5.3" },
    { VERB_VRFY, 252,
      "252 = the server does not tell whether the mailbox exists, but would take a letter and "
      "try. Most servers answer so.",
      "cannot verify, will attempt delivery", NOTHING, "RFC 5321 3.5.3" },
    CLOSES(VERB_VRFY, "VRFY", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_VRFY, "VRFY", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_VRFY, "VRFY", "RFC 5321 4.1.1.6"),
    { VERB_VRFY, 502,
      "502 = the server does not answer VRFY, so that nobody can collect its addresses. A letter "
      "may still be accepted.",
      "VRFY switched off", NOTHING, "RFC 5321 3.5.3, 7.3" },
    { VERB_VRFY, 550, "550 = the server knows no such mailbox, or does not tell.",
      "no such mailbox, or refused", "The asker checks the address.", "RFC 5321 3.5.1" },
    { VERB_VRFY, 551,
      "551 = this mailbox is elsewhere, and the server would not send a letter "
      "on.",
      "not local", "The asker uses the address in the text.", "RFC 5321 3.4, 3.5.1" },
    { VERB_VRFY, 553, "553 = several mailboxes fit this name. Ask again with a full address.",
      "user ambiguous", "The asker gives a full address.", "RFC 5321 3.5.1" },
    { VERB_VRFY, 2, "the server answers VRFY with yes, and an unusual code.", "verified", NOTHING,
      CODES },
    ASKS(VERB_VRFY, "VRFY", CODES),
    { VERB_VRFY, 4, "the server cannot look the mailbox up now.", "VRFY refused for now", SOON,
      CODES },
    { VERB_VRFY, 5, "the server does not answer this VRFY. That says nothing about the mailbox.",
      "VRFY refused", NOTHING, CODES },
    { VERB_EXPN, 250, "250 = this is a mailing list; each line of the reply is one member.",
      "list expanded", NOTHING, "RFC 5321 3.5.1, 3.5.2" },
    { VERB_EXPN, 252,
      "252 = the server does not tell who is on the list, but would take a letter "
      "for it.",
      "cannot expand, will attempt delivery", NOTHING, "RFC 5321 4.3.2" },
    CLOSES(VERB_EXPN, "EXPN", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_EXPN, "EXPN", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_EXPN, "EXPN", "RFC 5321 4.1.1.7"),
    { VERB_EXPN, 502,
      "502 = the server does not answer EXPN, so that nobody can collect its addresses.",
      "EXPN switched off", NOTHING, "RFC 5321 3.5.2, 7.3" },
    { VERB_EXPN, 550, "550 = the server knows no such list, or does not tell.",
      "no such list, or refused", "The asker checks the name.", "RFC 5321 3.5.2" },
    { VERB_EXPN, 2, "the server answers EXPN with yes, and an unusual code.", "expanded", NOTHING,
      CODES },
    ASKS(VERB_EXPN, "EXPN", CODES),
    { VERB_EXPN, 4, "the server cannot look the list up now.", "EXPN refused for now", SOON,
      CODES },
    { VERB_EXPN, 5, "the server does not answer this EXPN. That says nothing about the list.",
      "EXPN refused", NOTHING, CODES },
    { VERB_ETRN, 250, "250 = the server starts to send what waits for this host.", "queue started",
      NOTHING, "RFC 1985 5" },
    { VERB_ETRN, 251, "251 = nothing waits for this host.", "no messages waiting", NOTHING,
      "RFC 1985 5" },
    { VERB_ETRN, 252, "252 = letters wait for this host, and the server starts to send them.",
      "messages waiting, queue started", NOTHING, "RFC 1985 5" },
    { VERB_ETRN, 253, "253 = the text says how many letters wait; the server starts to send them.",
      "number of messages waiting, queue started", NOTHING, "RFC 1985 5" },
    CLOSES(VERB_ETRN, "ETRN", "RFC 5321 3.8"),
    { VERB_ETRN, 458, "458 = the server cannot start its queue for this host now.",
      "unable to queue", SOON, "RFC 1985 5" },
    { VERB_ETRN, 459, "459 = the server does not do this for that host; the text says why.",
      "node not allowed", "The administrator asks the server's operator.", "RFC 1985 5" },
    NOT_KNOWN(VERB_ETRN, "ETRN", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_ETRN, "ETRN", "RFC 1985 5"),
    NOT_DONE(VERB_ETRN, "ETRN", "RFC 5321 4.2.4"),
    { VERB_ETRN, 2, "the server took ETRN, with an unusual code.", "queue started", NOTHING,
      CODES },
    ASKS(VERB_ETRN, "ETRN", CODES),
    { VERB_ETRN, 4, "the server cannot do ETRN now.", "ETRN refused for now", SOON, CODES },
    { VERB_ETRN, 5, "the server does not do ETRN for you.", "ETRN refused", NEVER, CODES },
    { VERB_QUIT, 221,
      "221 = the server says goodbye and closes the connection. Letters that it accepted are "
      "safe; nothing else is kept.",
      "closing", NOTHING, "RFC 5321 4.1.1.10" },
    CLOSES(VERB_QUIT, "QUIT", "RFC 5321 3.8"),
    NOT_KNOWN(VERB_QUIT, "QUIT", "RFC 5321 4.2.4"),
    BAD_ARGUMENT(VERB_QUIT, "QUIT", "RFC 5321 4.1.1.10"),
    NOT_DONE(VERB_QUIT, "QUIT", "RFC 5321 4.2.4"),
    { VERB_QUIT, 2, "the server says goodbye, though the usual code for it is 221.", "closing",
      NOTHING, CODES },
    ASKS(VERB_QUIT, "QUIT", CODES),
    { VERB_QUIT, 4, "the server did not take QUIT for now. You may close the connection.",
      "QUIT refused for now", "The client closes the connection.", CODES },
    { VERB_QUIT, 5, "the server did not take QUIT. You may close the connection.", "QUIT refused",
      "The client closes the connection.", CODES },

    /* lines that are no known command */
    { VERB_UNKNOWN, 221,
      "221 = the server says goodbye, in answer to a line that it did not like, and closes the "
      "connection.",
      "closing, in answer to an unknown line", "The client connects again.", "RFC 5321 3.8" },
    { VERB_UNKNOWN, 421,
      "421 = the server cannot go on and closes the connection. Too many wrong lines can be the "
      "cause; the text may say so.",
      "service not available, closing", "The client connects again later.", "RFC 5321 3.8" },
    { VERB_UNKNOWN, 500,
      "500 = the server does not know this line as a command. Nothing has changed: the talk goes "
      "on where it was.",
      "command not recognised", "The client corrects the line.", "RFC 5321 4.2.4" },
    { VERB_UNKNOWN, 501,
      "501 = the server cannot read this line. Nothing has changed: the talk goes on where it "
      "was.",
      "syntax error", "The client corrects the line.", "RFC 5321 4.2.2" },
    { VERB_UNKNOWN, 502,
      "502 = the server does not do what this line asks. Nothing has changed: the talk goes on.",
      "command not implemented", "The client does without it.", "RFC 5321 4.2.4" },
    { VERB_UNKNOWN, 503,
      "503 = the line came at the wrong point of the talk. Nothing has changed; another step "
      "comes first.",
      "bad sequence of commands", "The client sends the missing step first.", "RFC 5321 4.2.3" },
    { VERB_UNKNOWN, 2, "the server took this line, which this program does not know.",
      "accepted: a command of its own", NOTHING, CODES },
    { VERB_UNKNOWN, 3,
      "the server waits for more after this line, which this program does not "
      "know.",
      "intermediate reply to an unknown command", "The client sends what the server waits for.",
      CODES },
    { VERB_UNKNOWN, 4, "the server does not do what this line asks for now.",
      "unknown command refused for now", SOON, CODES },
    { VERB_UNKNOWN, 5, "the server does not take this line. Nothing has changed.",
      "unknown command refused", "The client corrects the line.", CODES },
};
const size_t meaning_row_count = sizeof meaning_rows / sizeof meaning_rows[0];

const struct meaning_row *meaning_row(enum verb verb, unsigned code)
{
    const struct meaning_row *of_class = NULL;

    for (const struct meaning_row *m = meaning_rows; m < meaning_rows + meaning_row_count; m++) {
        if (m->verb != verb)
            continue;
        if (m->code == code)
            return m;
        if (m->code == code / 100)
            of_class = m;
    }
    return of_class;
}
