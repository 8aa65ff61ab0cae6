/*
 * Memory, in one place. Running out of it ends the program with one clear line, which is why
 * every size that a peer controls has a named maximum where it is used. None returns NULL.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <stddef.h>

void *mem_alloc(size_t size); /* octets undefined */
void *mem_zero(size_t count,
               size_t size); /* octets zero; ends the program when the product overflows */
void *mem_resize(void *at, size_t count, size_t size); /* as realloc; at may be NULL */
char *mem_strdup(const char *s);                       /* caller frees with mem_free */
char *mem_strndup(const void *at, size_t len);         /* adds a NUL; caller frees with mem_free */
void mem_wipe(void *at, size_t len); /* zeroes that no compiler leaves out; len 0: at may be NULL */
void mem_free(void *at);             /* NULL is fine */

#endif
