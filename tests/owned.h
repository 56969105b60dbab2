/* owned.h - whether memory is the runtime's own, as a look is told. */
#ifndef TESTS_OWNED_H
#define TESTS_OWNED_H

#include <criterion/criterion.h>

#include "runtime/base/own.h"

static inline bool owned(const void *at)
{
    static struct rt_span spans[8192];
    uint32_t n = rt_own_list(spans, 8192), i = 0;

    cr_assert_leq(n, 8192);
    while (i < n &&
           ((uintptr_t)at < spans[i].low || (uintptr_t)at >= spans[i].high))
        i++;
    return i < n;
}

#endif
