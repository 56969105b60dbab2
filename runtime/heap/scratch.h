/*
 * scratch.h - blocks that live for one execution, and then all end at once.
 *
 * Who explores schedules runs one body many thousand times. While scratch is
 * on, what code in a given range allocates (the program's own, told by where
 * its call of malloc returns to) comes from a span of chunks that nobody else
 * uses. A reset ends all these blocks. After it the same calls give the same
 * addresses again, and every block comes zeroed, whatever its size.
 *
 * Such a block is told by its byte (RT_BLOCK_SCRATCH): anybody may free or
 * resize it, and a look finds it like any other. A library that keeps one
 * beyond a reset has a pointer to nothing; what libraries allocate themselves,
 * also for the program (getline, fopen), is of the ordinary heap (others.h).
 *
 * Thread-safe, but for begin, reset and end: then nobody allocates.
 */
#ifndef RT_HEAP_SCRATCH_H
#define RT_HEAP_SCRATCH_H

#include "runtime/base/blocks.h"

enum {
    RT_SCRATCH_CHUNKS = 4096 /* 256 MiB is the most that there is at a time */
};

extern bool rt_scratch_on; /* [atomic] */
/* Whether scratch serves code that lies there; asked while it is on. */
bool rt_scratch_serves(const void *caller);

/* Within what the C library's names stand for: who calls. */
#define RT_CALLER __builtin_return_address(0)

/* On for code in [low, high); again after end, with the same addresses.
   False: there is no memory. */
bool rt_scratch_begin(uintptr_t low, uintptr_t high);
void rt_scratch_reset(void);
/* Resets, and off. */
void rt_scratch_end(void);
/* Who is told of these blocks, see blocks.h; NULL: nobody. */
void rt_scratch_watch(const struct rt_heap_watch *by);
/* p is about to be freed, or resized, by a call of caller's: if it begins such a
   block, whether or not that is allocated, this is told. Without a lock. */
void rt_scratch_giving(const void *p, const void *caller);

/* What the door says. */
bool rt_scratch_memory(void (*each)(void *arg, const void *low, size_t size),
                       void *arg, size_t most);

/* As rt_heap_malloc and rt_heap_aligned, zeroed. */
void *rt_scratch_take(size_t n, size_t align);
/* block is allocated, and scratch. */
void rt_scratch_give(const struct rt_block *block);
/* In place, size is B1's; false: it does not fit, or is not worth it. For
   blocks of whole chunks. */
bool rt_scratch_resize(const struct rt_block *block, size_t size);

extern uint32_t rt_scratch_lock; /* for who forks */

#endif
