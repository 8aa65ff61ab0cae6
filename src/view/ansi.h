/*
 * Styled text as octets for a terminal or a pipe: with colours by SGR sequences, or without.
 * What is written never holds a sequence of the peer's: styled text is safe by contract.
 */
#ifndef VIEW_ANSI_H
#define VIEW_ANSI_H
#include "view/styled.h"

enum ansi_flags {
    ANSI_COLOUR = 1, /* SGR colours; each line ends in plain style, so that a cut line harms none */
    ANSI_ASCII = 2,  /* signs as their twins (view/signs.h), all else beyond ASCII as <U+00E9> */
};

/* The parameters between "ESC [" and "m" for a style: "1;31"; "" for plain. */
const char *ansi_sgr(enum style style);
/* The style's own name, "FAULT": for files that name styles (SVG classes, tests). */
const char *style_name(enum style style);
/* Appends. */
void ansi_write(const struct styled *text, unsigned flags, struct buf *out);

#endif
