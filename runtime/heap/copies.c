/*
 * copies.c - strdup and strndup, for whom blocks live for one execution.
 *
 * The C library's own would have its blocks from the ordinary heap, whoever
 * calls. Apart from interpose.c, so that malloc is called by its name: a tool
 * that takes malloc's place (valgrind) takes free's, too, and not these.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/heap/scratch.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT char *strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *p = RT_IS_SCRATCH(RT_CALLER) ? rt_scratch_take(n, 0) : malloc(n);

    return p ? memcpy(p, text, n) : NULL;
}

EXPORT char *strndup(const char *text, size_t most)
{
    size_t n = strnlen(text, most);
    char *p =
        RT_IS_SCRATCH(RT_CALLER) ? rt_scratch_take(n + 1, 0) : malloc(n + 1);

    if (p)
        ((char *)memcpy(p, text, n))[n] = 0;
    return p;
}
