/*
 * scrub.c - what a goroutine left on its stack goes.
 *
 * It cost more than the rest of a spawn and its end while each goroutine had a
 * stack of its own from its spawn on: what costs is to look at lines of the
 * cache that it never touched. Now these are hot, most times. Programs without
 * looks do without; and a short step would end in the first buffer that was not
 * filled.
 */
#include "runtime/sched/scrub.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
    FIRST = 72, /* words that every goroutine has used */
    STEP = 128, /* words: where so many are zero it ends */
};

/* Whether all of a step's words, of a line of the cache on, are zero. */
static inline bool is_zero(const uintptr_t *p)
{
#if defined(__x86_64__)
    uint64_t any;

    /* The registers are nobody's (-mgeneral-regs-only), and left empty: what a
       look finds there is held. */
    __asm__ volatile("movdqa (%1), %%xmm0\n\t"
                     "movdqa 16(%1), %%xmm1\n\t"
                     "movdqa 32(%1), %%xmm2\n\t"
                     "movdqa 48(%1), %%xmm3\n\t"
                     ".set .Lis_zero, 64\n\t"
                     ".rept %c2 - 1\n\t"
                     "por .Lis_zero(%1), %%xmm0\n\t"
                     "por .Lis_zero + 16(%1), %%xmm1\n\t"
                     "por .Lis_zero + 32(%1), %%xmm2\n\t"
                     "por .Lis_zero + 48(%1), %%xmm3\n\t"
                     ".set .Lis_zero, .Lis_zero + 64\n\t"
                     ".endr\n\t"
                     "por %%xmm1, %%xmm0\n\t"
                     "por %%xmm3, %%xmm2\n\t"
                     "por %%xmm2, %%xmm0\n\t"
                     "packsswb %%xmm0, %%xmm0\n\t"
                     "movq %%xmm0, %0\n\t"
                     "pxor %%xmm0, %%xmm0\n\t"
                     "pxor %%xmm1, %%xmm1\n\t"
                     "pxor %%xmm2, %%xmm2\n\t"
                     "pxor %%xmm3, %%xmm3"
                     : "=r"(any)
                     : "r"(p), "i"(STEP * sizeof(*p) / 64)
                     : "memory");
    return !any;
#else
    uintptr_t any = 0;

    for (int i = 0; i < STEP; i++)
        any |= p[i];
    return !any;
#endif
}

void rt_scrub(uintptr_t *low, uintptr_t *high)
{
    uintptr_t *at = high - FIRST;

    memset(at, 0, FIRST * sizeof(*at));
    for (; at - low >= STEP && !is_zero(at - STEP); at -= STEP)
        memset(at - STEP, 0, STEP * sizeof(*at));
}
