/*
 * The faults of a server while it runs, for whoever shows them: text in, text out, so that nobody
 * above needs the engine's types. What a fault is: engine/fault.h.
 */
#ifndef SERVER_FAULTS_H
#define SERVER_FAULTS_H
#include "base/buf.h"
#include "server/server.h"

struct server_fault {
    unsigned id; /* from 1, never reused */
    bool on;
    uint64_t matched, played;
    const char *text,
        *words; /* the line that makes it, and what it says; valid until the next call */
};
/* Sessions under way meet it, too. 0: *why says what is wrong with the line. */
unsigned server_fault_add(struct server *s, struct span line, struct buf *why);
bool server_fault_remove(struct server *s, unsigned id); /* false: there is no such fault */
bool server_fault_switch(struct server *s, unsigned id, bool on);
size_t server_faults(const struct server *s);
bool server_fault(struct server *s, size_t i, struct server_fault *out);

/* For completion and help: the moments, and the keys with their help. NULL: no more. */
const char *server_fault_moment(size_t i);
const char *server_fault_key(size_t i, const char **help);
/* Appends a value for that key; false: no more, or the key stands alone. */
bool server_fault_value(const char *key, size_t i, struct buf *out);
/* A ready-made one: its line, and what it stands for. NULL: no more. */
const char *server_fault_example(size_t i, const char **what);

#endif
