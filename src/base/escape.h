/*
 * The escaped form of octets, as /raw and the C\: lines of a script hold them: printable UTF-8
 * as it is, and \r \n \t \0 \\ \" \e, \xHH for an octet, \u{HEX} for a character.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H
#include "base/buf.h"
#include "base/error.h"

/* Reads `text`, with or without double quotes around it, and appends its octets to *out.
 * False: err says what is wrong, and *column (from 1, in octets) where; *out is as it was. */
bool escape_read(struct buf *out, struct span text, size_t *column, struct error *err);
/* The same, and \*N{TEXT} is TEXT (with escapes) N times. Not for files: few octets make many. */
#define ESCAPE_REPEATED_MAX ((size_t)1000 * 1000)
bool escape_read_repeated(struct buf *out, struct span text, size_t *column, struct error *err);
/* Appends the escaped form without quotes; escape_read gives the same octets back. */
void escape_write(struct buf *out, struct span octets);

#endif
