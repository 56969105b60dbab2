/*
 * runs.h - runs of chunks: taken, grown, given back. Thread-safe.
 *
 * Numbers are those of chunks; 0 is none. Nothing is said here of what they
 * are used for: the words, bytes and lengths that blocks.h shows are the
 * caller's, and are cleared before a run is given back.
 */
#ifndef RT_HEAP_RUNS_H
#define RT_HEAP_RUNS_H

#include <stdbool.h>
#include <stdint.h>

/* Zero or not: *zero says. 0: there is no memory. */
uint32_t rt_runs_take(uint32_t length, bool *zero);

/* False: what follows is in use, or there is no memory. */
bool rt_runs_extend(uint32_t first, uint32_t length, uint32_t more);

/* dirty: how many of its chunks may not be zero. */
void rt_runs_give(uint32_t first, uint32_t length, uint32_t dirty);

/* Gives the kernel the memory of the caller's run back: it is zero then. False:
   the kernel does not take it, for it is locked. */
bool rt_runs_purge(uint32_t first, uint32_t length);

/* A run of so many dirty chunks is worth a call to the kernel: 4 MiB. */
enum {
    RT_RUNS_PURGE = 64
};

extern uint32_t rt_runs_lock; /* for who forks */

#endif
