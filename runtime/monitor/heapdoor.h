/*
 * heapdoor.h - the heap that knows its blocks, if the program has it.
 *
 * It is a library of its own (runtime/heap), linked or preloaded. Where malloc
 * is somebody else's all the same (a sanitizer's, valgrind's, the program's
 * own) it does not count as there: blocks are not known then.
 */
#ifndef MON_HEAPDOOR_H
#define MON_HEAPDOOR_H

#include "runtime/base/blocks.h"

/* Around a run. mon_heap_open calls malloc: not while the world is stopped. */
void mon_heap_open(void);
void mon_heap_close(void);

/* NULL: there is none. Between open and close. */
const struct rt_blocks *mon_heap(void);
/* A thread is in the heap with a lock: nobody may call malloc before it goes
   on. While the world is stopped. */
bool mon_heap_busy(void);

/* Whether what allocate returns is found by this door. */
bool mon_heap_knows(const struct rt_heap_door *door, void *(*allocate)(size_t),
                    void (*release)(void *));

#endif
