/*
 * Dialogues as other programs print them, made a script: swaks, curl -v, sendmail -v, and a telnet
 * session copied from its window. A reading for people: what is no line of the dialogue is left
 * out. Pure.
 */
#ifndef STORED_PASTED_H
#define STORED_PASTED_H
#include "base/buf.h"
#include "base/span.h"

/* True: `text` is such a dialogue, with lines of both sides; its script is appended to out. */
bool pasted_read(struct span text, struct buf *out);

#endif
