#include "smtp/session.h"

#define X(name, shown, what, waits) shown,
const char *session_state_shown(enum session_state state)
{
    static const char *const shown[] = { SESSION_STATES(X) };

    return shown[state];
}
#undef X
#define X(name, shown, what, waits) what,
const char *session_state_what(enum session_state state)
{
    static const char *const what[] = { SESSION_STATES(X) };

    return what[state];
}
#undef X
#define X(name, shown, what, waits) waits,
const char *session_state_waits(enum session_state state)
{
    static const char *const waits[] = { SESSION_STATES(X) };

    return waits[state];
}
#undef X

#define IN(state) SESSION_IN(state)
/* A command can be sent: nothing is under way but perhaps a transaction. */
#define IDLE        (IN(AT_HELLO) | IN(AT_READY) | IN(AT_MAIL) | IN(AT_RCPT))
#define TALKING     (IDLE | IN(AT_CONNECT) | IN(AT_REFUSED))
#define TRANSACTION (IN(AT_MAIL) | IN(AT_RCPT))
#define ANYWHERE    ((1u << SESSION_STATE_COUNT) - 1u)

/* The first row that fits is taken: what the standard has comes before what servers do. */
const struct session_step session_steps[] = {
    { IN(AT_CONNECT), VERB_CONNECT, 2, AT_HELLO, true, "the server is ready and greets",
      "RFC 5321 3.1" },
    { IN(AT_CONNECT), VERB_CONNECT, 5, AT_REFUSED, true,
      "the server takes no mail from this client; only QUIT is left", "RFC 5321 3.1" },
    { IN(AT_CONNECT), VERB_CONNECT, 4, AT_REFUSED, false,
      "the server cannot serve now; it will close", "RFC 5321 3.8" },
    { IDLE, VERB_EHLO, 2, AT_READY, true,
      "the client is known; a letter that was under way is forgotten", "RFC 5321 4.1.4" },
    { IDLE, VERB_HELO, 2, AT_READY, true,
      "the client is known; a letter that was under way is forgotten", "RFC 5321 4.1.1.1" },
    { IDLE, VERB_LHLO, 2, AT_READY, true, "the client is known, in LMTP", "RFC 2033 4.1" },
    { IN(AT_READY), VERB_STARTTLS, 2, AT_TLS, true, "the next octets are the TLS handshake",
      "RFC 3207 4" },
    { IN(AT_TLS), VERB_TLS_DONE, 2, AT_HELLO, true,
      "encrypted now; what was learnt before no longer counts", "RFC 3207 4.2" },
    { IN(AT_READY), VERB_AUTH, 2, AT_READY, true, "logged in", "RFC 4954 4" },
    { IN(AT_READY), VERB_AUTH, 3, AT_AUTH, true, "the server asks for more", "RFC 4954 4" },
    { IN(AT_AUTH), VERB_AUTH_LINE, 3, AT_AUTH, true, "the server asks for more", "RFC 4954 4" },
    { IN(AT_AUTH), VERB_AUTH_LINE, 2, AT_READY, true, "logged in", "RFC 4954 4" },
    { IN(AT_AUTH), VERB_AUTH_LINE, 4, AT_READY, true, "not logged in, for now", "RFC 4954 4" },
    { IN(AT_AUTH), VERB_AUTH_LINE, 5, AT_READY, true, "not logged in", "RFC 4954 4" },
    { IN(AT_READY), VERB_MAIL, 2, AT_MAIL, true, "a letter begins; the server has its sender",
      "RFC 5321 3.3" },
    { TRANSACTION, VERB_RCPT, 2, AT_RCPT, true, "one accepted recipient is enough",
      "RFC 5321 3.3" },
    { IN(AT_RCPT), VERB_DATA, 3, AT_BODY, true, "now every line is the letter's",
      "RFC 5321 4.1.1.4" },
    { IN(AT_BODY), VERB_BODY_END, 2, AT_READY, true, "the server has taken charge of the letter",
      "RFC 5321 4.1.1.4" },
    { IN(AT_BODY), VERB_BODY_END, 4, AT_READY, true,
      "the letter is not taken now; the sender may try again", "RFC 5321 4.1.1.4" },
    { IN(AT_BODY), VERB_BODY_END, 5, AT_READY, true, "the letter is refused", "RFC 5321 4.1.1.4" },
    { IN(AT_RCPT) | IN(AT_CHUNK), VERB_BDAT, 2, AT_CHUNK, true, "a chunk of the letter is in",
      "RFC 3030 2" },
    { IN(AT_RCPT) | IN(AT_CHUNK), VERB_BDAT, 4, AT_CHUNK, true,
      "the letter has failed for now; only RSET clears it", "RFC 3030 2" },
    { IN(AT_RCPT) | IN(AT_CHUNK), VERB_BDAT, 5, AT_CHUNK, true,
      "the letter has failed; only RSET clears it", "RFC 3030 2" },
    { TRANSACTION | IN(AT_CHUNK), VERB_RSET, 2, AT_READY, true,
      "the letter is dropped; the greeting still holds", "RFC 5321 4.1.1.5" },
    { IDLE | IN(AT_REFUSED), VERB_QUIT, 2, AT_END, true, "both say goodbye", "RFC 5321 4.1.1.10" },

    /* What the standard forbids and servers do, after a goodbye or a "go ahead" to TLS, too. */
    { ANYWHERE, VERB_EHLO, 2, AT_READY, false,
      "the server took a greeting that came at the wrong time", "RFC 5321 3.1" },
    { ANYWHERE, VERB_HELO, 2, AT_READY, false,
      "the server took a greeting that came at the wrong time", "RFC 5321 3.1" },
    { ANYWHERE, VERB_LHLO, 2, AT_READY, false,
      "the server took a greeting that came at the wrong time", "RFC 2033 4.1" },
    { ANYWHERE, VERB_MAIL, 2, AT_MAIL, false,
      "this server takes MAIL where the standard asks for another step first", "RFC 5321 4.1.4" },
    { ANYWHERE, VERB_RCPT, 2, AT_RCPT, false, "this server takes RCPT without MAIL",
      "RFC 5321 4.1.4" },
    { ANYWHERE, VERB_DATA, 3, AT_BODY, false,
      "this server takes a letter without a valid recipient", "RFC 5321 3.3" },
    { IDLE, VERB_BDAT, 2, AT_CHUNK, false, "this server takes a chunk without a valid recipient",
      "RFC 3030 2" },
    { TALKING, VERB_STARTTLS, 2, AT_TLS, false, "this server takes STARTTLS where it is not due",
      "RFC 3207 4" },
    { IN(AT_TLS) | IN(AT_END), VERB_AUTH, 2, AT_READY, false,
      "this server takes AUTH where it is not due", "RFC 4954 4" },
    { ANYWHERE, VERB_AUTH, 3, AT_AUTH, false, "this server takes AUTH where it is not due",
      "RFC 4954 4" },
    { ANYWHERE, VERB_QUIT, 2, AT_END, false, "the server said goodbye in the middle",
      "RFC 5321 4.1.1.10" },
    /* Postfix answers "Subject: ..." as a command with 221 and closes. */
    { ANYWHERE, VERB_UNKNOWN, 2, AT_END, false, "the server ended the talk", "RFC 5321 3.8" },
};
const size_t session_step_count = sizeof session_steps / sizeof session_steps[0];

