/*
 * The server and its visits as they see each other. Private to server.c and visit.c.
 */
#ifndef SERVER_INNER_H
#define SERVER_INNER_H
#include "net/stream.h"
#include "server/mailboxes.h"

struct visit;
struct server {
    struct loop *loop;
    struct record *record;
    const struct policy *policy;
    struct server_hooks hooks;
    struct listener *listener;
    struct mailboxes *mailboxes;
    struct visit *first; /* of a list */
    size_t visits;
    size_t incoming;                           /* octets of letters that are coming in */
    unsigned strangers;                        /* dialogues that were opened for them */
    uint64_t strangers_octets, strangers_room; /* in these dialogues, and at most */
    bool timeouts;
};

/* One client's connection, from accept to end. Takes fd; frees itself at the end, which is never
 * inside this call. */
void visit_start(struct server *s, int fd);
/* Ends it at once, from outside its own calls. */
void visit_stop(struct visit *v);

#endif
