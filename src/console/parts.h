/*
 * What a person can ask of the parts of a letter, wherever the letter's octets come from: the lab's
 * mailboxes, the dialogue's record, the letters of `serve`.
 */
#ifndef CONSOLE_PARTS_H
#define CONSOLE_PARTS_H
#include "base/error.h"
#include "console/console.h"
#include "dialogue/record.h"
#include "message/mime.h"
#include "view/styled.h"

struct parts_letter {
    struct span octets;  /* borrowed, as all of it */
    const char *command; /* what a person types before the words: "/mailbox bob 1" */
    unsigned cols;
    bool ascii;
};
enum parts_done {
    PARTS_PAGE, /* *out is a page */
    PARTS_SAID, /* *out is one line to be said */
    PARTS_WRONG /* err says why not; out is untouched */
};
/* `words`: "parts", "part 2" or "save 2 FILE". Appends to out. A file is new, only its owner can
 * read it, and its name is never one that the letter chose. */
enum parts_done parts_take(const struct parts_letter *letter, struct span words, struct styled *out,
                           struct error *err);
/* Completion reads the letter at each key: no larger one, or the key would be late. */
#define PARTS_COMPLETED_MAX ((size_t)256 * 1024)
/* Words that start with `typed`, for completion: each is told behind `before`. Behind "save 2 "
 * stands a name for the file, made out of the one in the letter. */
void parts_complete(struct span octets, const char *before, const char *typed, complete_fn *fn,
                    void *ctx);

/* Appends the octets of the letter at or before line n of dialogue d, as its reader gets them
 * (record_letter()). False: err; also where they are more than `most`. */
bool parts_of_record(const struct record *r, unsigned d, uint32_t n, size_t most, struct buf *out,
                     struct error *err);

#endif
