/*
 * Secrets in client lines: where they are. What stands for them is MASK.
 * Sources: RFC 4954 4 (AUTH, initial response, the exchange, "*").
 */
#ifndef DIALOGUE_MASK_H
#define DIALOGUE_MASK_H
#include "base/span.h"

#define MASK "********"

/* The initial response in an AUTH command; empty when there is none. */
struct span mask_in_auth_command(struct span head);
/* The secret part of a line inside an AUTH exchange: all of it, but for "*", which cancels. */
struct span mask_in_auth_line(struct span head);
/* True when the line starts with AUTH, or with what is most likely a misspelt AUTH. */
bool mask_is_auth_command(struct span head);

#endif
