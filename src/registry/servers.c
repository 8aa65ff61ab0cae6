#include "registry/servers.h"

#define X(name, words, persona) { words, persona },
const struct server_name server_names[SERVER_COUNT] = { SERVERS(X) };
#undef X

/* In the order of SERVERS: Postfix, the strict one, Exim, OpenSMTPD, smtp-sink. */
const struct server_answers server_answers[] = {
    { MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN, { 221, 221, 500, 500, 500 } },
    { MISTAKE_HTTP_REQUEST, VERB_UNKNOWN, { 221, 221, 500, 500, 500 } },
    { MISTAKE_LINE_TOO_LONG, VERB_MAIL, { 0, 0, 0, 0, 0 } },
    { MISTAKE_CONTROL_OCTET, VERB_MAIL, { 0, 0, 501, 553, 0 } },
    { MISTAKE_BARE_LF, VERB_MAIL, { 0, 550, 0, 0, SERVER_WAITS } },
    { MISTAKE_UNEXPECTED_ARGUMENT, VERB_DATA, { 501, 501, 501, 500, 0 } },
    { MISTAKE_HELO_NO_NAME, VERB_HELO, { 501, 501, 501, 501, 0 } },
    { MISTAKE_HELO_BAD_NAME, VERB_HELO, { 0, 0, 501, 501, 0 } },
    { MISTAKE_NO_COLON, VERB_MAIL, { 501, 501, 500, 500, 0 } },
    { MISTAKE_SPACE_BEFORE_COLON, VERB_MAIL, { 501, 501, 500, 500, 0 } },
    { MISTAKE_NO_BRACKETS, VERB_MAIL, { 0, 501, 0, 553, 0 } },
    { MISTAKE_DISPLAY_NAME, VERB_MAIL, { 555, 501, 0, 553, 0 } },
    { MISTAKE_TWO_ADDRESSES, VERB_RCPT, { 501, 501, 501, 503, 0 } },
    { MISTAKE_NO_DOMAIN, VERB_MAIL, { 0, 504, 501, 0, 0 } },
    { MISTAKE_PARAMETER_NOT_OFFERED, VERB_MAIL, { 555, 555, 501, 503, 0 } },
    { MISTAKE_PARAMETER_AFTER_HELO, VERB_MAIL, { 0, 0, 501, 0, 0 } },
    { MISTAKE_BEFORE_HELO, VERB_MAIL, { 0, 503, 503, 503, 0 } },
    { MISTAKE_DATA_BEFORE_RCPT, VERB_DATA, { 554, 554, 503, 503, 503 } },
    { MISTAKE_AUTH_NOT_OFFERED, VERB_AUTH, { 503, 503, 503, 503, 250 } },
    { MISTAKE_PIPELINED_NOT_OFFERED, VERB_MAIL, { 0, 554, 0, 500, 0 } },
    { MISTAKE_NO_BLANK_LINE, VERB_MAIL, { 0, 0, 0, 550, 0 } },
    { MISTAKE_NO_HEADER, VERB_MAIL, { 0, 0, 0, 550, 0 } },
    { MISTAKE_LETTER_LINE_TOO_LONG, VERB_MAIL, { 0, 0, 550, 0, 0 } },
};
const size_t server_answers_count = sizeof server_answers / sizeof server_answers[0];

const struct server_answers *server_answers_to(enum mistake m)
{
    for (size_t i = 0; i < server_answers_count; i++)
        if (server_answers[i].mistake == m)
            return &server_answers[i];
    return NULL;
}
