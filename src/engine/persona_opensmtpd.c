/*
 * OpenSMTPD 6.8. It reads commands strictly, wants a proper header in a letter, and like Postfix as
 * it comes takes LF "." CRLF for the end of one. Measured on loopback.
 */
#include "engine/persona_rows.h"

#define INVALID       "Invalid command: "
#define ARGUMENTS     "Invalid command arguments: "
#define UNRECOGNIZED  500, "5.5.1", INVALID "Command unrecognized"
#define NOT_NOW       503, "5.5.1", INVALID "Command not allowed at this point."
#define NO_OPTION     503, "5.5.4", ARGUMENTS "Unsupported option %t"
#define BAD_SENDER    553, "5.1.0", "Sender address syntax error"
#define BAD_RECIPIENT 553, "5.1.3", "Recipient address syntax error"
#define NO_LETTER                                                                                  \
    550, "5.7.1", "Delivery not authorized, message refused: Message is not RFC 2822 compliant"

static const struct persona_row rows[SITUATION_COUNT] = {
    NO_COMMAND(UNRECOGNIZED),
    NO_SYNTAX(UNRECOGNIZED),
    MISTAKE(EMPTY_LINE, UNRECOGNIZED),
    MISTAKE(LEADING_SPACE, UNRECOGNIZED),
    MISTAKE(HEADER_AS_COMMAND, UNRECOGNIZED),
    MISTAKE(HTTP_REQUEST, UNRECOGNIZED),
    BEAR(LINE_TOO_LONG),
    BEAR(BARE_LF),
    BEAR(BARE_CR),
    MISTAKE(UNEXPECTED_ARGUMENT, 500, "5.5.4", ARGUMENTS "command does not accept arguments."),
    MISTAKE(MISSING_ARGUMENT, 501, "5.5.1", INVALID "%v requires an argument"),
    MISTAKE(BAD_ARGUMENT, 501, "5.5.4", ARGUMENTS "%t"),
    MISTAKE(HELO_NO_NAME, 501, "5.5.1", INVALID "%v requires domain name"),
    MISTAKE(HELO_BAD_NAME, 501, "5.5.4", ARGUMENTS "Invalid domain name"),
    MISTAKE(TWO_ADDRESSES, NO_OPTION),
    MISTAKE(PARAMETER_NOT_OFFERED, NO_OPTION),
    BEAR(PARAMETER_AFTER_HELO),
    BEAR(UTF8_WITHOUT_SMTPUTF8),
    MISTAKE(BEFORE_HELO, NOT_NOW),
    MISTAKE(MAIL_AFTER_STARTTLS, NOT_NOW),
    MISTAKE(RCPT_BEFORE_MAIL, NOT_NOW),
    MISTAKE(DATA_BEFORE_MAIL, NOT_NOW),
    MISTAKE(DATA_BEFORE_RCPT, 503, "5.5.4", ARGUMENTS "No recipient specified"),
    MISTAKE(NESTED_MAIL, NOT_NOW),
    MISTAKE(AUTH_NOT_OFFERED, 503, "5.5.1", INVALID "Command not supported"),
    MISTAKE(AUTH_NOT_BASE64, 535, "5.7.8", "Authentication failed"),
    MISTAKE(STARTTLS_NOT_OFFERED, 503, "5.5.1", INVALID "Command not supported"),
    MISTAKE_AND_CLOSE(PIPELINED_NOT_OFFERED, 500, "5.5.1", INVALID "Pipelining not supported"),
    MISTAKE_AND_CLOSE(PIPELINED_PAST_SYNC, 500, "5.5.1", INVALID "Pipelining not supported"),
    MISTAKE(NO_HEADER, NO_LETTER),
    MISTAKE(NO_BLANK_LINE, NO_LETTER),

    SAY(GREETING, 220, "", "%h ESMTP OpenSMTPD"),
    SAY(HELO_OK, 250, "", "%h Hello %c, pleased to meet you"),
    SAY(EHLO_OK, 250, "", "%h Hello %c, pleased to meet you"),
    SAY(LHLO_OK, 250, "", "%h Hello %c, pleased to meet you"),
    SAY(MAIL_OK, 250, "2.0.0", "Ok"),
    SAY(RCPT_OK, 250, "2.1.5", "Destination address valid: Recipient ok"),
    SAY(DATA_OK, 354, "", "Enter mail, end with \".\" on a line by itself"),
    SAY(STORED, 250, "2.0.0", "Message accepted for delivery"),
    SAY(RSET_OK, 250, "2.0.0", "Reset state"),
    SAY(NOOP_OK, 250, "2.0.0", "Ok"),
    SAY(QUIT_OK, 221, "2.0.0", "Bye"),
    SAY(UNKNOWN_USER, 524, "5.2.4", "Mailing list expansion problem: <%a>"),
    SAY(RELAYING, 550, "", "Invalid recipient: <%a>"),
    SAY(TOO_MANY_RECIPIENTS, 451, "4.5.3", "Too many recipients"),
    LET_PASS(SIZE_ANNOUNCED),
    LET_PASS(HELO_UNDERSCORE),
    SAY(LETTER_TOO_LARGE, 554, "5.3.4", "Message too big for system"),
    SAY(STARTTLS_OK, 220, "2.0.0", "Ready to start TLS"),
    SAY(AUTH_OK, 235, "2.0.0", "Authentication succeeded"),
    SAY(AUTH_DENIED, 535, "5.7.8", "Authentication failed"),
    SAY_AND_CLOSE(TIMEOUT, 421, "4.4.2", "Connection timeout"),
};

