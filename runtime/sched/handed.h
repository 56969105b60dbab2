/*
 * handed.h - locks handed to goroutines that were not waiting for them.
 *
 * A goroutine's held[] is its own to write; what others gave it waits in a
 * list, by its id, until it moves it there itself.
 */
#ifndef RT_SCHED_HANDED_H
#define RT_SCHED_HANDED_H

#include "runtime/sched/g.h"

struct rt_handed;

/* Room for one entry, before rt_enter (it may allocate); NULL: no memory. */
struct rt_handed *rt_handed_make(void);
/* Takes back what rt_handed_give did not use; NULL does nothing. */
void rt_handed_drop(struct rt_handed *h);

/*
 * Notes that to, who is not parked on obj, holds it from now on. Uses h up.
 * Between rt_enter and rt_leave, under obj's lock.
 */
void rt_handed_give(struct rt_handed *h, struct g *to, struct go_object *obj,
                    const struct go_site *site, bool shared);

extern uint32_t rt_handed_count RT_HIDDEN; /* [atomic] entries in the list */
bool rt_handed_adopt_slow(struct g *g);

/* Moves what was handed to g, the running goroutine, to its held[]; whether
   there was any. When it ends, before what it still holds is looked at. */
static inline bool rt_handed_adopt(struct g *g)
{
    return rt_unlikely(__atomic_load_n(&rt_handed_count, __ATOMIC_ACQUIRE)) &&
           rt_handed_adopt_slow(g);
}

/* What g was handed and has not moved yet, in order: for a look, which may not
   allocate. Only while the world is stopped. */
typedef void rt_handed_fn(void *arg, const struct rt_held *held);
void rt_handed_visit(const struct g *g, rt_handed_fn *visit, void *arg);
/* Forgets all, at the end of a run. */
void rt_handed_reset(void);

#endif
