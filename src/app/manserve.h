/* The manual's sections on what `serve` can be told, from the rows that read it. */
#ifndef APP_MANSERVE_H
#define APP_MANSERVE_H
#include "base/buf.h"

void manserve(struct buf *out);

#endif
