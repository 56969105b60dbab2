/* scrub.h - what a goroutine left on its stack goes. */
#ifndef RT_SCHED_SCRUB_H
#define RT_SCHED_SCRUB_H

#include <stdint.h>

/*
 * Zeroes what was used of the stack [low, high), both multiples of 16, down to a
 * step of words that were never used, or by chance all zero. No vector register
 * holds anything of it after that.
 */
void rt_scrub(uintptr_t *low, uintptr_t *high);

#endif
