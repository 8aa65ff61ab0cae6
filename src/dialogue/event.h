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
    /* detail: "version 1, 192.0.2.1:4711 to 192.0.2.2:25"; net/proxy_header.h */                  \
    X(PROXY_SENT, false, "PROXY header sent")                                                      \
    X(NOT_FOUND, true, "no such host")                                                             \
    X(REFUSED, true, "the connection was refused")                                                 \
    X(UNREACHABLE, true, "the host cannot be reached")                                             \
    X(CONNECT_TIMEOUT, true, "no answer to the connection attempt")                                \
    X(CLOSED_BY_SERVER, true, "the server closed the connection")                                  \
    X(CLOSED_BY_CLIENT, true, "you closed the connection")                                         \
    X(RESET, true, "the connection was broken off (reset)")                                        \
    /* a name service was asked; detail: "MX crepes.fr: 10 mx1.crepes.fr (3 ms)" */                \
    X(LOOKUP, false, "asked the name service")                                                     \
    /* one server of a domain; detail: "mx2.crepes.fr (preference 20, 2 of 2)" */                  \
    X(CHOSEN, false, "the domain's mail server to try")                                            \
    /* detail: why */                                                                              \
    X(NO_MX, true, "no mail server to connect to")                                                 \
    /* detail: the name asked for (SNI), or "" */                                                  \
    X(TLS_STARTING, false, "the TLS handshake begins")                                             \
    /* detail: "TLSv1.3, TLS_AES_256_GCM_SHA384, X25519" */                                        \
    X(TLS_DONE, false, "encrypted from here on")                                                   \
    /* one thing to know about the session; detail: "what: value" (net/tls.h names them) */        \
    X(TLS_DETAIL, false, "TLS")                                                                    \
    X(TLS_VERIFIED, false, "the certificate is the server's")                                      \
    X(TLS_UNVERIFIED, false, "the certificate is not verified")                                    \
    X(TLS_TRUSTED, false, "you trust this certificate all the same")                               \
    /* detail: "18 octets: MAIL FROM:..." with visible marks; CVE-2011-0411 */                     \
    X(TLS_DISCARDED, false, "thrown away: it came before the encryption, and counts for nothing")  \
    /* detail: why */                                                                              \
    X(UNRECORDED, false, "the talk goes on, but nothing more of it is kept")                       \
    X(TLS_FAILED, true, "the TLS handshake failed")                                                \
    X(STOPPED, true, "the talk was stopped by this program")
#define X(name, ends, text) TALK_##name,
enum talk_event { TALK_EVENTS(X) TALK_EVENT_COUNT };
#undef X
const char *talk_event_text(enum talk_event e);
bool talk_event_ends(enum talk_event e);

#endif
