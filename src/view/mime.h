/* The parts of a letter as text: the tree with its sizes, and one part with what it says. */
#ifndef VIEW_MIME_H
#define VIEW_MIME_H
#include "message/mime.h"
#include "view/styled.h"

/* Lines of one part that are shown; a longer one says so. */
#define MIME_SHOWN_LINES 2000

/* One line for each part: number, octets as sent and once decoded, type, name. Then what the
 * encodings cost, and what is odd. */
void mime_tree(const struct mime *m, unsigned cols, bool ascii, struct styled *out);

/* Is it shown as text? */
bool mime_is_text(const struct mime_part *part);

struct mime_shown {
    const struct mime *mime; /* borrowed, as all of it */
    unsigned number;         /* of the part: from 1 to mime->count */
    struct span letter;      /* whose octets they are */
    struct span text;        /* mime_is_text(): the part decoded, in UTF-8 */
    bool charset_known;      /* ... which could be made of its character set */
};
/* The part's header as sent, and its text, decoded; HTML as its source. */
void mime_part(const struct mime_shown *shown, unsigned cols, bool ascii, struct styled *out);

#endif
