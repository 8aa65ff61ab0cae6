/* What the two kinds of the second pane have in common. Private to inside*.c. */
#ifndef VIEW_INSIDE_FILL_H
#define VIEW_INSIDE_FILL_H
#include "view/inside.h"

/* A new line of the pane, its value empty. */
struct buf *inside_row_add(struct inside_pane *pane, const char *label, unsigned line,
                           enum inside_place place);
/* "1 letter", "12,000 octets". */
void inside_count(struct buf *out, uint64_t number, const char *one, const char *many);

/* The lab's server, from its facts. `writing`: a letter is under way. */
void inside_fill_lab(struct inside_pane *pane, const struct inside *in, bool writing,
                     unsigned marks_flags);
/* Any other server, from the dialogue; `o`: the state at the place asked for. */
void inside_fill_known(struct inside_pane *pane, const struct record *r, unsigned d,
                       const struct observer *o, unsigned marks_flags);

#endif
