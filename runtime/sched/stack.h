/*
 * stack.h - stacks: each has a slot, with its g at the end (stackmap.h).
 */
#ifndef RT_SCHED_STACK_H
#define RT_SCHED_STACK_H

#include <stddef.h>

#include "runtime/sched/m.h"

enum {
    RT_STACK_DEFAULT = 64 << 10
};

/* Reserves room for stacks of size bytes (0: the default): 0 or -errno.
   scrubs: what a goroutine leaves on its stack is not found by the next. */
int rt_stack_open(size_t size, bool scrubs);
void rt_stack_close(void);

/* A free slot's g, p's own hot ones first (p may be NULL). NULL: none left. */
struct g *rt_stack_take(struct p *p);
/* While fewer goroutines than this exist each p finds a stack, whatever the
   others keep for themselves. [world] */
extern uint32_t rt_stack_plenty;
void rt_stack_promise(int procs); /* there are so many from now on */
/* Gives g's slot back to be reused; p is not NULL. */
void rt_stack_give(struct p *p, struct g *g);
/* Nothing of what was on it is left: as a new one, but under a checker. Nobody
   runs on it. */
void rt_stack_scrub(struct g *g);
/* Gives p's own free stacks to everybody. */
void rt_stack_drain(struct p *p);
/* Gives memory of stacks that were free for a second back to the system, a
   bounded number. The tick's; now: its monotonic ns. */
void rt_stack_trim(int64_t now);

size_t rt_stack_size(void);            /* usable bytes */
void *rt_stack_low(const struct g *g); /* the lowest usable address */
static inline void *rt_stack_top(const struct g *g) /* 16-byte aligned */
{
    return (void *)((uintptr_t)g & ~(uintptr_t)15);
}
/* All stacks are within. */
void rt_stack_map(uintptr_t *low, uintptr_t *high);
/* Whose stack holds addr, below its top, which is its g; NULL: nobody's who
   exists. Only while the world is stopped. */
struct g *rt_stack_at(const void *addr);
/* Whether an address lies in the part of the stacks that is another's than g's. */
bool rt_stack_is_others(const struct g *g, uintptr_t addr);
/* Whose guard page holds addr; NULL: nobody's. */
struct g *rt_stack_guarded(const void *addr);

#endif
