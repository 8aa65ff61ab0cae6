/*
 * A terminal's screen as a drawing (SVG), for pages that show what the program looks like. Each
 * piece of text has its own place and its length, so that columns stand whatever the font. The
 * colours are the terminal's sixteen, once for light and once for dark pages.
 */
#ifndef TESTS_PICTURE_H
#define TESTS_PICTURE_H
#include "support/terminal.h"

/* Appends the drawing. title and words are for those who hear the page. */
void picture_draw(struct terminal *t, unsigned rows, unsigned cols, const char *title,
                  const char *words, struct buf *out);

#endif
