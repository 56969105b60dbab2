/*
 * causal.h - what must have happened before what a goroutine does now, as far
 * as nested locks are concerned: for lock orders (sync/order.h).
 *
 * A clock says of some goroutines up to which of their epochs all is past.
 * Only goroutines that take a lock while they hold another one are ever in a
 * clock, so clocks are tiny and most programs have none: until the first such
 * nesting is noted rt_causal_live is false, and every hook is one load.
 *
 * Carried by: fork, counting down and waiting for a group, send and receive,
 * close, the end of a once, signal of a condition, release of a semaphore, a
 * barrier, a lock handed to who waits for it, an armed timer. Not by unlock
 * and lock, whose order is chance; not by atomics, I/O or plain memory.
 *
 * All functions between rt_enter and rt_leave; any locks may be held.
 */
#ifndef RT_SCHED_CAUSAL_H
#define RT_SCHED_CAUSAL_H

#include <stddef.h>

#include "runtime/sched/g.h"

enum {
    RT_CAUSAL_MAX = 1024, /* goroutines in clocks; of more nothing is noted */
    RT_CAUSAL_OBJECTS = 1 << 14, /* that carry clocks each by itself */
    RT_CAUSAL_SLOTS = 64, /* of a channel's buffer, each with its own clock */
};

enum {
    RT_CAUSAL_ORDERS = 1, /* some clock is not empty */
    RT_CAUSAL_RACES = 2,  /* race.h is on: the same hooks feed it */
};
extern uint32_t rt_causal_live RT_HIDDEN; /* [atomic] of these */

static inline bool rt_causal_on(void)
{
    return rt_unlikely(rt_load(rt_causal_live));
}

/* Up to which of goroutine id's epochs all is past in c; c may be NULL. */
uint32_t rt_causal_epoch(const struct rt_causal *c, uint64_t id);

/*
 * g does something that others may come after: *epoch is its number, *seen
 * the clock it is done at (NULL: empty), kept for the rest of the run. False:
 * there are too many goroutines already, nothing was noted.
 */
bool rt_causal_mark(struct g *g, uint32_t *epoch,
                    const struct rt_causal **seen);

/* child begins after all that by (NULL: nobody) has done, and after what was
   released under key (0: nothing). */
void rt_causal_fork(struct g *by, struct g *child, uint64_t key);
/* g has ended, and has no clock any more. */
void rt_causal_end(struct g *g);

/*
 * What g did is past for who acquires the same key later. Keys are numbers of
 * objects (rt_object_id), or rt_causal_key of anything else.
 */
void rt_causal_release(struct g *g, uint64_t key);
void rt_causal_acquire(struct g *g, uint64_t key);
static inline uint64_t rt_causal_key(const void *address)
{
    return (uint64_t)(uintptr_t)address | 1ull << 63;
}

static inline uintptr_t rt_causal_address(uint64_t key)
{
    return (uintptr_t)(key & ~(1ull << 63));
}

/* From one to another, who does not run; and, a meeting, both ways. */
void rt_causal_give(struct g *from, struct g *to);
void rt_causal_meet(struct g *a, struct g *b);

/*
 * A value goes into a buffer of cap, or comes out of it; len is how many
 * were in it before. The k-th receive is past for the (k+cap)-th send. g NULL:
 * a timer's.
 */
void rt_causal_put(struct g *g, uint64_t key, size_t cap, size_t len);
void rt_causal_take(struct g *g, uint64_t key, size_t cap, size_t len);

/* Forgets all, between two runs. */
void rt_causal_reset(void);

#endif
