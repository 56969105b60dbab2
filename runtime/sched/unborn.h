/*
 * unborn.h - goroutines that were spawned and have not run yet: no stack.
 *
 * A spawn in a plain run fills in the first lines of a g that lies elsewhere,
 * and the stack is taken when the goroutine first runs: mostly one that was just
 * left, which is hot. Who is looked for, or looked at, is born before: nobody
 * but the run queues ever sees one that is not.
 */
#ifndef RT_SCHED_UNBORN_H
#define RT_SCHED_UNBORN_H

#include "runtime/sched/m.h"

/* One for p (NULL: nobody's) to fill in, up to g->arg; NULL: to be spawned with
   a stack, for none is left, or stacks may run out. Between rt_enter and
   rt_leave, or in the scheduler. */
struct g *rt_unborn_take(struct p *p);
/* u is used up; p is who had it born, NULL: nobody's. */
void rt_unborn_give(struct p *p, struct g *u);
/* Gives p's own free ones to everybody. */
void rt_unborn_drain(struct p *p);
/* Has all born who are in a queue, each in its place. The world is stopped. */
void rt_unborn_settle(void);
/* Has id born, if it is not yet; between rt_enter and rt_leave. */
void rt_unborn_find(uint64_t id);
/* The unborn, by number below rt_unborn_slots(); NULL: none. For who may take
   no lock, and stop nobody. */
uint32_t rt_unborn_slots(void);
const struct g *rt_unborn_at(uint32_t i);
/* Between two runs. */
void rt_unborn_reset(void);

/* spawn.c: g, or the goroutine that it becomes, on a stack, RUNNABLE. */
struct g *rt_birth(struct g *g);
static inline __attribute__((always_inline)) struct g *rt_born(struct g *g)
{
    return rt_unlikely(g->status == RT_G_UNBORN) ? rt_birth(g) : g;
}

#endif
