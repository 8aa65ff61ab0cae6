/*
 * Paragraphs in styled text: wrapped to a width, with an indent; and lines of a letter as they are
 * quoted in our own text, with a bar before them, so that nobody takes one for the other.
 */
#ifndef VIEW_PARA_H
#define VIEW_PARA_H
#include "view/styled.h"

/* Whatever is not to be wrapped at all. */
#define PARA_ENDLESS UINT32_MAX
/* Octets of one line of a letter that are quoted: a line as long as the standard allows, whole
 * (RFC 5321 4.5.3.1.6). */
#define PARA_QUOTE_MAX 998

/* The first octets, at most `most`, and no character of UTF-8 cut in two. */
struct span para_first(struct span octets, size_t most);

/* The next line of a letter, without its line end. False: no more. */
bool para_next_line(struct span *rest, struct span *line);

/* Appends `text` (safe to show) as lines of at most `cols` cells: `first` stands before the first
 * one, as many blanks before the others. Where that leaves too little room, `first` has a line for
 * itself. */
void para_add(struct styled *out, unsigned cols, enum style style, const char *first,
              struct span text);
/* The same with something before every line: `first`, then `rest`, which are equally wide. */
void para_lead(struct styled *out, unsigned cols, enum style lead, const char *first,
               const char *rest, enum style style, struct span text);
/* Appends one line of a letter, behind a bar; `more`: octets of it that `octets` lacks. */
void para_quote(struct styled *out, unsigned cols, bool ascii, enum style style, struct span octets,
                uint64_t more);

#endif
