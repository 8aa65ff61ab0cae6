/*
 * Exim 4.96. It speaks no enhanced codes, reads addresses as a mail header would, and loses
 * patience at the fourth line that is no command. Measured on loopback.
 */
#include "engine/persona_rows.h"

#define UNRECOGNIZED 500, "", "unrecognized command"
#define MALFORMED    501, "", "%t: malformed address"
#define HELLO_FIRST  503, "", "HELO or EHLO required"
#define NEED_RCPT    503, "", "valid RCPT command must precede %v"
#define BAD_HELLO    501, "", "Syntactically invalid %v argument(s)"
#define MAY_NOT      501, "", "%a %t: malformed address: %t may not follow %a"
#define NO_DATA      501, "", "unexpected argument data"

static const struct persona_row rows[SITUATION_COUNT] = {
    NO_COMMAND(UNRECOGNIZED),
    NO_SYNTAX(UNRECOGNIZED),
    MISTAKE(NO_PATH, 501, "", "%v must have an address operand"),
    MISTAKE(EMPTY_LINE, UNRECOGNIZED),
    MISTAKE(LEADING_SPACE, UNRECOGNIZED),
    MISTAKE(HEADER_AS_COMMAND, UNRECOGNIZED),
    MISTAKE(HTTP_REQUEST, UNRECOGNIZED),
    BEAR(LINE_TOO_LONG),
    BEAR(BARE_LF),
    BEAR(BARE_CR),
    BEAR(EIGHT_BIT),
    MISTAKE(CONTROL_OCTET, 501, "", "%t: control character in a command"),
    MISTAKE(UNEXPECTED_ARGUMENT, NO_DATA),
    MISTAKE(MISSING_ARGUMENT, 501, "", "%v must have an argument"),
    MISTAKE(BAD_ARGUMENT, 501, "", "%v has an invalid argument"),
    MISTAKE(HELO_NO_NAME, BAD_HELLO),
    MISTAKE(HELO_BAD_NAME, BAD_HELLO),
    BEAR(NO_BRACKETS),
    BEAR(DISPLAY_NAME),
    MISTAKE(BRACKET_NOT_CLOSED, 501, "", "%t: '>' missing at end of address"),
    MISTAKE(BRACKET_NOT_OPENED, MALFORMED),
    MISTAKE(TWO_ADDRESSES, MALFORMED),
    MISTAKE(NO_LOCAL_PART, 501, "", "%t: missing or malformed local part"),
    MISTAKE(BAD_LOCAL_PART, MALFORMED),
    MISTAKE(SPACE_IN_PATH, MALFORMED),
    MISTAKE(BAD_DOMAIN, MALFORMED),
    MISTAKE(BAD_LITERAL, MALFORMED),
    MISTAKE(NO_SQUARE_BRACKETS, MALFORMED),
    BEAR(LOCAL_PART_TOO_LONG),
    MISTAKE(DOMAIN_TOO_LONG, MALFORMED),
    MISTAKE(PATH_TOO_LONG, MALFORMED),
    MISTAKE(NULL_RECIPIENT, 501, "", "<>: missing or malformed local part"),
    BEAR(UTF8_WITHOUT_SMTPUTF8),
    MISTAKE(PARAMETER_NOT_OFFERED, MAY_NOT),
    MISTAKE(PARAMETER_AFTER_HELO, MAY_NOT),
    MISTAKE(BAD_PARAMETER, 501, "", "%t: invalid data for a parameter"),
    MISTAKE(BAD_XTEXT, 501, "", "%t: invalid data for a parameter"),
    MISTAKE(BEFORE_HELO, HELLO_FIRST),
    MISTAKE(MAIL_AFTER_STARTTLS, HELLO_FIRST),
    MISTAKE(RCPT_BEFORE_MAIL, 503, "", "sender not yet given"),
    MISTAKE(DATA_BEFORE_MAIL, NEED_RCPT),
    MISTAKE(DATA_BEFORE_RCPT, NEED_RCPT),
    MISTAKE(NESTED_MAIL, 503, "", "sender already given"),
    MISTAKE(AUTH_NOT_OFFERED, 503, "", "AUTH command used when not advertised"),
    MISTAKE(AUTH_NOT_BASE64, 501, "", "Invalid base64 data"),
    MISTAKE(STARTTLS_NOT_OFFERED, 503, "", "STARTTLS command used when not advertised"),
    MISTAKE(LETTER_LINE_TOO_LONG, 550, "", "maximum allowed line length is 998 octets, got %n"),

    SAY(GREETING, 220, "", "%h ESMTP Exim 4.96"),
    SAY(HELO_OK, 250, "", "%h Hello %c"),
    SAY(EHLO_OK, 250, "", "%h Hello %c"),
    SAY(LHLO_OK, 250, "", "%h Hello %c"),
    SAY(MAIL_OK, 250, "", "OK"),
    SAY(RCPT_OK, 250, "", "Accepted"),
    SAY(DATA_OK, 354, "", "Enter message, ending with \".\" on a line by itself"),
    SAY(STORED, 250, "", "OK"),
    SAY(STORED_FOR, 250, "", "OK"),
    SAY(CHUNK_OK, 250, "", "%n byte chunk received"),
    SAY(RSET_OK, 250, "", "Reset OK"),
    SAY(NOOP_OK, 250, "", "OK"),
    SAY(QUIT_OK, 221, "", "%h closing connection"),
    SAY(VRFY_YES, 250, "", "<%a> is deliverable"),
    SAY(VRFY_NO, 550, "", "<%a> Unrouteable address"),
    SAY(VRFY_SECRET, 252, "", "Administrative prohibition"),
    SAY(UNKNOWN_USER, 550, "", "Unrouteable address"),
    SAY(RELAYING, 550, "", "relay not permitted"),
    SAY(TOO_MANY_RECIPIENTS, 452, "", "too many recipients"),
    SAY(ALL_REFUSED, 503, "",
        "All RCPT commands were rejected\nValid RCPT command must precede %v"),
    SAY(SIZE_ANNOUNCED, 552, "", "Message size exceeds maximum permitted"),
    SAY(LETTER_TOO_LARGE, 552, "", "Message size exceeds maximum permitted"),
    SAY(NO_ROOM, 452, "", "Insufficient storage space; try again later"),
    SAY(NOT_STORED, 451, "", "Local problem; please try again later"),
    SAY(STARTTLS_OK, 220, "", "TLS go ahead"),
    SAY(STARTTLS_TWICE, 503, "", "STARTTLS command used when not advertised"),
    SAY(AUTH_OK, 235, "", "Authentication succeeded"),
    SAY(AUTH_DENIED, 535, "", "Incorrect authentication data"),
    SAY(AUTH_CANCELLED, 501, "", "Authentication cancelled"),
    SAY(AUTH_TWICE, 503, "", "already authenticated"),
    SAY(AUTH_MECHANISM, 504, "", "authentication mechanism not supported"),
    SAY_AND_CLOSE(TOO_MANY_UNKNOWN, 500, "", "Too many unrecognized commands"),
    SAY_AND_CLOSE(TOO_MANY_ERRORS, 500, "", "Too many syntax or protocol errors"),
    SAY_AND_CLOSE(TIMEOUT, 421, "", "%h: SMTP command timeout - closing connection"),
};

static const struct persona_exception but[] = {
    EXCEPT(UNKNOWN, CONTROL_OCTET, UNRECOGNIZED),
    EXCEPT(MAIL, NO_DOMAIN, 501, "", "%a: sender address must contain a domain"),
    EXCEPT(RCPT, NO_DOMAIN, 501, "", "%a: recipient address must contain a domain"),
};

static const struct persona_offer offers[] = {
    { EXTENSION_SIZE, NULL },     { EXTENSION_8BITMIME, NULL }, { EXTENSION_DSN, NULL },
    { EXTENSION_VRFY, NULL },     { EXTENSION_EXPN, NULL },     { EXTENSION_PIPELINING, NULL },
    { EXTENSION_AUTH, NULL },     { EXTENSION_CHUNKING, NULL }, { EXTENSION_STARTTLS, NULL },
    { EXTENSION_SMTPUTF8, NULL }, { EXTENSION_HELP, NULL },
};

const struct persona persona_exim = {
    .name = "exim",
    .who = "Exim",
    .rows = rows,
    .exceptions = but,
    .exception_count = COUNT(but),
    .offers = offers,
    .offer_count = COUNT(offers),
    .unknown_max = 3,
    .line_max = 16384,
};
