/*
 * copies.c - strdup and strndup, for whom blocks live for one execution.
 *
 * The C library's own would have its blocks from the ordinary heap, whoever
 * calls. Apart from interpose.c, so that malloc is called by its name: a tool
 * that takes malloc's place (valgrind) takes free's, too, and not these.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/heap/others.h"
#include "runtime/heap/scratch.h"

#define EXPORT __attribute__((visibility("default")))

static char *take(size_t n, const void *caller)
{
    if (rt_likely(!rt_load(rt_scratch_on)))
        return malloc(n);
    return rt_scratch_serves(caller) ? rt_scratch_take(n, 0)
                                     : rt_others_by(malloc(n), caller);
}

EXPORT char *strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *p = take(n, RT_CALLER);

    return p ? memcpy(p, text, n) : NULL;
}

EXPORT char *strndup(const char *text, size_t most)
{
    size_t n = strnlen(text, most);
    char *p = take(n + 1, RT_CALLER);

    if (p)
        ((char *)memcpy(p, text, n))[n] = 0;
    return p;
}
