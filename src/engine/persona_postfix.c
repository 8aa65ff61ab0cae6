/*
 * Postfix 3.7, as it comes, and as a careful administrator sets it up: HELO required, strict
 * envelopes, complete names only, bare line feeds and early commands refused. Measured on loopback,
 * command by command. Two habits of the first are dangerous: LF alone ends a line for it, before
 * and after the dot that ends a letter (CVE-2023-51764), and it takes MAIL without a greeting.
 */
#include "engine/persona_rows.h"

#define UNRECOGNIZED  500, "5.5.2", "Error: command not recognized"
#define BREAKS_RULES  221, "2.7.0", "Error: I can break rules, too. Goodbye."
#define SYNTAX        501, "5.5.4", "Syntax: %s"
#define BAD_SENDER    501, "5.1.7", "Bad sender address syntax"
#define BAD_RECIPIENT 501, "5.1.3", "Bad recipient address syntax"
#define NOT_QUALIFIED "address rejected: need fully-qualified address"
#define NO_OPTION     555, "5.5.4", "Unsupported option: %t"
#define SYNCHRONIZE   554, "5.5.0", "Error: SMTP protocol synchronization"
#define HELLO_FIRST   503, "5.5.1", "Error: send HELO/EHLO first"
#define BARE_LF_COMES 550, "5.5.2", "%h Error: bare <LF> received"

