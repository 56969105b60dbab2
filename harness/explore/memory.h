/*
 * memory.h - the memory of searches: it outlives an execution also when that
 * has a process of its own.
 *
 * It is none of the program's: addresses that are noted in it are not held, to
 * the monitor. From hn_memory_share on all that is taken is shared with
 * processes that are forked later, at the same address, so that what one
 * execution has taught is there in the next. One process at a time uses it.
 */
#ifndef HN_EXPLORE_MEMORY_H
#define HN_EXPLORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* False: there is none. Once in a process. */
bool hn_memory_share(void);
/* The largest block that there is: a search that needs more ends, before it is
   ended for what it keeps. Tests make it small. */
extern size_t hn_memory_most;
/* Zeroed; NULL: no memory. */
void *hn_memory_take(size_t size);
/* As realloc; what is new is not set. */
void *hn_memory_grow(void *p, size_t size);
/* NULL: nothing. */
void hn_memory_give(void *p);

#endif
