/*
 * What replies mean that a letter gets: MAIL, RCPT, DATA, the dot, BDAT, RSET.
 * Sources: RFC 5321 3.3, 4.1.1, 4.2.5, 4.3.2, 6.1, RFC 1870 6, RFC 3030 2, RFC 7504.
 */
#include "registry/meanings.h"

static const struct meaning_row rows[] = {
    /* the envelope */
    { VERB_MAIL, 250,
      "250 = the server has the sender, and a letter is under way. If delivery fails, a report "
      "goes to this address. Next: who shall get it.",
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
      "The sender uses the server of their own "
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
      "503 = BDAT is not allowed now: there is no accepted recipient, or LAST was sent before.",
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
};
const struct meaning_group meanings_letter = { rows, sizeof rows / sizeof rows[0] };
