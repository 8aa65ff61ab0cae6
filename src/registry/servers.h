/*
 * What well-known servers do with a mistake: some take it, some refuse it, with codes of their own.
 * Measured on loopback; the toy server's personas (engine/persona.h) answer alike, and a test
 * compares the two. Only what was measured stands here.
 */
#ifndef REGISTRY_SERVERS_H
#define REGISTRY_SERVERS_H
#include "smtp/mistake.h"
#include "smtp/verb.h"

/* X(name, in words, the persona's name) */
#define SERVERS(X)                                                                                 \
    X(POSTFIX, "Postfix", "postfix-default")                                                       \
    X(CAREFUL_POSTFIX, "a strictly configured Postfix", "postfix")                                 \
    X(EXIM, "Exim", "exim")                                                                        \
    X(OPENSMTPD, "OpenSMTPD", "opensmtpd")                                                         \
    X(SINK, "the test server smtp-sink", "sink")
#define X(name, words, persona) SERVER_##name,
enum server { SERVERS(X) SERVER_COUNT };
#undef X
struct server_name {
    const char *words, *persona;
};
extern const struct server_name server_names[SERVER_COUNT];

#define SERVER_TAKES 0 /* it takes the line, as if nothing were wrong */
#define SERVER_WAITS 1 /* it says nothing, and waits for more */
struct server_answers {
    enum mistake mistake;
    enum verb verb;               /* of the line that was tried */
    unsigned codes[SERVER_COUNT]; /* of the reply, or one of the above */
};
extern const struct server_answers server_answers[];
extern const size_t server_answers_count;
/* NULL: they were not tried with it. */
const struct server_answers *server_answers_to(enum mistake m);

#endif
