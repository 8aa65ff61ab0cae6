/* `serve` on a terminal: sessions and letters on a screen (tui/board.h), fed by the server. */
#ifndef APP_SERVE_SCREEN_H
#define APP_SERVE_SCREEN_H
#include "app/options.h"

/* May it, and can this terminal bear it? What is missing is said. */
bool serve_wants_screen(const struct options *o);
/* Until the person leaves; the exit status. */
int serve_on_screen(const struct options *o);

#endif