static const struct persona_exception but[] = {
    EXCEPT(UNKNOWN, CONTROL_OCTET, UNRECOGNIZED),
    EXCEPT_SITUATION(MAIL, KEY_SEQUENCE, NO_OPTION),
    EXCEPT_SITUATION(RCPT, KEY_SEQUENCE, NO_OPTION),
    EXCEPT(MAIL, CONTROL_OCTET, BAD_SENDER),
    EXCEPT(RCPT, CONTROL_OCTET, BAD_RECIPIENT),
    EXCEPT(MAIL, NO_PATH, BAD_SENDER),
    EXCEPT(RCPT, NO_PATH, BAD_RECIPIENT),
    EXCEPT(MAIL, NO_BRACKETS, BAD_SENDER),
    EXCEPT(RCPT, NO_BRACKETS, BAD_RECIPIENT),
    EXCEPT(MAIL, BRACKET_NOT_OPENED, BAD_SENDER),
    EXCEPT(RCPT, BRACKET_NOT_OPENED, BAD_RECIPIENT),
    EXCEPT(MAIL, BRACKET_NOT_CLOSED, BAD_SENDER),
    EXCEPT(RCPT, BRACKET_NOT_CLOSED, BAD_RECIPIENT),
    EXCEPT(MAIL, DISPLAY_NAME, BAD_SENDER),
    EXCEPT(RCPT, DISPLAY_NAME, BAD_RECIPIENT),
    EXCEPT_BEAR(MAIL, NO_DOMAIN),
    EXCEPT(RCPT, NO_DOMAIN, 550, "", "Invalid recipient: <%a@%h>"),
};

static const struct persona_offer offers[] = {
    { EXTENSION_8BITMIME, NULL }, { EXTENSION_ENHANCEDSTATUSCODES, NULL },
    { EXTENSION_SIZE, NULL },     { EXTENSION_DSN, NULL },
    { EXTENSION_STARTTLS, NULL }, { EXTENSION_AUTH, NULL },
    { EXTENSION_HELP, NULL },
};

const struct persona persona_opensmtpd = {
    .name = "opensmtpd",
    .who = "OpenSMTPD",
    .rows = rows,
    .exceptions = but,
    .exception_count = COUNT(but),
    .offers = offers,
    .offer_count = COUNT(offers),
    .enhanced_always = true,
    .line_max = 65535,
    .dot_after_lf = true,
};
