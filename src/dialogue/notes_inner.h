/* What the files of notes share. Not for others: they have dialogue/notes.h. */
#ifndef DIALOGUE_NOTES_INNER_H
#define DIALOGUE_NOTES_INNER_H
#include "dialogue/notes.h"
#include "registry/codes.h"
#include "registry/denials.h"

static inline bool notes_show_source(const struct notes_style *style)
{
    return style->sources || style->level == NOTES_ADMIN;
}
/* Appends " (RFC 5321 3.3)" where the style wants sources. */
void notes_add_source(struct buf *out, const struct notes_style *style, const char *source);
/* Appends octets of a peer as marks, cut with "..." after `most`. */
void notes_add_peer(struct buf *out, struct span octets, size_t most);
/* Appends a form of the registry's, to be typed. Where the style names the client, its own name
 * stands for the textbook's, and <...> for the addresses: a real server knows no Alice. */
void notes_add_form(struct buf *out, const struct notes_style *style, const char *form);
/* Appends a phrase as a sentence: with a capital, and with a full stop if none is there. */
void notes_add_sentence(struct buf *out, const char *phrase);
/* Appends " text" when out, from `start` on, stays within `most` characters; 0: no limit. */
bool notes_add_fitting(struct buf *out, size_t start, const char *text, size_t most);
/* Characters in `s`. */
size_t notes_characters(struct span s);

/* One mistake in words: what is wrong and where; if `full`, also why, and the right form.
 * `command`: NULL for a line of the letter. Appends. */
void notes_add_mistake(struct buf *out, const struct mistake_at *at, bool full,
                       const struct command *command, const struct line *line,
                       const struct observer *after, const struct notes_style *style);
/* Is the whole lesson due for it? One for the line's form, the gravest; and each one of order, for
 * that is another lesson. */
bool notes_is_full(const struct mistakes *found, const struct mistake_at *at);
/* The row that explains a whole reply, LAST of BDAT taken into account; NULL: none. */
const struct meaning_row *notes_meaning_row(const struct observed *line);
/* Appends "550 = " and the like in front of a row's text, where the row does not have it. */
void notes_add_learner(struct buf *out, const struct meaning_row *row, unsigned code);
/* Why a reply says no, in one or two sentences that fit two rows of the pane behind "550 = ": the
 * mistake of the command, what the state lacks, or what the reply's own words tell. False: nothing
 * is known but the code; out is as it was. *source is where that is written. */
bool notes_add_reason(struct buf *out, const struct observed *line, const struct observer *after,
                      const struct mistakes *asked, const char **source);
/* The reason in the reply's own codes and words; NULL: none that is known. */
const struct denial_row *notes_denial(enum verb answers, unsigned code,
                                      struct enhanced_code enhanced, struct span words);
/* The same for a reply without its talk. `words`: behind its codes. */
bool notes_add_refusal(struct buf *out, enum verb answers, unsigned code,
                       struct enhanced_code enhanced, struct span words, const char **source);
/* Appends that the other recipients stand, where there are any and it still fits two rows; `start`:
 * where the text begins in out. */
void notes_add_others(struct buf *out, size_t start, const struct observed *line,
                      const struct observer *after);
/* What is said of a fault of a reply, and how much it matters. */
enum note_kind notes_fault_kind(enum reply_fault_bit bit);
/* Appends the fault as a sentence. */
void notes_add_fault(struct buf *out, enum reply_fault_bit bit, const struct notes_style *style);
/* The keyword's number in registry/keywords.h that a line of an EHLO reply names; -1: none. */
int notes_keyword(const struct observed *line);

/* What a line of a login carries, decoded, in one or two sentences; secrets masked. Appends nothing
 * where there is nothing to say. Returns how much it matters. */
enum note_kind notes_add_login(struct buf *out, const struct observed *line,
                               const struct notes_style *style);

/* The long explanations, in paragraphs. */

/* The same part by part, and what the mechanism does. */
void notes_explain_login(struct buf *out, const struct observed *line,
                         const struct notes_style *style);

/* Starts a paragraph: a line break, unless `out` is empty. */
void notes_paragraph(struct buf *out);
/* A reply, whole or so far. answers: VERB_COUNT when that is not known. `reason`: said for a
 * learner in the row's place; empty: the row's own text. */
void notes_explain_reply(struct buf *out, const struct reply *reply, enum verb answers,
                         const struct meaning_row *row, struct span reason,
                         const struct notes_style *style);
/* A command: its mistakes, its verb, its parameters. */
void notes_explain_command(struct buf *out, const struct command *command, const struct line *line,
                           const struct observer *after, const struct notes_style *style);
void notes_explain_verb(struct buf *out, enum verb verb, const struct notes_style *style);
void notes_explain_keyword(struct buf *out, int number);
void notes_explain_enhanced(struct buf *out, struct enhanced_code code);

/* Takes "C: " or "S: " away, and what programs write for them. *told: there was such a mark. */
struct span notes_strip_side(struct span s, enum side *side, bool *told);
/* True when three digits stand where a reply has its code. */
bool notes_is_code(struct span s);
/* True when it looks like a line of a reply. */
bool notes_is_reply(struct span s);

/* notes_servers.c: what well-known servers do with it; nothing where that is not known. */
void notes_add_servers(struct buf *out, enum mistake m);

#endif