/* What both have in common. */
#define COMMON                                                                                     \
    NO_COMMAND(UNRECOGNIZED), NO_SYNTAX(SYNTAX), MISTAKE(NO_PATH, SYNTAX),                         \
        MISTAKE(EMPTY_LINE, 500, "5.5.2", "Error: bad syntax"), BEAR(LEADING_SPACE),               \
        MISTAKE_AND_CLOSE(HEADER_AS_COMMAND, BREAKS_RULES),                                        \
        MISTAKE_AND_CLOSE(HTTP_REQUEST, BREAKS_RULES), BEAR(LINE_TOO_LONG), BEAR(BARE_CR),         \
        BEAR(CONTROL_OCTET), MISTAKE(EIGHT_BIT, 500, "5.5.2", "Error: bad UTF-8 syntax"),          \
        MISTAKE(UNEXPECTED_ARGUMENT, SYNTAX), MISTAKE(MISSING_ARGUMENT, SYNTAX),                   \
        MISTAKE(BAD_ARGUMENT, SYNTAX), MISTAKE(HELO_NO_NAME, 501, "", "Syntax: %v hostname"),      \
        BEAR(HELO_BAD_NAME), BEAR(LOCAL_PART_TOO_LONG), MISTAKE(PARAMETER_NOT_OFFERED, NO_OPTION), \
        BEAR(PARAMETER_AFTER_HELO), MISTAKE(BAD_PARAMETER, 501, "5.5.4", "Bad parameter syntax"),  \
        MISTAKE(BAD_XTEXT, 501, "5.5.4", "Bad parameter syntax"),                                  \
        MISTAKE(RCPT_BEFORE_MAIL, 503, "5.5.1", "Error: need MAIL command"),                       \
        MISTAKE(DATA_BEFORE_MAIL, 503, "5.5.1", "Error: need RCPT command"),                       \
        MISTAKE(DATA_BEFORE_RCPT, 554, "5.5.1", "Error: no valid recipients"),                     \
        MISTAKE(NESTED_MAIL, 503, "5.5.1", "Error: nested MAIL command"),                          \
        MISTAKE(AUTH_NOT_OFFERED, 503, "5.5.1", "Error: authentication not enabled"),              \
        MISTAKE(AUTH_NOT_BASE64, 535, "5.7.8", "Error: authentication failed: bad base64 data"),   \
        MISTAKE(STARTTLS_NOT_OFFERED, 502, "5.5.1", "Error: command not implemented"),             \
        SAY(GREETING, 220, "", "%h ESMTP Postfix"), SAY(HELO_OK, 250, "", "%h"),                   \
        SAY(EHLO_OK, 250, "", "%h"), SAY(LHLO_OK, 250, "", "%h"),                                  \
        SAY(MAIL_OK, 250, "2.1.0", "Ok"), SAY(RCPT_OK, 250, "2.1.5", "Ok"),                        \
        SAY(DATA_OK, 354, "", "End data with <CR><LF>.<CR><LF>"),                                  \
        SAY(STORED, 250, "2.0.0", "Ok: queued"), SAY(STORED_FOR, 250, "2.0.0", "<%a> Ok: queued"), \
        SAY(CHUNK_OK, 250, "2.0.0", "Ok: %n bytes"), SAY(RSET_OK, 250, "2.0.0", "Ok"),             \
        SAY(NOOP_OK, 250, "2.0.0", "Ok"), SAY(QUIT_OK, 221, "2.0.0", "Bye"),                       \
        SAY(VRFY_YES, 252, "2.0.0", "%a"), SAY(VRFY_SECRET, 252, "2.0.0", "%a"),                   \
        SAY(VRFY_NO, 550, "5.1.1",                                                                 \
            "<%a>: Recipient address rejected: User unknown in virtual mailbox table"),            \
        SAY(UNKNOWN_USER, 550, "5.1.1",                                                            \
            "<%a>: Recipient address rejected: User unknown in virtual mailbox table"),            \
        SAY(TOO_MANY_RECIPIENTS, 452, "4.5.3", "Error: too many recipients"),                      \
        SAY(ALL_REFUSED, 554, "5.5.1", "Error: no valid recipients"),                              \
        SAY(SIZE_ANNOUNCED, 552, "5.3.4", "Message size exceeds fixed limit"),                     \
        SAY(LETTER_TOO_LARGE, 552, "5.3.4", "Error: message file too big"),                        \
        SAY(NO_ROOM, 452, "4.3.1", "Insufficient system storage"),                                 \
        SAY(NOT_STORED, 451, "4.3.0", "Error: queue file write error"),                            \
        SAY(STARTTLS_OK, 220, "2.0.0", "Ready to start TLS"),                                      \
        SAY(STARTTLS_TWICE, 554, "5.5.1", "Error: TLS already active"),                            \
        SAY(NEEDS_TLS, 530, "5.7.0", "Must issue a STARTTLS command first"),                       \
        SAY(AUTH_OK, 235, "2.7.0", "Authentication successful"),                                   \
        SAY(AUTH_DENIED, 535, "5.7.8", "Error: authentication failed: authentication failure"),    \
        SAY(AUTH_CANCELLED, 501, "5.7.0", "Authentication aborted"),                               \
        SAY(AUTH_TWICE, 503, "5.5.1", "Error: already authenticated"),                             \
        SAY_AND_CLOSE(TOO_MANY_ERRORS, 421, "4.7.0", "%h Error: too many errors"),                 \
        SAY_AND_CLOSE(TIMEOUT, 421, "4.4.2", "%h Error: timeout exceeded")

static const struct persona_row as_it_comes[SITUATION_COUNT] = {
    COMMON,
    BEAR(BEFORE_HELO),
    BEAR(MAIL_AFTER_STARTTLS),
    BEAR(NO_BRACKETS),
    BEAR(BRACKET_NOT_OPENED),
    BEAR(NO_DOMAIN),
    BEAR(BARE_LF),
    MISTAKE(DISPLAY_NAME, NO_OPTION),
    SAY(RELAYING, 554, "5.7.1", "<%a>: Relay access denied"),
};

static const struct persona_row careful[SITUATION_COUNT] = {
    COMMON,
    MISTAKE(BEFORE_HELO, HELLO_FIRST),
    MISTAKE(MAIL_AFTER_STARTTLS, HELLO_FIRST),
    MISTAKE_AND_CLOSE(BARE_LF, BARE_LF_COMES),
    SAY_AND_CLOSE(LETTER_BARE_LF, BARE_LF_COMES),
    MISTAKE_AND_CLOSE(PIPELINED_NOT_OFFERED, SYNCHRONIZE),
    MISTAKE_AND_CLOSE(PIPELINED_PAST_SYNC, SYNCHRONIZE),
    MISTAKE_AND_CLOSE(TOO_EARLY, SYNCHRONIZE),
    SAY(RELAYING, 454, "4.7.1", "<%a>: Relay access denied"),
};

