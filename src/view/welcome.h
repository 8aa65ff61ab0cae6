/* The greeting of newcomers, under the server's, until they have said something themselves. */
#ifndef VIEW_WELCOME_H
#define VIEW_WELCOME_H
#include <stddef.h>

/* No greeting of the lab's server is longer. */
#define WELCOME_LINES_MAX 8

struct welcome_row {
    const char *lead; /* its number; NULL: none */
    const char *text; /* "": an empty row */
};
extern const struct welcome_row welcome_rows[];
extern const size_t welcome_row_count;

#endif
