#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *at)
{
    if (!at) {
        fputs("smtpscope: out of memory\n", stderr);
        abort();
    }
    return at;
}

void *mem_alloc(size_t size)
{
    return must(malloc(size ? size : 1));
}

void *mem_zero(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size ? size : 1));
}

void *mem_resize(void *at, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return must(NULL);
    return must(realloc(at, count && size ? count * size : 1));
}

char *mem_strdup(const char *s)
{
    return mem_strndup(s, strlen(s));
}

char *mem_strndup(const void *at, size_t len)
{
    char *copy = mem_alloc(len + 1);

    if (len)
        memcpy(copy, at, len);
    copy[len] = '\0';
    return copy;
}

void mem_wipe(void *at, size_t len)
{
    volatile unsigned char *octets = at;

    for (size_t i = 0; i < len; i++)
        octets[i] = 0;
}

void mem_free(void *at)
{
    free(at);
}
