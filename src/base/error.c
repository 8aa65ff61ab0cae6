#include "base/error.h"

#include <stdio.h>
#include <string.h>

void error_set(struct error *err, const char *format, ...)
{
    va_list args;
    int len;

    if (!err)
        return;
    va_start(args, format);
    len = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (len >= (int)sizeof err->text)
        memcpy(err->text + sizeof err->text - 4, "...", 4);
}
