/*
 * shadow.h - which accesses to which bytes the next one could race with.
 */
#ifndef RT_SCHED_SHADOW_H
#define RT_SCHED_SHADOW_H

#include "runtime/sched/race.h"

/* False: no memory. Once is enough. */
bool rt_shadow_open(void);
/* Another execution begins: nothing was accessed. */
void rt_shadow_reset(void);
/* Whether all of it is memory that is looked at (race.h), or was until it was
   freed. */
bool rt_shadow_known(uintptr_t address, size_t size);
/* A variable of the calling thread: whoever else accesses it does so as its
   own. */
bool rt_shadow_is_thread_local(uintptr_t address);
/* An access of that line (race.c). True: *race has it, and one before it that
   nothing orders. */
bool rt_shadow_access(uint32_t line, const struct rt_touch *t,
                      struct go_race *race);
void rt_shadow_forget(uintptr_t low, size_t size);
/* Whether what was freed there, if anything, was so before all that the line
   does from now on. low and size: a block's of the heap. */
bool rt_shadow_is_past(uint32_t line, uintptr_t low, size_t size);

/* What race.c has for it. Memory for as long as the process lives; NULL. */
void *rt_race_reserve(size_t n);
/* n bytes, zeroed, to the end of the execution; NULL:
   there is no room. */
void *rt_race_room(size_t n);
/* A line's time; whether one's access at that time is past for another; and
   what is the same in all of its accesses. */
uint32_t rt_race_time(uint32_t line);
bool rt_race_is_past(uint32_t line, uint32_t other, uint32_t time);
void rt_race_who(uint32_t line, struct go_access *to);
/* g's line; GO_NOWHERE: what it does counts for nothing. */
uint32_t rt_race_line(const struct g *g);
/* The driver, of it. */
void rt_race_tell(const struct go_race *race);
#define RT_RACE_THREADS "what threads of the program's own do"

#endif
