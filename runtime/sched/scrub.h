/* scrub.h - what a goroutine left on its stack goes. */
#ifndef RT_SCHED_SCRUB_H
#define RT_SCHED_SCRUB_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RT_SCRUB_STEP = 128 /* words: where so many are zero it ends */
};

/*
 * Zeroes what was used of the stack [low, high), both multiples of 16, down to a
 * step of words that were never used, or by chance all zero. No vector register
 * holds anything of it after that.
 */
void rt_scrub(uintptr_t *low, uintptr_t *high);

/* Its parts: whether a step's words, from a line of the cache on, are all zero;
   wide: by registers of 32 bytes, and whether there are any. */
bool rt_scrub_is_zero(const uintptr_t *p, bool wide);
bool rt_scrub_wide(void);

#endif
