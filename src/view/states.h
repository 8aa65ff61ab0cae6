/*
 * The state diagram, drawn from the tables of smtp/session.h: the states, what may be sent in
 * each, where the replies lead and why; the present one marked.
 */
#ifndef VIEW_STATES_H
#define VIEW_STATES_H
#include "smtp/session.h"
#include "view/styled.h"

/* Appends lines of at most `cols` cells. */
void states_text(enum session_state now, bool esmtp, unsigned cols, struct styled *out);
/* The row (from 0) of the present state's box in what states_text gives. */
unsigned states_row(enum session_state now, bool esmtp, unsigned cols);

#endif
