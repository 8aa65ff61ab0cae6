/*
 * Whose codes and words the server speaks: one row for every situation in which it answers. A
 * persona is a table and a few habits, no code: what it leaves out is as the strict one does it.
 * What the situations mean is the engine's matter; who exists and what is offered is policy.h's.
 *
 * Sources: RFC 5321 4.2, 4.3.2 (codes), RFC 3463 and 2034 (enhanced codes), RFC 3207 4, RFC 4954 4
 * and 6, RFC 3030 2 and 4, RFC 2033 4, RFC 9422.
 */
#ifndef ENGINE_PERSONA_H
#define ENGINE_PERSONA_H
#include "engine/policy.h"
#include "smtp/mistake.h"
#include "smtp/verb.h"

/* Every mistake of smtp/mistake.h is a situation; these come after them. X(name, when) */
#define SITUATIONS(X)                                                                              \
    X(GREETING, "the connection is open")                                                          \
    X(HELO_OK, "HELO is taken")                                                                    \
    X(EHLO_OK, "EHLO is taken: the first line; what is offered follows")                           \
    X(LHLO_OK, "LHLO is taken: the first line; what is offered follows")                           \
    X(EHLO_IN_LMTP, "HELO or EHLO to an LMTP server")                                              \
    X(MAIL_OK, "the sender is taken")                                                              \
    X(RCPT_OK, "the recipient is taken")                                                           \
    X(DATA_OK, "the letter may come")                                                              \
    X(STORED, "the letter is stored; %n: octets")                                                  \
    X(STORED_FOR, "the letter is stored for one recipient (LMTP)")                                 \
    X(CHUNK_OK, "a chunk of a letter is in; %n: its octets")                                       \
    X(RSET_OK, "RSET")                                                                             \
    X(NOOP_OK, "NOOP")                                                                             \
    X(QUIT_OK, "QUIT")                                                                             \
    X(HELP_LINE, "one line of HELP; %s")                                                           \
    X(HELP_END, "the last line of a HELP of more lines")                                           \
    X(VRFY_YES, "the mailbox exists, and the server tells")                                        \
    X(VRFY_NO, "it does not, and the server tells")                                                \
    X(VRFY_SECRET, "the server does not tell, or the mailbox is another server's")                 \
    X(EXPN_MEMBER, "one line of EXPN; %a: a member")                                               \
    X(EXPN_NO, "there is no such list")                                                            \
    X(EXPN_SECRET, "the server does not tell")                                                     \
    X(UNKNOWN_USER, "no such mailbox here")                                                        \
    X(RELAYING, "the recipient's domain is not of this server")                                    \
    X(TOO_MANY_RECIPIENTS, "one recipient too many")                                               \
    X(TOO_MANY_DOMAINS, "one domain of recipients too many (RFC 9422)")                            \
    X(TOO_MANY_LETTERS, "one MAIL too many in one session (RFC 9422)")                             \
    X(ALL_REFUSED, "DATA or BDAT, after every recipient was refused")                              \
    X(SIZE_ANNOUNCED, "MAIL announces more octets than are taken; %n: the limit")                  \
    X(LETTER_TOO_LARGE, "the letter had more octets than are taken; %n: the limit")                \
    X(LETTER_BARE_LF, "the letter had line ends of LF alone")                                      \
    X(NO_ROOM, "there is no room for the letter now")                                              \
    X(NOT_STORED, "the letter could not be stored")                                                \
    X(NEEDS_CHUNKS, "DATA for a letter announced as BINARYMIME")                                   \
    X(DATA_AFTER_BDAT, "DATA for a letter that comes in chunks")                                   \
    X(LETTER_FAILED, "another chunk after one was refused; only RSET helps")                       \
    X(IN_CHUNKS, "a command that may not stand between the chunks of a letter")                    \
    X(TEXT_LINE_TOO_LONG, "the letter has lines longer than the policy wants; %n: octets")         \
    X(NEEDS_EHLO, "a command of an extension, after HELO")                                         \
    X(STARTTLS_OK, "TLS may begin")                                                                \
    X(STARTTLS_TWICE, "TLS holds already")                                                         \
    X(STARTTLS_LATER, "TLS is offered, and cannot begin")                                          \
    X(NEEDS_TLS, "a command that needs STARTTLS first")                                            \
    X(NEEDS_AUTH, "a command that needs AUTH first")                                               \
    X(AUTH_OK, "logged in")                                                                        \
    X(AUTH_CHALLENGE, "the server asks for more; %t: base64")                                      \
    X(AUTH_DENIED, "wrong user or password")                                                       \
    X(AUTH_CANCELLED, "the client gave up with *")                                                 \
    X(AUTH_BROKEN, "not what the mechanism asks for")                                              \
    X(AUTH_LATER, "the login cannot be verified now")                                              \
    X(AUTH_LINE_TOO_LONG, "a line of the login is too long")                                       \
    X(AUTH_TWICE, "logged in already")                                                             \
    X(AUTH_MECHANISM, "no such mechanism here")                                                    \
    X(AUTH_NEEDS_TLS, "AUTH needs STARTTLS first")                                                 \
    X(TOO_MANY_ERRORS, "more refused commands than are borne; the server closes")                  \
    X(TOO_MANY_UNKNOWN, "more unknown commands than are borne; the server closes")                 \
    X(TIMEOUT, "nothing came for too long; the server closes")                                     \
    /* mistakes that some servers tell apart; left out: as the mistake */                          \
    X(KEY_SEQUENCE, "CONTROL_OCTET of a key of more octets, such as an arrow")                     \
    X(HELO_UNDERSCORE, "HELO_BAD_NAME for an underscore alone")

