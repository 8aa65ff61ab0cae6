/*
 * Notes: what is said about a line, in words from registry/. Pure: an observed line in, text out.
 *
 * `gutter` stands under or beside the line in the dialogue; `meaning` is the pane "what the last
 * line means"; every claim can carry its source.
 */
#ifndef DIALOGUE_NOTES_H
#define DIALOGUE_NOTES_H
#include "base/buf.h"
#include "dialogue/observer.h"

enum notes_level { NOTES_LEARNER, NOTES_ADMIN };

struct notes_style {
    enum notes_level level;
    bool sources; /* RFC and section behind each claim */
    bool lab;     /* the server is ours */
    /* What the client calls itself, for the right forms that are shown; borrowed. NULL: they have
     * the textbook's names, crepes.fr, Alice and Bob. */
    const char *client;
};

/* How much a note matters; a view's sign and colour. */
enum note_kind { NOTE_PLAIN, NOTE_HARMLESS, NOTE_RISKY, NOTE_WRONG };

struct note {
    enum note_kind kind;
    unsigned column;  /* in the line, from 1; 0: the line as a whole. The text says it, too */
    struct span text; /* one or two sentences, UTF-8, no line breaks */
};

#define NOTES_MAX 12
/* Notes on one line; text is owned by `words`. Zero-filled is empty; release when done. */
struct notes {
    struct buf words;
    struct note at[NOTES_MAX];
    unsigned count;
};
void notes_release(struct notes *n);

/* What stands under the line in the dialogue: mistakes of client lines, faults of replies, short
 * remarks. Often nothing (count 0). Clears *out first. */
void notes_gutter(const struct observed *line, const struct observer *after,
                  const struct notes_style *style, struct notes *out);
/* The explanation of one line: what it means here, who must act, whether to retry. At most
 * NOTES_MEANING_MAX characters for a learner, so that it fits two rows of 80 cells: appended to
 * out. `asked`: for a reply, the mistakes of the command that it answers, which may be its reason;
 * NULL: not at hand. */
#define NOTES_MEANING_MAX 156
void notes_meaning(const struct observed *line, const struct observer *after,
                   const struct mistakes *asked, const struct notes_style *style, struct buf *out);
/* The long explanation, for /explain: paragraphs separated by "\n". */
void notes_explain(const struct observed *line, const struct observer *after,
                   const struct mistakes *asked, const struct notes_style *style, struct buf *out);
/* What an event (refused, closed ...) means and what to do: one paragraph. */
void notes_event(enum talk_event e, struct span detail, unsigned port,
                 const struct notes_style *style, struct buf *out);
/* How what the server offers inside TLS differs from what it offered before: one or two sentences.
 * False: there is nothing to compare. */
bool notes_tls_changes(const struct observer *o, struct buf *out);
/* Explains text without a session (smtpscope explain 'LINE', /explain TEXT): a reply, a command, an
 * enhanced status code, an EHLO keyword, a transcript line with its C: or S:. Paragraphs separated
 * by "\n". False: nothing in it was recognised (out says what can be asked). */
bool notes_explain_text(struct span text, const struct notes_style *style, struct buf *out);
/* The same text line by line, for who shows it: what of the line is secret (empty: nothing). *l is
 * kept from line to line. True: the line is an answer in a login. */
bool notes_text_secret(struct login *l, struct span line, struct span *secret);
/* What such an answer is. */
void notes_explain_answer(struct buf *out);

#endif
