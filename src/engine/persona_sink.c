/*
 * smtp-sink of Postfix 3.7, the load tester's server: it takes nearly everything, so a client that
 * was only tried against it was hardly tried at all. Measured on loopback.
 */
#include "engine/persona_rows.h"

#define UNKNOWN 500, "5.5.1", "Error: unknown command"

static const struct persona_row rows[SITUATION_COUNT] = {
    NO_COMMAND(UNKNOWN),
    MISTAKE(EMPTY_LINE, 500, "5.5.2", "Error: unknown command"),
    MISTAKE(HEADER_AS_COMMAND, UNKNOWN),
    MISTAKE(HTTP_REQUEST, UNKNOWN),
    MISTAKE(STARTTLS_NOT_OFFERED, UNKNOWN),
    MISTAKE(AUTH_NOT_OFFERED, 250, "2.0.0", "Ok"),
    BEAR(LEADING_SPACE),
    BEAR(LINE_TOO_LONG),
    BEAR(CONTROL_OCTET),
    BEAR(BARE_CR),
    BEAR(EIGHT_BIT),
    BEAR(UNEXPECTED_ARGUMENT),
    BEAR(MISSING_ARGUMENT),
    BEAR(BAD_ARGUMENT),
    BEAR(HELO_NO_NAME),
    BEAR(HELO_BAD_NAME),
    BEAR(NO_FROM),
    BEAR(NO_TO),
    BEAR(FROM_AND_TO_SWAPPED),
    BEAR(NO_COLON),
    BEAR(SPACE_BEFORE_COLON),
    BEAR(NO_PATH),
    BEAR(NO_BRACKETS),
    BEAR(BRACKET_NOT_CLOSED),
    BEAR(BRACKET_NOT_OPENED),
    BEAR(DISPLAY_NAME),
    BEAR(TWO_ADDRESSES),
    BEAR(NO_DOMAIN),
    BEAR(NO_LOCAL_PART),
    BEAR(BAD_LOCAL_PART),
    BEAR(SPACE_IN_PATH),
    BEAR(BAD_DOMAIN),
    BEAR(BAD_LITERAL),
    BEAR(NO_SQUARE_BRACKETS),
    BEAR(LOCAL_PART_TOO_LONG),
    BEAR(DOMAIN_TOO_LONG),
    BEAR(PATH_TOO_LONG),
    BEAR(NULL_RECIPIENT),
    BEAR(UTF8_WITHOUT_SMTPUTF8),
    BEAR(BAD_PARAMETER),
    BEAR(BAD_XTEXT),
    BEAR(PARAMETER_TWICE),
    BEAR(TOO_MANY_PARAMETERS),
    BEAR(PARAMETER_NOT_OFFERED),
    BEAR(PARAMETER_AFTER_HELO),
    BEAR(BEFORE_HELO),
    MISTAKE(RCPT_BEFORE_MAIL, 503, "5.5.1", "Error: need MAIL command"),
    MISTAKE(DATA_BEFORE_MAIL, 503, "5.5.1", "Error: need RCPT command"),
    MISTAKE(DATA_BEFORE_RCPT, 503, "5.5.1", "Error: need RCPT command"),
    MISTAKE(NESTED_MAIL, 503, "5.5.1", "Error: nested MAIL command"),

    SAY(GREETING, 220, "", "%h ESMTP"),
    SAY(HELO_OK, 250, "", "%h"),
    SAY(EHLO_OK, 250, "", "%h"),
    SAY(LHLO_OK, 250, "", "%h"),
    SAY(MAIL_OK, 250, "2.1.0", "Ok"),
    SAY(RCPT_OK, 250, "2.1.5", "Ok"),
    SAY(DATA_OK, 354, "", "End data with <CR><LF>.<CR><LF>"),
    SAY(STORED, 250, "2.0.0", "Ok"),
    SAY(RSET_OK, 250, "2.1.0", "Ok"),
    SAY(NOOP_OK, 250, "2.0.0", "Ok"),
    SAY(QUIT_OK, 221, "", "Bye"),
    SAY(VRFY_YES, 250, "2.0.0", "Ok"),
    SAY(VRFY_NO, 250, "2.0.0", "Ok"),
    SAY(VRFY_SECRET, 250, "2.0.0", "Ok"),
    LET_PASS(UNKNOWN_USER),
    LET_PASS(RELAYING),
    LET_PASS(SIZE_ANNOUNCED),
};

static const struct persona_exception but[] = { EXCEPT(UNKNOWN, CONTROL_OCTET, UNKNOWN) };

/* Its list ends in a line without a keyword. */
static const struct persona_offer offers[] = {
    { EXTENSION_PIPELINING, NULL },          { EXTENSION_8BITMIME, NULL }, { EXTENSION_AUTH, NULL },
    { EXTENSION_ENHANCEDSTATUSCODES, NULL }, { EXTENSION_DSN, NULL },      { EXTENSION_COUNT, "" },
};

const struct persona persona_sink = {
    .name = "sink",
    .who = "smtp-sink",
    .rows = rows,
    .offers = offers,
    .offer_count = COUNT(offers),
    .exceptions = but,
    .exception_count = COUNT(but),
    .enhanced_always = true,
    .line_max = 65535,
    .lf_waits = true,
};
