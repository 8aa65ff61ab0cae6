/*
 * Giving the terminal back when a signal ends the program at once: its settings, and the modes that
 * octets turn off. For both front ends; the signals that the loop can wait for are theirs.
 */
#ifndef TUI_RESCUE_H
#define TUI_RESCUE_H
#include <stdbool.h>

#include "base/span.h"

/* The settings as they are now are what is given back. Before anything changes them. False: the
 * standard input has none. */
bool rescue_settings(void);
/* From now on such a signal first writes these octets to standard output and sets the settings.
 * Longer than RESCUE_MAX: none are written. */
#define RESCUE_MAX 256
void rescue_start(struct span octets);
void rescue_stop(void); /* fine when it was never started */
/* Gives the settings back now. */
void rescue_now(void);
/* The terminal is gone: nothing is written to it any more. */
void rescue_lost(void);

#endif
