/* What the stores have in common. Private to store*.c. */
#ifndef SERVER_STORE_INNER_H
#define SERVER_STORE_INNER_H
#include "server/maildir.h"
#include "server/store.h"

/* A kind of store. Each begins its own struct with struct store, and its jobs with store_job. */
struct store_kind {
    struct store_job *(*put)(struct store *s, const struct store_letter *letter, store_done *done,
                             void *ctx);
    void (*forget)(struct store_job *j); /* NULL: letters are stored within put() */
    void (*free)(struct store *s);
    bool drops; /* it never looks into a letter */
};
struct store {
    const struct store_kind *kind;
};
struct store_job {
    const struct store_kind *kind;
};

/* A maildir on a disk that may fail, for tests. */
struct store *store_maildir_with(struct loop *l, const char *dir, const struct maildir_ops *ops,
                                 struct error *err);

/* The two lines of store_trace(), each with its CRLF. */
void trace_return_path(const struct store_letter *letter, struct buf *out);
void trace_received(const struct store_letter *letter, struct buf *out);
/* A line of its own for each recipient: "Delivered-To: bob@hamburger.edu". */
void trace_delivered_to(const struct store_letter *letter, struct buf *out);

#endif
