/*
 * others.h - blocks that libraries allocate while scratch is on.
 *
 * They live on from one execution to the next, for their library may keep
 * them; but the program may have them from it (asprintf, getline), or be told
 * what is in them (fgetc). So who compares two moments of an execution has to
 * see them. Not vigil's own: what it has there is nothing to the program.
 */
#ifndef RT_HEAP_OTHERS_H
#define RT_HEAP_OTHERS_H

#include "runtime/base/blocks.h"

/* Which code is vigil's, from here on; none is noted yet. */
void rt_others_begin(void);
/* p (NULL: nothing) was allocated by code that is there, and is noted if that
   is not vigil's; returns it. While scratch is on. */
void *rt_others_by(void *p, const void *caller);
/* p is noted, whoever has it. */
void rt_others_note(void *p);
/* block is noted, and is as any other from here on. */
void rt_others_end(const struct rt_block *block);

/* Calls each for the noted ones, and for how many there were so far: the order
   in which freed ones come again is told by nothing else. False: they are more
   than most bytes. */
bool rt_others_memory(void (*each)(void *arg, const void *low, size_t size),
                      void *arg, size_t most);

#endif
