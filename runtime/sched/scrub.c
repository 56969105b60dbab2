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

#include <stddef.h>
#include <string.h>

enum {
    FIRST = 72, /* words that every goroutine has used */
    STEP = RT_SCRUB_STEP,
};

#if defined(__x86_64__)
/*
 * The words of a step, or-ed: 0 where all are, else some number. In four
 * registers, or each load would wait for the one before. They are nobody's
 * (-mgeneral-regs-only), and left empty: what a look finds there is held.
 */
static inline uintptr_t any_by_16(const uintptr_t *p)
{
    uintptr_t any;

    __asm__ volatile("movdqa (%1), %%xmm0\n\t"
                     "movdqa 16(%1), %%xmm1\n\t"
                     "movdqa 32(%1), %%xmm2\n\t"
                     "movdqa 48(%1), %%xmm3\n\t"
                     ".set .Lany_by_16, 64\n\t"
                     ".rept %c2 / 64 - 1\n\t"
                     "por .Lany_by_16(%1), %%xmm0\n\t"
                     "por .Lany_by_16 + 16(%1), %%xmm1\n\t"
                     "por .Lany_by_16 + 32(%1), %%xmm2\n\t"
                     "por .Lany_by_16 + 48(%1), %%xmm3\n\t"
                     ".set .Lany_by_16, .Lany_by_16 + 64\n\t"
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
                     : "r"(p), "i"(STEP * sizeof(*p))
                     : "memory");
    return any;
}

static inline uintptr_t any_by_32(const uintptr_t *p)
{
    uintptr_t any;

    __asm__ volatile("vmovdqa (%1), %%ymm0\n\t"
                     "vmovdqa 32(%1), %%ymm1\n\t"
                     "vmovdqa 64(%1), %%ymm2\n\t"
                     "vmovdqa 96(%1), %%ymm3\n\t"
                     ".set .Lany_by_32, 128\n\t"
                     ".rept %c2 / 128 - 1\n\t"
                     "vpor .Lany_by_32(%1), %%ymm0, %%ymm0\n\t"
                     "vpor .Lany_by_32 + 32(%1), %%ymm1, %%ymm1\n\t"
                     "vpor .Lany_by_32 + 64(%1), %%ymm2, %%ymm2\n\t"
                     "vpor .Lany_by_32 + 96(%1), %%ymm3, %%ymm3\n\t"
                     ".set .Lany_by_32, .Lany_by_32 + 128\n\t"
                     ".endr\n\t"
                     "vpor %%ymm1, %%ymm0, %%ymm0\n\t"
                     "vpor %%ymm3, %%ymm2, %%ymm2\n\t"
                     "vpor %%ymm2, %%ymm0, %%ymm0\n\t"
                     "xorl %k0, %k0\n\t"
                     "vptest %%ymm0, %%ymm0\n\t"
                     "setnz %b0\n\t"
                     "vpxor %%xmm0, %%xmm0, %%xmm0\n\t"
                     "vpxor %%xmm1, %%xmm1, %%xmm1\n\t"
                     "vpxor %%xmm2, %%xmm2, %%xmm2\n\t"
                     "vpxor %%xmm3, %%xmm3, %%xmm3\n\t"
                     "vzeroupper"
                     : "=r"(any)
                     : "r"(p), "i"(STEP * sizeof(*p))
                     : "memory", "cc");
    return any;
}
#endif

bool rt_scrub_is_zero(const uintptr_t *p, bool wide)
{
#if defined(__x86_64__)
    return !(wide ? any_by_32(p) : any_by_16(p));
#else
    uintptr_t any = 0;

    (void)wide;
    for (int i = 0; i < STEP; i++)
        any |= p[i];
    return !any;
#endif
}

bool rt_scrub_wide(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

void rt_scrub(uintptr_t *low, uintptr_t *high)
{
    uintptr_t *at = high - FIRST;
    bool wide = rt_scrub_wide();

    memset(at, 0, FIRST * sizeof(*at));
    for (; at - low >= STEP; at -= STEP) {
        if (rt_scrub_is_zero(at - STEP, wide))
            return;
        memset(at - STEP, 0, STEP * sizeof(*at));
    }
    memset(low, 0, (size_t)(at - low) * sizeof(*at));
}
