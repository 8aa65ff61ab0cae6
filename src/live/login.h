/*
 * A login as its lines: AUTH, and what answers each 334. The messages themselves are made in
 * net/sasl.h; who is asked for the password, and when it may be sent, is the owner's matter.
 *
 * Sources: RFC 4954 3 (what is offered), 4 (the exchange).
 */
#ifndef LIVE_LOGIN_H
#define LIVE_LOGIN_H
#include "dialogue/record.h"

/* The methods of login that the EHLO reply in force names, a blank between. */
void login_offered(const struct record *r, unsigned d, struct buf *out);
/* Does the method send the password, or what is as good, to whoever listens? */
bool login_shows_secret(const char *mechanism);

struct login_talk;
/* NULL: the method is not possible here. Copies. `binding`: of the TLS session, or empty. */
struct login_talk *login_new(const char *mechanism, const char *user, const char *secret,
                             struct span binding);
void login_free(struct login_talk *l); /* NULL is fine; wipes */
/* Appends "AUTH ...", without line end; it holds a secret. False: login_why(). */
bool login_command(struct login_talk *l, struct buf *line);
/* Appends what answers the text of a 334, without line end. False: the login is given up, the line
 * is "*" (RFC 4954 4), and login_why() says why. */
bool login_answer(struct login_talk *l, struct span text, struct buf *line);
/* After 235: has the server proved that it knows the password, where the method makes it? */
bool login_proved(const struct login_talk *l);
const char *login_why(const struct login_talk *l);

#endif
