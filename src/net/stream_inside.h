/*
 * The inside of a stream, for stream.c and stream_tls.c alone. Kept small: a server holds thousands
 * that are silent.
 */
#ifndef NET_STREAM_INSIDE_H
#define NET_STREAM_INSIDE_H
#include <netinet/in.h>

#include "net/stream.h"

/* An end of a connection, in less room than struct address. */
union stream_end {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct secure; /* TLS over a stream: stream_tls.c */

struct stream {
    struct loop *loop;
    struct stream_hooks hooks;
    struct connect *connect; /* while connecting */
    struct secure *secure;   /* NULL: octets travel in plain */
    struct event *readable;
    struct event *writable; /* NULL: nothing is queued */
    struct evbuffer *queue; /* likewise */
    int fd;                 /* -1: not connected (yet, or any more) */
    unsigned calls;         /* hooks running now */
    union stream_end local, peer;
    bool paused;
    bool finish;    /* FIN is wanted ... */
    bool finished;  /* ... and sent */
    bool peer_done; /* its end came */
    bool broken;    /* sending failed: the reader will find out why, and tell */
    bool dead;
};

/* False: the stream was freed by the hook. */
bool stream_tell(struct stream *s, enum stream_event e, const char *detail);
bool stream_give(struct stream *s, struct span octets);
/* To the socket or the queue, as they are. */
void stream_send(struct stream *s, struct span octets);
/* FIN when it is wanted and nothing waits any more. */
void stream_send_fin(struct stream *s);
void stream_stop_reading(struct stream *s);
/* The reader has something to find out, though nothing may have come. */
void stream_wake_reader(struct stream *s);
/* The socket is closed, the queue dropped. */
void stream_drop_socket(struct stream *s);

/* Of TLS. Octets that came, which may be none: then what was held back is gone through. */
void secure_take(struct stream *s, struct span octets);
/* Something is held back until the stream reads again. */
bool secure_holds(const struct secure *x);
/* FIN came. Tells all that follows from it. */
void secure_peer_ended(struct stream *s);
/* The queue is empty, or sending failed. True: that ended a session that had failed, and it is
 * told; the stream may be freed. */
bool secure_drained(struct stream *s);
void secure_write(struct stream *s, struct span octets);
/* close_notify, as far as there is a session. */
void secure_finish(struct stream *s);
/* Octets written before the handshake was done. */
size_t secure_waiting(const struct secure *x);
void secure_drop(struct secure *x); /* those will never be sent */
void secure_free(struct secure *x); /* NULL is fine */

#endif