#define EXCEPTIONS                                                                                 \
    EXCEPT_BEAR(QUIT, UNEXPECTED_ARGUMENT), EXCEPT(UNKNOWN, CONTROL_OCTET, UNRECOGNIZED),          \
        NO_ADDRESS(MAIL, BAD_SENDER), NO_ADDRESS(RCPT, BAD_RECIPIENT),                             \
        EXCEPT_SITUATION(MAIL, KEY_SEQUENCE, BAD_SENDER),                                          \
        EXCEPT_SITUATION(RCPT, KEY_SEQUENCE, BAD_RECIPIENT)

static const struct persona_exception as_it_comes_but[] = { EXCEPTIONS };
static const struct persona_exception careful_but[] = {
    EXCEPTIONS,
    EXCEPT(MAIL, NO_BRACKETS, BAD_SENDER),
    EXCEPT(RCPT, NO_BRACKETS, BAD_RECIPIENT),
    EXCEPT(MAIL, BRACKET_NOT_OPENED, BAD_SENDER),
    EXCEPT(RCPT, BRACKET_NOT_OPENED, BAD_RECIPIENT),
    EXCEPT(MAIL, DISPLAY_NAME, BAD_SENDER),
    EXCEPT(RCPT, DISPLAY_NAME, BAD_RECIPIENT),
    EXCEPT(MAIL, NO_DOMAIN, 504, "5.5.2", "<%a>: Sender " NOT_QUALIFIED),
    EXCEPT(RCPT, NO_DOMAIN, 504, "5.5.2", "<%a>: Recipient " NOT_QUALIFIED),
};

#define LINE_MAX_OCTETS 2048 /* line_length_limit */

static const char *const syntax[VERB_COUNT] = {
    [VERB_EHLO] = "EHLO hostname",           [VERB_HELO] = "HELO hostname",
    [VERB_LHLO] = "LHLO hostname",           [VERB_MAIL] = "MAIL FROM:<address>",
    [VERB_RCPT] = "RCPT TO:<address>",       [VERB_BDAT] = "BDAT count [LAST]",
    [VERB_VRFY] = "VRFY address [SMTPUTF8]", [VERB_AUTH] = "AUTH mechanism",
};

static const struct persona_offer offers[] = {
    { EXTENSION_PIPELINING, NULL }, { EXTENSION_SIZE, NULL },
    { EXTENSION_VRFY, NULL },       { EXTENSION_STARTTLS, NULL },
    { EXTENSION_AUTH, NULL },       { EXTENSION_ENHANCEDSTATUSCODES, NULL },
    { EXTENSION_8BITMIME, NULL },   { EXTENSION_DSN, NULL },
    { EXTENSION_SMTPUTF8, NULL },   { EXTENSION_CHUNKING, NULL },
};

const struct persona persona_postfix_default = {
    .name = "postfix-default",
    .who = "Postfix as it comes",
    .rows = as_it_comes,
    .exceptions = as_it_comes_but,
    .exception_count = COUNT(as_it_comes_but),
    .syntax = syntax,
    .offers = offers,
    .offer_count = COUNT(offers),
    .enhanced_always = true,
    .errors_max = 20,
    .slow_errors = 10,
    .line_max = LINE_MAX_OCTETS,
    .dot_after_lf = true,
    .dot_before_lf = true,
};

const struct persona persona_postfix = {
    .name = "postfix",
    .who = "a careful Postfix",
    .rows = careful,
    .exceptions = careful_but,
    .exception_count = COUNT(careful_but),
    .syntax = syntax,
    .offers = offers,
    .offer_count = COUNT(offers),
    .enhanced_always = true,
    .errors_max = 20,
    .slow_errors = 10,
    .line_max = LINE_MAX_OCTETS,
};
