/*
 * Secrets in client lines: where they are, and which lines are part of a login. What stands for
 * them is MASK. In doubt a line is secret: a typing mistake must not show a password.
 * Sources: RFC 4954 4 (AUTH, initial response, the exchange, "*"); RFC 4422 3.1 (mechanism names).
 */
#ifndef DIALOGUE_MASK_H
#define DIALOGUE_MASK_H
#include "base/span.h"
#include "smtp/sasl.h"

#define MASK "********"

/* True when the line starts with AUTH, with what may stand for it (AUTHENTICATE, AUTH=PLAIN, LOGIN,
 * PASS, the name of a mechanism), or with what is most likely a misspelt AUTH. */
bool mask_is_auth_command(struct span head);
/* The same inside a letter, where "Author: Bob" is a field. */
bool mask_is_auth_in_letter(struct span head);
/* The secret part of such a line: all behind the mechanism; empty when there is none. */
struct span mask_in_auth_command(struct span head);
/* The secret part of a line inside an AUTH exchange: all of it, but for "*", which cancels. */
struct span mask_in_auth_line(struct span head);
/* The same in a line that begins with a command's verb while the server waits for an answer: all
 * behind the verb. The server takes the line for the answer. */
struct span mask_behind_verb(struct span head);

/*
 * A login, as far as it tells which lines are secret, and what they may be said to hold. The state
 * of the session does not: AUTH may come anywhere, be refused, and its answers be sent all the
 * same. Zero-filled: there is none.
 */
struct login {
    bool asked;   /* 334 has come: the next line that the server reads is the answer */
    uint8_t left; /* lines that may follow a refused AUTH: a script sends them unheard */
    /* Which message a line is. Only while client and server keep step: what is sent unasked may be
     * anything. */
    uint8_t mechanism; /* enum auth_mechanism of the AUTH sent last; AUTH_UNKNOWN: no more known */
    uint8_t said;      /* messages that the client has sent, counted up to 255 */
    bool answered;     /* the line after the last 334 is sent */
    bool asks_name; /* LOGIN: the last question is for the user's name, as far as its words tell */
};
/* A user name and a password. */
#define LOGIN_LINES 2

/* True when the line is an answer, and secret. `waits`: an AUTH waits for its reply. */
bool login_hides(const struct login *l, bool waits, struct span head);
/* A reply has come; digit: its first. of_login: it answers AUTH or a line of the exchange. */
void login_answered(struct login *l, bool of_login, unsigned digit);

/* An AUTH command goes out. `waits`: another one waits for its reply. */
void login_begins(struct login *l, struct span head, bool waits);
/* A line of the exchange goes out. */
void login_says(struct login *l);
/* The words of a 334 have come, in base64. */
void login_asks(struct login *l, struct span words);

#endif