/* 421 may answer anything, anywhere: the server is about to close. */
static const struct session_step closing = { ANYWHERE,
                                             VERB_UNKNOWN,
                                             4,
                                             AT_END,
                                             true,
                                             "the server closes the connection",
                                             "RFC 5321 3.8, 4.2.3" };

const struct session_step *session_step(enum session_state now, enum verb verb, unsigned code)
{
    if (code == 421)
        return &closing;
    for (const struct session_step *s = session_steps; s < session_steps + session_step_count;
         s++) {
        if (!(s->from & IN(now)) || s->verb != verb || s->digit != code / 100)
            continue;
        /* 252, 250, 214 to an unknown verb mean that it is only unknown to us; 221 is a farewell.
         */
        if (verb == VERB_UNKNOWN && code != 221)
            continue;
        /* BDAT was not known or not understood: it did nothing (RFC 5321 4.2.2). */
        if (now == AT_RCPT && code >= 500 && code <= 502)
            continue;
        return s;
    }
    return NULL;
}

static const struct session_step last_chunk[] = {
    { IDLE | IN(AT_CHUNK), VERB_BDAT, 2, AT_READY, true,
      "that was the last chunk; the server has taken charge of the letter", "RFC 3030 2" },
    { TRANSACTION | IN(AT_CHUNK), VERB_BDAT, 4, AT_CHUNK, true,
      "the letter is not taken now; only RSET clears it", "RFC 3030 2" },
    { TRANSACTION | IN(AT_CHUNK), VERB_BDAT, 5, AT_CHUNK, true,
      "the letter is refused; only RSET clears it", "RFC 3030 2" },
};

