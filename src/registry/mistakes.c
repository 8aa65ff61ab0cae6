/*
 * Words for each mistake. Not here: how a mistake is found (smtp/, dialogue/order.c), and what a
 * strict server answers (smtp/mistake.h).
 *
 * What servers do was measured on Postfix, Exim, OpenSMTPD and the small servers of test suites.
 * The names are the textbook's: alice@crepes.fr writes to bob@hamburger.edu.
 */
#include "registry/mistakes.h"

#include <assert.h>

static const struct mistake_words rows[MISTAKE_COUNT] = {
    /* the shape of the line */
    [MISTAKE_EMPTY_LINE] = { "The line is empty: there is no command in it.", "NOOP",
                             "Every command starts with a verb; NOOP is the verb that does "
                             "nothing." },
    [MISTAKE_LEADING_SPACE] = { "The line starts with a space, before the verb.", "",
                                "A command starts in the first column; strict servers do not "
                                "look further." },
    [MISTAKE_TRAILING_SPACE] = { "A space stands after the end of the command.", "",
                                 "It is not part of the grammar; servers are asked to ignore "
                                 "it." },
    [MISTAKE_UNKNOWN_VERB] = { "This is no verb of SMTP.", "",
                               "A server answers 500 to a verb that it does not know, and the "
                               "session goes on as it was." },
    [MISTAKE_MISSPELT_VERB] = { "This looks like a verb that is misspelt.", "",
                                "A server compares letter by letter and does not guess; capitals "
                                "do not matter." },
    [MISTAKE_HEADER_AS_COMMAND] = { "This is a header line of a letter, and no command.", "",
                                    "Lines such as Subject: or From: belong inside the letter, "
                                    "after DATA. Some servers hang up when they get one here." },
    [MISTAKE_HTTP_REQUEST] = { "This is HTTP, the language of web browsers.", "EHLO crepes.fr",
                               "A mail server speaks SMTP. Many close the connection at such a "
                               "line." },
    [MISTAKE_CONSOLE_WORD] = { "This is a word for a shell or a console, and no verb of SMTP.", "",
                               "The line went to the mail server, which does not know it." },
    [MISTAKE_REPLY_AS_COMMAND] = { "This looks like a line that the server says, not the client.",
                                   "",
                                   "Codes such as 250 come from the server; the client sends "
                                   "verbs." },
    [MISTAKE_LINE_TOO_LONG] = { "The line is longer than a command may be.", "",
                                "A command has at most 512 octets with its line end, a little "
                                "more with extensions. A server may refuse what is longer." },
    [MISTAKE_CONTROL_OCTET] = { "A control character is in the line, perhaps a key such as "
                                "Backspace or an arrow.",
                                "",
                                "The server gets the key itself as part of the line, whatever the "
                                "screen showed. Send the line again, whole." },
    [MISTAKE_BARE_LF] = { "The line ends in LF alone; in SMTP a line ends in CR and LF.", "",
                          "Some servers take it, some refuse it, and some wait for the CR for "
                          "ever." },
    [MISTAKE_BARE_CR] = { "A CR stands alone in the line; in SMTP it may only stand right before "
                          "LF.",
                          "",
                          "Programs that disagree on where a line ends can be tricked, so "
                          "servers refuse it." },
    [MISTAKE_EIGHT_BIT] = { "The line holds letters beyond ASCII, such as those with accents.", "",
                            "Commands are plain ASCII. Only addresses may hold more, where the "
                            "server offers SMTPUTF8." },
    [MISTAKE_UNEXPECTED_ARGUMENT] = { "Something follows a verb that must stand alone.", "",
                                      "Some servers ignore it; strict ones answer 501 and do "
                                      "nothing." },
    [MISTAKE_MISSING_ARGUMENT] = { "The verb needs something after it, and nothing is there.", "",
                                   "The server cannot tell what is wanted." },
    [MISTAKE_BAD_ARGUMENT] = { "What follows the verb does not have the right form.", "",
                               "The server cannot tell what is wanted." },
    [MISTAKE_EXTRA_SPACE] = { "More than one space, or a tab, stands between two words.", "",
                              "The grammar has exactly one space there; most servers ignore "
                              "it." },

    /* HELO and EHLO */
    [MISTAKE_HELO_NO_NAME] = { "The name of your host is missing: the greeting says who calls.",
                               "HELO crepes.fr",
                               "Most servers answer 501 and wait for the greeting." },
    [MISTAKE_HELO_BAD_NAME] = { "The name of a host has only letters, digits and hyphens, with "
                                "dots between its parts.",
                                "HELO crepes.fr",
                                "Spaces and underscores are not allowed in it. Some servers "
                                "refuse such a name, some take it." },
    [MISTAKE_HELO_UNQUALIFIED] = { "The name has only one part; the full name of a host includes "
                                   "its domain.",
                                   "HELO mail.crepes.fr",
                                   "Many servers on the Internet refuse a greeting without a full "
                                   "name." },
    [MISTAKE_HELO_BARE_ADDRESS] = { "An IP address in a greeting stands in square brackets.",
                                    "HELO [192.0.2.1]",
                                    "Without brackets it reads as a name, and some servers refuse "
                                    "it." },

    /* paths */
    [MISTAKE_NO_FROM] = { "After MAIL the word FROM with its colon is missing.",
                          "MAIL FROM:<alice@crepes.fr>",
                          "The verb is MAIL; FROM: says that the sender follows." },
    [MISTAKE_NO_TO] = { "After RCPT the word TO with its colon is missing.",
                        "RCPT TO:<bob@hamburger.edu>",
                        "The verb is RCPT; TO: says that a recipient follows." },
    [MISTAKE_FROM_AND_TO_SWAPPED] = { "FROM and TO are swapped: MAIL goes with FROM, RCPT with "
                                      "TO.",
                                      "", "MAIL names the sender, RCPT names a recipient." },
    [MISTAKE_NO_COLON] = { "The colon is missing before the address.",
                           "MAIL FROM:<alice@crepes.fr>",
                           "The colon is part of the command. Servers answer 500 or 501 without "
                           "it." },
    [MISTAKE_SPACE_BEFORE_COLON] = { "A space stands before the colon.",
                                     "MAIL FROM:<alice@crepes.fr>",
                                     "No space is allowed on either side of this colon, and "
                                     "servers refuse this one." },
    [MISTAKE_SPACE_AFTER_COLON] = { "The space after the colon is the textbook's; RFC 5321 forbids "
                                    "it and nearly every real server takes it.",
                                    "MAIL FROM:<alice@crepes.fr>",
                                    "You may go on as it is; a program should leave the space "
                                    "out." },
    [MISTAKE_NO_PATH] = { "The address is missing.", "MAIL FROM:<alice@crepes.fr>",
                          "An address stands in angle brackets. Only a sender may be empty, "
                          "written <>." },
    [MISTAKE_NO_BRACKETS] = { "The angle brackets around the address are missing.",
                              "MAIL FROM:<alice@crepes.fr>",
                              "The grammar asks for < and >. Some servers take the bare address, "
                              "others refuse it." },
    [MISTAKE_BRACKET_NOT_CLOSED] = { "The angle bracket > after the address is missing.",
                                     "MAIL FROM:<alice@crepes.fr>",
                                     "The server cannot tell where the address ends." },
    [MISTAKE_BRACKET_NOT_OPENED] = { "The angle bracket < before the address is missing.",
                                     "MAIL FROM:<alice@crepes.fr>",
                                     "The server cannot tell where the address begins." },
    [MISTAKE_DISPLAY_NAME] = { "A person's name stands before the address; here only the address "
                               "may stand.",
                               "MAIL FROM:<alice@crepes.fr>",
                               "Names belong in the From: and To: lines of the letter. Some "
                               "servers ignore the name, most refuse it." },
    [MISTAKE_TWO_ADDRESSES] = { "There is more than one address; each recipient has a RCPT of its "
                                "own.",
                                "RCPT TO:<bob@hamburger.edu>",
                                "Then the server can accept one and refuse another. There is one "
                                "sender only." },
    [MISTAKE_NO_DOMAIN] = { "The domain of the address is missing: the part from the @ on.",
                            "MAIL FROM:<alice@crepes.fr>",
                            "Without it nobody can tell whose mailbox it is. Only <postmaster> as "
                            "a recipient may go without." },
    [MISTAKE_NO_LOCAL_PART] = { "The name of the mailbox is missing: the part before the @.",
                                "MAIL FROM:<alice@crepes.fr>", "A domain alone is no address." },
    [MISTAKE_BAD_LOCAL_PART] = { "The part before the @ holds a character that may not stand "
                                 "there.",
                                 "MAIL FROM:<alice@crepes.fr>",
                                 "Dots may stand only between other characters. Unusual "
                                 "characters need double quotes around the part." },
    [MISTAKE_SPACE_IN_PATH] = { "A space stands inside the angle brackets.",
                                "MAIL FROM:<alice@crepes.fr>",
                                "An address holds no space, unless the part before the @ stands "
                                "in double quotes." },
    [MISTAKE_BAD_DOMAIN] = { "The part after the @ is not a domain name.",
                             "MAIL FROM:<alice@crepes.fr>",
                             "A domain has letters, digits and hyphens, and dots between its "
                             "parts." },
    [MISTAKE_BAD_LITERAL] = { "The IP address in square brackets is not well formed.",
                              "RCPT TO:<bob@[192.0.2.1]>",
                              "It is four numbers with dots, or IPv6: and an IPv6 address." },
    [MISTAKE_NO_SQUARE_BRACKETS] = { "An IP address after the @ needs square brackets here.",
                                     "RCPT TO:<bob@[192.0.2.1]>",
                                     "Without them the numbers would be the name of a domain, and "
                                     "no domain has such a name." },
    [MISTAKE_LOCAL_PART_TOO_LONG] = { "The part before the @ has more than 64 octets.", "",
                                      "A server need not take more than that." },
    [MISTAKE_DOMAIN_TOO_LONG] = { "The part after the @ has more than 255 octets.", "",
                                  "No domain name is longer than that." },
    [MISTAKE_PATH_TOO_LONG] = { "The address with its brackets has more than 256 octets.", "",
                                "A server need not take more than that." },
    [MISTAKE_SOURCE_ROUTE] = { "Hosts stand before the address, as a route: a form from long ago.",
                               "RCPT TO:<bob@hamburger.edu>",
                               "Routes are out of use. A server may ignore this one, or refuse the "
                               "address." },
    [MISTAKE_NULL_RECIPIENT] = { "The empty address <> can be a sender, never a recipient.",
                                 "RCPT TO:<bob@hamburger.edu>",
                                 "<> as the sender means that no report of failure is wanted; a "
                                 "recipient needs a mailbox." },
    [MISTAKE_UTF8_WITHOUT_SMTPUTF8] = { "The address holds letters beyond ASCII, and MAIL does "
                                        "not say SMTPUTF8.",
                                        "MAIL FROM:<j\xc3\xb6rg@crepes.fr> SMTPUTF8",
                                        "The word can be used where the EHLO reply offers it. "
                                        "Other servers cannot handle such an address." },

    /* ESMTP parameters */
    [MISTAKE_BAD_PARAMETER] = { "What follows the address is not a well-formed parameter.",
                                "MAIL FROM:<alice@crepes.fr> SIZE=1000",
                                "After the address come words such as SIZE=1000, each after one "
                                "space." },
    [MISTAKE_BAD_XTEXT] = { "The value of a parameter has a character that must be written as + "
                            "and two hex digits.",
                            "",
                            "In such values + and = are written +2B and +3D. The form is called "
                            "xtext." },
    [MISTAKE_PARAMETER_TWICE] = { "The same parameter stands in the line twice.", "",
                                  "The server cannot know which of the two holds." },
    [MISTAKE_TOO_MANY_PARAMETERS] = { "There are more than 32 parameters, which is more than this "
                                      "program looks at.",
                                      "", "No known server offers so many." },
    [MISTAKE_PARAMETER_NOT_OFFERED] = { "The server did not offer this parameter in its EHLO "
                                        "reply.",
                                        "",
                                        "A client may use only what was offered; a strict server "
                                        "answers 555." },
    [MISTAKE_PARAMETER_AFTER_HELO] = { "Parameters belong to extensions, and after HELO there are "
                                       "none.",
                                       "EHLO crepes.fr",
                                       "EHLO asks the server for its extensions; after it a "
                                       "parameter can be used." },

    /* order */
    [MISTAKE_TOO_EARLY] = { "This was sent before the server's greeting had come.", "",
                            "In SMTP the server speaks first. Servers think that such a "
                            "client sends spam, and may hang up." },
    [MISTAKE_BEFORE_HELO] = { "The client has not said who it is yet.", "HELO crepes.fr",
                              "HELO or EHLO comes first. Most servers answer 503 until then; some "
                              "do without." },
    [MISTAKE_RCPT_BEFORE_MAIL] = { "A recipient comes after the sender, and no sender was named.",
                                   "MAIL FROM:<alice@crepes.fr>",
                                   "MAIL begins a letter; without it there is nothing to add a "
                                   "recipient to." },
    [MISTAKE_DATA_BEFORE_MAIL] = { "No letter was begun: neither its sender nor a recipient is "
                                   "known.",
                                   "MAIL FROM:<alice@crepes.fr>",
                                   "The order is MAIL, then RCPT for each recipient, then the "
                                   "letter." },
    [MISTAKE_DATA_BEFORE_RCPT] = { "The letter has no accepted recipient yet.",
                                   "RCPT TO:<bob@hamburger.edu>",
                                   "Nobody would get it; servers answer 503 or 554." },
    [MISTAKE_NESTED_MAIL] = { "A letter is under way; this command cannot come inside it.", "RSET",
                              "Finish the letter, or drop it with RSET." },
    [MISTAKE_AUTH_NOT_OFFERED] = { "The server did not offer AUTH in its EHLO reply.", "",
                                   "Many servers offer a login only after STARTTLS, or only on "
                                   "port 587." },
    [MISTAKE_AUTH_WITHOUT_TLS] = { "This login sends the password over a connection that is not "
                                   "encrypted.",
                                   "STARTTLS",
                                   "Base64 hides nothing: whoever listens on the way can read "
                                   "the password." },
    [MISTAKE_AUTH_NOT_BASE64] = { "What follows the mechanism is not base64.", "",
                                  "Answers in AUTH are written in base64, so that any octet can "
                                  "travel as plain text." },
    [MISTAKE_STARTTLS_NOT_OFFERED] = { "The server did not offer STARTTLS in its EHLO reply.", "",
                                       "It has no TLS here, or something on the way removes the "
                                       "offer." },
    [MISTAKE_MAIL_AFTER_STARTTLS] = { "TLS has begun, and the client must say again who it is.",
                                      "EHLO crepes.fr",
                                      "What was said before TLS no longer counts: somebody on the "
                                      "way "
                                      "could have changed it." },
    [MISTAKE_PIPELINED_NOT_OFFERED] = { "The line was sent before the last reply came, and the "
                                        "server did not offer PIPELINING.",
                                        "",
                                        "Without that offer a client waits for each reply. Some "
                                        "servers hang up otherwise." },
    [MISTAKE_PIPELINED_PAST_SYNC] = { "The line was sent before the last reply came, after a line "
                                      "whose reply must be awaited.",
                                      "",
                                      "EHLO, DATA, AUTH, STARTTLS, VRFY, EXPN, NOOP and QUIT may "
                                      "only be the last of lines sent together; then a client "
                                      "waits." },
    [MISTAKE_VERB_NOT_OFFERED] = { "The server did not offer this verb in its EHLO reply.", "",
                                   "A client may use only what was offered; a strict server "
                                   "answers 502." },
    [MISTAKE_AFTER_REFUSED_GREETING] = { "The server turned this client away; only QUIT is left.",
                                         "QUIT",
                                         "Such a server answers 503 to anything else, or hangs "
                                         "up." },
    [MISTAKE_TOO_MANY_ERRORS] = { "The server has refused ten lines or more in this talk.", "",
                                  "Many servers slow down or hang up after some errors: they take "
                                  "it for an attack." },

    /* inside DATA */
    [MISTAKE_COMMAND_IN_LETTER] = { "This command is now a line of the letter: in here the server "
                                    "obeys nothing but the dot.",
                                    ".", "To end the letter, send a line with only a dot." },
    [MISTAKE_DOT_NOT_ALONE] = { "The dot is not alone on its line, so the letter goes on.", ".",
                                "A space beside the dot is enough to make the line a part of the "
                                "letter." },
    [MISTAKE_LEADING_DOT] = { "The server takes the dot at the start of this line away.", "",
                              "A sender writes a second dot before it, so that the reader sees "
                              "one." },
    [MISTAKE_NO_BLANK_LINE] = { "No empty line stands between the header and the text.", "",
                                "Without it a mail program may take text for header, or header for "
                                "text." },
    [MISTAKE_NO_HEADER] = { "The letter starts without a header, such as Subject: and From:.",
                            "Subject: lunch",
                            "The textbook leaves it out too, and most servers take it. A full "
                            "letter has From: and Date:, then an empty line." },
    [MISTAKE_DOT_BARE_LF] = { "This dot does not end the letter: LF stands without CR beside it.",
                              ".",
                              "Some servers take it for the end all the same. An attack called "
                              "SMTP smuggling uses that." },
    [MISTAKE_LETTER_LINE_TOO_LONG] = { "This line of the letter is longer than 998 octets.", "",
                                       "Servers may break it in two, or refuse the letter. Mail "
                                       "programs encode long lines." },
    [MISTAKE_LETTER_EIGHT_BIT] = { "The letter holds octets beyond ASCII, and MAIL did not say "
                                   "BODY=8BITMIME.",
                                   "MAIL FROM:<alice@crepes.fr> BODY=8BITMIME",
                                   "Where EHLO offers 8BITMIME, MAIL can say so. Elsewhere such "
                                   "text is encoded, or may be damaged." },
};

const struct mistake_words *mistake_words(enum mistake m)
{
    assert(m >= 0 && m < MISTAKE_COUNT && rows[m].what);
    return &rows[m];
}
