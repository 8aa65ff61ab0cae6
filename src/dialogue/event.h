/*
 * What can happen in a dialogue, as it is recorded: observed, never interpreted.
 */
#ifndef DIALOGUE_EVENT_H
#define DIALOGUE_EVENT_H
#include "base/span.h"

enum side { SIDE_CLIENT, SIDE_SERVER };

/* X(name, ends the talk, what the user reads; a detail may follow it) */
#define TALK_EVENTS(X)                                                                             \
    X(RESOLVING, false, "looking up the name")                                                     \
    X(RESOLVED, false, "the name stands for")                                                      \
    X(CONNECTING, false, "connecting to")                                                          \
    X(CONNECTED, false, "connected to")                                                            \
    X(NOT_FOUND, true, "no such host")                                                             \
    X(REFUSED, true, "the connection was refused")                                                 \
    X(UNREACHABLE, true, "the host cannot be reached")                                             \
    X(CONNECT_TIMEOUT, true, "no answer to the connection attempt")                                \
    X(CLOSED_BY_SERVER, true, "the server closed the connection")                                  \
    X(CLOSED_BY_CLIENT, true, "you closed the connection")                                         \
    X(RESET, true, "the connection was broken off (reset)")                                        \
    X(STOPPED, true, "the talk was stopped by this program")
#define X(name, ends, text) TALK_##name,
enum talk_event { TALK_EVENTS(X) TALK_EVENT_COUNT };
#undef X
const char *talk_event_text(enum talk_event e);
bool talk_event_ends(enum talk_event e);

#endif
