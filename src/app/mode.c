#include "app/mode.h"

#include <stddef.h>

const struct mode *const modes[] = { &mode_lab,    &mode_connect, &mode_serve, &mode_send,
                                     &mode_replay, &mode_explain, NULL };
