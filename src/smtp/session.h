/*
 * The SMTP session as tables: which reply to which verb leads where, and what the standard
 * allows when. Who is watching (client, toy server, observer) does not matter.
 *
 * The reply moves the state, legal or not, because real servers accept what the standard forbids:
 * so the table of steps is wider than the table of what is allowed. The rows carry their sources;
 * `why` is what a learner reads.
 */
#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H
#include "smtp/mistake.h"
#include "smtp/verb.h"

/* X(name, short name on the state diagram, what it is, what the server waits for) */
#define SESSION_STATES(X)                                                                          \
    X(AT_CONNECT, "connected", "the client waits for the server's greeting",                       \
      "nothing: it has to greet")                                                                  \
    X(AT_REFUSED, "refused", "the server turned the client away; only QUIT is left",               \
      "QUIT: it takes no letters")                                                                 \
    X(AT_HELLO, "greeted", "the server has spoken; the client says who it is", "your greeting")    \
    X(AT_READY, "ready", "both know each other; a letter may begin", "a new letter, or QUIT")      \
    X(AT_MAIL, "sender", "the server has the sender and waits for a recipient", "a recipient")     \
    X(AT_RCPT, "recipients", "at least one recipient is accepted; DATA may come",                  \
      "a recipient, or DATA")                                                                      \
    X(AT_BODY, "letter", "every line is the letter's, until a lone dot",                           \
      "more letter, or the dot")                                                                   \
    X(AT_CHUNK, "chunk", "octets of a BDAT chunk are under way", "the rest of the chunk")          \
    X(AT_TLS, "TLS", "the TLS handshake is under way", "the TLS handshake")                        \
    X(AT_AUTH, "login", "an AUTH exchange is under way", "the next line of the login")             \
    X(AT_END, "ended", "the talk is over", "nothing: the talk is over")
#define X(name, shown, what, waits) name,
enum session_state { SESSION_STATES(X) SESSION_STATE_COUNT };
#undef X
const char *session_state_shown(enum session_state state);
const char *session_state_what(enum session_state state);
const char *session_state_waits(enum session_state state);

/* A set of states is an unsigned with these bits. */
#define SESSION_IN(state) (1u << (state))

/* A reply whose code starts with `digit` to `verb`, when in one of `from`, leads to `to`. */
struct session_step {
    unsigned from;
    enum verb verb;
    unsigned digit;
    enum session_state to;
    bool standard;   /* false: the standard forbids it, servers do it; the diagram leaves it out */
    const char *why; /* one short sentence for the learner */
    const char *source;
};
extern const struct session_step session_steps[];
extern const size_t session_step_count;

/* Where a reply of `code` to `verb` leads; NULL: the state stays. 421 ends the talk from anywhere.
 */
const struct session_step *session_step(enum session_state now, enum verb verb, unsigned code);

/* Where a reply to BDAT ... LAST leads: it ends a letter as the dot does (RFC 3030 2). NULL: the
 * state stays. */
const struct session_step *session_last_chunk(enum session_state now, unsigned code);

/* Where RFC 5321 4.1.4 (and the extensions' RFCs) let a client send a verb; elsewhere 503 is due.
 */
extern const unsigned session_allowed[VERB_COUNT];
static inline bool session_allows(enum session_state now, enum verb verb)
{
    return (session_allowed[verb] & SESSION_IN(now)) != 0;
}
/* The mistake of sending `verb` now: MISTAKE_COUNT when it is allowed. */
enum mistake session_misplaced(enum session_state now, enum verb verb);

#endif