enum situation {
    SITUATION_BEFORE_FIRST = MISTAKE_COUNT - 1,
#define X(name, when) SITUATION_##name,
    SITUATIONS(X)
#undef X
        SITUATION_COUNT
};
/* "HELO_OK"; a mistake's name. */
const char *situation_name(unsigned situation);

/* Row flags. */
enum {
    /* a mistake: not refused; taken as it was meant, or passed over. Of situations: of those that
       refuse a recipient, or a size */
    PERSONA_ACCEPT = 1,
    PERSONA_CLOSE = 2, /* the server closes after the reply */
};

/*
 * The reply. In `text` a line feed parts the lines of a longer reply, and these stand for others:
 *   %h  the server's name          %c  the client's, from HELO or EHLO
 *   %a  the address, "<>" if empty %l  its local part        %d  its domain
 *   %t  text: the parameter that was refused, a challenge, what was typed
 *   %n  a number                   %s  the verb's right syntax   %v  the verb      %%  %
 * They are cut so that a line keeps within 512 octets (RFC 5321 4.5.3.1.5), with "?" for control
 * characters. A row that is left out (text NULL, no flags) is as persona_strict has it; of
 * mistakes that one leaves out, too, the code stands in smtp/mistake.h, the text is "Syntax: %s".
 * Mistakes that a strict server bears (code 0 there) are refused by a row with a code: those inside
 * a letter at its end, those of pipelining at once.
 */
struct persona_row {
    unsigned code;
    const char *enhanced; /* "5.5.1"; NULL or "": none */
    const char *text;
    unsigned flags;
};

/* A row for one verb only, which comes before the row for all. */
struct persona_exception {
    enum verb verb;
    unsigned situation;
    struct persona_row row;
};

/* One line of the reply to EHLO. */
struct persona_offer {
    enum extension extension; /* EXTENSION_COUNT: none, `line` always stands there */
    const char *line;         /* NULL: the keyword, with its values */
};

struct persona {
    const char *name;               /* "strict" */
    const char *who;                /* "Postfix as it comes", as the subject of a sentence */
    const struct persona_row *rows; /* [SITUATION_COUNT] */
    const struct persona_exception *exceptions;
    size_t exception_count;
    const char *const *syntax; /* [VERB_COUNT]; NULL, or NULL of one verb: the strict one's */
    /* The EHLO list in its order: only these of the policy's extensions. NULL: all of them. */
    const struct persona_offer *offers;
    size_t offer_count;

    /* Habits. */
    bool enhanced_always; /* each row as it stands; false: as RFC 2034 4 says, so after EHLO
                             only, and never to EHLO and HELO themselves */
    unsigned errors_max;  /* where the policy says 0 */
    unsigned unknown_max; /* unknown commands; one more gets TOO_MANY_UNKNOWN; 0: any */
    unsigned slow_errors; /* so many refusals are answered at once; later ones a second late;
                             0: all at once */
    unsigned line_max;    /* of a command, where the policy says 0; octets without CRLF */
    bool dot_after_lf;    /* LF "." CRLF ends the letter, against RFC 5321 4.1.1.4: what the
                             next server takes for letter text this one takes for commands */
    bool dot_before_lf;   /* CRLF "." LF does */
    bool lf_waits;        /* a command that ends in LF alone goes on: it waits for CRLF */
};
/* The strict server, with the lab's words. Complete. */
extern const struct persona persona_strict;
extern const struct persona persona_postfix, persona_postfix_default, persona_exim,
    persona_opensmtpd, persona_sink;
/* All of them, in the order of their names; ends with NULL. */
extern const struct persona *const personas[];
#define PERSONA_NAMES "strict|postfix|postfix-default|exim|opensmtpd|sink"
const struct persona *persona_named(struct span name); /* NULL: there is none */

/* The row that holds: never without text or, for what is refused, without a code. */
struct persona_row persona_row(const struct persona *p, enum verb verb, unsigned situation);
/* That mistake or situation is not refused. */
bool persona_bears(const struct persona *p, enum verb verb, unsigned situation);
/* "MAIL FROM:<name@domain>"; "" where there is none. */
const char *persona_syntax(const struct persona *p, enum verb verb);

#endif