const struct session_step *session_last_chunk(enum session_state now, unsigned code)
{
    if (now != AT_CHUNK && code >= 500 && code <= 502)
        return NULL; /* it did nothing */
    for (size_t i = 0; i < sizeof last_chunk / sizeof last_chunk[0]; i++)
        if ((last_chunk[i].from & IN(now)) && last_chunk[i].digit == code / 100 && code != 421)
            return &last_chunk[i];
    return code == 421 ? &closing : NULL;
}

const unsigned session_allowed[VERB_COUNT] = {
    [VERB_UNKNOWN] = 0,
    [VERB_CONNECT] = IN(AT_CONNECT),
    [VERB_TLS_DONE] = IN(AT_TLS),
    [VERB_AUTH_LINE] = IN(AT_AUTH),
    [VERB_BODY_END] = IN(AT_BODY),
    [VERB_EHLO] = IDLE,
    [VERB_HELO] = IDLE,
    [VERB_LHLO] = IDLE,
    [VERB_STARTTLS] = IN(AT_READY),
    [VERB_AUTH] = IN(AT_READY),
    [VERB_MAIL] = IN(AT_READY),
    [VERB_RCPT] = TRANSACTION,
    [VERB_DATA] = IN(AT_RCPT),
    [VERB_BDAT] = IN(AT_RCPT) | IN(AT_CHUNK),
    [VERB_RSET] = IDLE | IN(AT_CHUNK),
    [VERB_NOOP] = IDLE | IN(AT_CHUNK),
    [VERB_HELP] = IDLE,
    [VERB_VRFY] = IDLE,
    [VERB_EXPN] = IDLE,
    [VERB_ETRN] = IN(AT_READY),
    [VERB_QUIT] = IDLE | IN(AT_REFUSED) | IN(AT_CHUNK),
};

enum mistake session_misplaced(enum session_state now, enum verb verb)
{
    if (verb == VERB_UNKNOWN || session_allows(now, verb))
        return MISTAKE_COUNT;
    if (now == AT_CONNECT)
        return MISTAKE_TOO_EARLY;
    if (now == AT_REFUSED)
        return MISTAKE_AFTER_REFUSED_GREETING;
    if (now == AT_CHUNK) /* in one letter DATA and BDAT do not mix (RFC 3030 2) */
        return MISTAKE_NESTED_MAIL;
    switch (verb) {
    case VERB_MAIL:
        return now == AT_HELLO ? MISTAKE_BEFORE_HELO : MISTAKE_NESTED_MAIL;
    case VERB_RCPT:
        return now == AT_HELLO ? MISTAKE_BEFORE_HELO : MISTAKE_RCPT_BEFORE_MAIL;
    case VERB_DATA:
    case VERB_BDAT:
        return now == AT_HELLO  ? MISTAKE_BEFORE_HELO
               : now == AT_MAIL ? MISTAKE_DATA_BEFORE_RCPT
                                : MISTAKE_DATA_BEFORE_MAIL;
    default: /* AUTH, STARTTLS, ETRN: before the greeting, or inside a transaction */
        return now == AT_HELLO ? MISTAKE_BEFORE_HELO : MISTAKE_NESTED_MAIL;
    }
}
