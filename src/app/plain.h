/*
 * The plain front end: the dialogue as text that only grows, on standard output; complaints on
 * standard error. Lines come from a pipe, a file or a terminal, or from nowhere (a script plays).
 */
#ifndef APP_PLAIN_H
#define APP_PLAIN_H
#include "console/console.h"

enum plain_input {
    PLAIN_NO_INPUT, /* a script plays */
    PLAIN_PIPED,    /* standard input, line by line, in step with the replies */
    PLAIN_TYPED,    /* a terminal, with line editing */
};

struct plain_front_options {
    struct loop *loop;     /* borrowed until plain_front_free */
    struct record *record; /* borrowed until plain_front_free */
    enum plain_input input;
    unsigned flags; /* enum plain_flags of view/plain.h */
    bool color;
};

struct plain_front;
struct plain_front *plain_front_new(const struct plain_front_options *o); /* never NULL */
/* For console_new; valid until plain_front_free. */
struct console_hooks plain_front_hooks(struct plain_front *f);
/* The console that lines go to; borrowed, must outlive plain_front_run. */
void plain_front_set_console(struct plain_front *f, struct console *c);
/* Runs until the talk is over or the person leaves: the exit status; 128 and the signal's number
 * when one ended it. */
int plain_front_run(struct plain_front *f);
void plain_front_free(struct plain_front *f); /* NULL is fine */

#endif
