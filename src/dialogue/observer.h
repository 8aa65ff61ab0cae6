/*
 * The observer: lines and events of a dialogue in, the state of the session out. It knows neither
 * record nor network, so any source gives the same states. Fixed size and copyable: an assignment
 * is a snapshot.
 *
 * The reply moves the state, legal or not (smtp/session.h); departures from the standard are
 * mistakes and faults in what it tells about each line.
 */
#ifndef DIALOGUE_OBSERVER_H
#define DIALOGUE_OBSERVER_H
#include "dialogue/event.h"
#include "dialogue/mask.h"
#include "smtp/body.h"
#include "smtp/command.h"
#include "smtp/reply.h"
#include "smtp/session.h"

/*
 * What a line is, in the place where it stands, as far as is known when it comes. The lines after
 * a DATA whose reply has not come are the letter's, as the client means them; when the DATA is then
 * refused the server answers each of them as a command, and the replies are paired with them.
 */
enum role {
    ROLE_COMMAND, /* client: a command line */
    ROLE_LETTER,  /* client: a line of the letter, inside DATA */
    ROLE_DOT, /* client: the lone dot that ends a letter. A near miss (a dot line with a bare LF) is
               ROLE_LETTER, also when a lenient server takes it for the end */
    ROLE_AUTH,  /* client: a line of an AUTH exchange, or what follows a refused AUTH: secret */
    ROLE_CHUNK, /* client: octets of a BDAT chunk; a command may follow on the same line when the
                   chunk ends inside it, and is then in .command */
    ROLE_REPLY, /* server: a line of a reply */
};

/* Runs of commands sent whose replies have not come. Bounded, because a client may send without
 * end; a run holds any number of like commands in a row (a hundred RCPTs are one). Beyond it
 * commands are counted, so that pairing never shifts, but their verbs are forgotten. */
#define OBSERVER_PENDING_MAX 128
/* Recipients whose lines are remembered for views; all are counted. */
#define OBSERVER_RECIPIENTS_MAX 16
/* A name of more letters is too long for a sentence; with its NUL. */
#define OBSERVER_READER_MAX 20
/* Keywords of an EHLO reply: a bit each, by number in registry/keywords.h. */
#define OBSERVER_KEYWORD_WORDS 3

/* Commands of one verb on consecutive lines that wait for their replies, or lines that may yet turn
 * out to be commands (see pairing.h). */
struct observer_run {
    uint32_t line;  /* of the first that still waits */
    uint32_t count; /* of those that still wait */
    uint8_t verb;   /* enum verb */
    uint8_t flags;  /* enum run_flags in pairing.h */
};

/* Whose lines the client's lines are. */
enum letter {
    LETTER_NONE,    /* commands */
    LETTER_ASKED,   /* a letter's, if the DATA that waits for its reply is granted */
    LETTER_GRANTED, /* a letter's: the 354 has come, the dot has not */
};

/* What is known of who sits at the other end of the encryption. */
enum trust {
    TRUST_UNKNOWN,    /* not encrypted, or nobody looked at the certificate */
    TRUST_VERIFIED,   /* the certificate is the server's */
    TRUST_UNVERIFIED, /* some check failed */
    TRUST_GIVEN,      /* it failed, and the user trusts the server all the same */
};

struct observer {
    enum session_state state;
    enum session_state expected; /* where the commands that wait lead, if all goes by the standard:
                                    what the next command is judged by */
    enum letter letter;
    bool esmtp;          /* the last accepted greeting was EHLO or LHLO */
    bool lmtp;           /* it was LHLO: one reply for each recipient after the dot */
    bool greeted;        /* the server's greeting has come, whole */
    bool ended;          /* QUIT answered, 421, or the connection is gone */
    bool over;           /* the connection itself is gone */
    uint32_t lines;      /* lines so far, both sides: the number of the last one */
    uint32_t hello_line; /* the HELO or EHLO in force; 0: none */
    uint32_t mail_line;  /* the MAIL of the transaction under way; 0: none */
    uint32_t data_line;  /* the DATA under way, or the last one sent */
    uint32_t rcpt_lines[OBSERVER_RECIPIENTS_MAX]; /* of accepted RCPTs, the first ones */
    uint32_t rcpt_accepted, rcpt_refused;
    uint32_t reader_line; /* the RCPT that `reader` is from; 0: none */
    char
        reader[OBSERVER_READER_MAX]; /* whose letter it is, in one plain word: the local part of the
                                        first recipient ("bob"); "": not known, or no such word */
    uint32_t letters;      /* accepted with 2yz after the dot; in LMTP once for each recipient */
    uint32_t errors;       /* replies 5yz so far */
    uint32_t verdicts_due; /* replies still due to the end of a letter that gets many */
    uint64_t keywords[OBSERVER_KEYWORD_WORDS];     /* offered in the EHLO reply in force */
    uint64_t keywords_new[OBSERVER_KEYWORD_WORDS]; /* of the EHLO reply that is coming in */
    uint64_t size_limit, size_limit_new;           /* of the SIZE keyword; 0: none named */
    bool keywords_other, keywords_other_new;       /* some keyword was not in the registry */
    bool tls, authenticated;
    enum trust trust;
    /* What was offered in plain text, where EHLO came before the encryption (RFC 3207 4.2 makes the
     * client forget it; it is kept to be compared). */
    bool before_tls; /* there is something to compare */
    uint64_t keywords_before[OBSERVER_KEYWORD_WORDS];
    struct login login;
    bool mail_eight_bit, mail_utf8; /* the last MAIL sent declared BODY=8BITMIME, SMTPUTF8 */
    uint64_t chunk_left;            /* octets of a BDAT chunk that are still to come */
    bool chunk_refused;             /* a chunk of this letter was: only RSET and QUIT are left */
    struct body body;               /* the letter under way, or the last one */
    bool letter_has_header;         /* its first line looked like a header field */
    bool letter_unparted;           /* its header ran into text without a blank line */
    /* the reply that is coming in; .lines == 0: none */
    struct reply reply;
    uint32_t reply_first_line;
    uint32_t reply_to_line; /* the command that it answers; 0: the connection, or nobody */
    enum verb reply_verb;   /* of that command */
    bool reply_unasked;     /* nobody asked */
    /* replies awaited, oldest first: a ring. Last, so that a copy can leave out what is unused. */
    uint32_t pending_count; /* replies due (without the greeting) */
    uint16_t pending_at;    /* index of the oldest run */
    uint16_t pending_used;  /* runs in use */
    struct observer_run pending[OBSERVER_PENDING_MAX];
};

