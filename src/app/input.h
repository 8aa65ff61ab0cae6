/*
 * Lines from standard input that no one edits: a pipe, a file, a here-document. Read as fast as the
 * console takes them, no faster.
 */
#ifndef APP_INPUT_H
#define APP_INPUT_H
#include "console/console.h"

/* Longer lines are refused: a thousand times what a command may have (RFC 5321 4.5.3.1), and a
 * file that is not text would else fill the memory. */
#define INPUT_LINE_MAX ((size_t)512 * 1000)

struct input_hooks {
    void (*line)(void *ctx, struct span line); /* without its LF */
    void (*complain)(void *ctx, const char *text);
    void (*ended)(void *ctx); /* the last call */
    void *ctx;
};
struct input;
struct input *input_new(struct loop *l, int fd, const struct input_hooks *hooks); /* never NULL */
void input_pause(struct input *in, bool paused);
void input_free(struct input *in); /* NULL is fine; not from its hooks */

#endif