/* What one line turned out to be. Borrows from the line's head and from the observer. */
struct observed {
    enum side side;
    uint32_t number; /* of the line, from 1 */
    enum role role;
    struct line line;
    enum session_state before, after;
    /* ROLE_COMMAND */
    struct command command; /* with the mistakes of order and of the session added */
    /* ROLE_LETTER: mistakes of letter lines */
    struct mistakes letter_mistakes;
    uint64_t letter_line; /* its number inside the letter, from 1 */
    bool in_header;
    /* ROLE_REPLY */
    struct reply_line part;
    struct reply reply;    /* so far; .whole when this line ended it */
    enum verb answers;     /* VERB_UNKNOWN with unsolicited: nobody asked */
    uint32_t answers_line; /* 0: the connection */
    uint32_t
        recipient_line; /* LMTP, at the end of a letter: the RCPT whose verdict it is; 0: none */
    bool unsolicited;   /* it answers nothing, and shifted nothing; a step may still be taken: 421
                           closes, 4yz and 5yz in the middle of a letter break it off */
    const struct session_step *step; /* the step taken, NULL: the state stayed */
    /* Lines of a login: AUTH, what answers a 334, the 334 itself. */
    enum auth_mechanism mechanism; /* AUTH_UNKNOWN: nothing may be said of what a client's line
                                      holds */
    unsigned said;                 /* messages of the client before it */
    /* any side */
    struct span secret; /* the part of line.head that must be masked; empty: none */
};

void observer_init(struct observer *o);
/* Takes the next line of either side; o->lines counts it. *out borrows from `line`. */
void observer_line(struct observer *o, enum side side, const struct line *line,
                   struct observed *out);
/* A closed or lost connection, a TLS handshake that is done, and the like. */
void observer_event(struct observer *o, enum talk_event e);
/* True when the keyword of that number was offered. */
bool observer_offers(const struct observer *o, unsigned keyword);
/* The same of what was offered before the encryption. */
bool observer_offered_before(const struct observer *o, unsigned keyword);
/* A STARTTLS waits for its reply: what may come behind it is not for the session. */
bool observer_starttls_waits(const struct observer *o);
/* The verb of the oldest command that waits for its reply; VERB_COUNT when none does. While the
 * greeting is awaited it is VERB_CONNECT. */
enum verb observer_awaits(const struct observer *o);
/* Replies that are still due (the greeting counts). */
uint32_t observer_outstanding(const struct observer *o);
/* Every field that means something; for tests. */
bool observer_same(const struct observer *a, const struct observer *b);
/* What of a line that is not whole yet, `head` being its octets so far, must be masked. */
struct span observer_open_secret(const struct observer *o, struct span head);
/* The compact form: only the part of the pending ring that is in use. At most
 * sizeof(struct observer) octets. Returns how many were written. */
size_t observer_pack(const struct observer *o, unsigned char *at);
void observer_unpack(struct observer *o, const unsigned char *at);

/*
 * The same, pushed as octets: frames lines itself, keeps the heads of unfinished lines only.
 */
struct watcher;
struct watcher *watcher_new(void);
void watcher_free(struct watcher *w); /* NULL is fine */
/* Borrows `octets` until watcher_next has given everything. */
void watcher_push(struct watcher *w, enum side side, struct span octets);
void watcher_event(struct watcher *w, enum talk_event e);
/* True: *out is the next line, valid until the next call. False: push more. */
bool watcher_next(struct watcher *w, struct observed *out);
const struct observer *watcher_state(const struct watcher *w);

#endif
