/*
 * held.h - who holds what, as the locks note it: g->held[], and a list for
 * what was handed to a goroutine that may be running.
 *
 * g->held[] is [self]: only its goroutine writes it, or who finds it parked
 * on the very lock that it gets. Handing a lock to any other goroutine goes
 * through a list, from which the new owner adopts it when it needs it: when
 * it unlocks and when it ends (rt_handed_adopt); looks read that list too.
 */
#ifndef RT_SYNC_HELD_H
#define RT_SYNC_HELD_H

#include "runtime/sched/handed.h"

/*
 * Notes that g, which holds nothing, holds obj. A case of its own: a pair of
 * lock and unlock stores constants to nheld, and so does not wait for the pair
 * before it.
 */
static inline void rt_hold_only(struct g *g, struct go_object *obj,
                                const struct go_site *site, bool shared)
{
    struct rt_held *h = g->held;

    rt_assert(!g->nheld, "a first lock that is not");
    g->nheld = 1;
    h->obj = obj;
    h->site = site;
    h->id = __atomic_load_n(&obj->id, __ATOMIC_RELAXED);
    h->shared = shared;
}

static inline void rt_hold(struct g *g, struct go_object *obj,
                           const struct go_site *site, bool shared)
{
    if (rt_likely(!g->nheld))
        rt_hold_only(g, obj, site, shared);
    else
        rt_held_push(g, obj, site, shared);
}

/* Notes that g holds obj no more, if that is all that it holds. */
static inline bool rt_unhold_only(struct g *g, const struct go_object *obj,
                                  bool shared)
{
    const struct rt_held *h = g->held;

    if (rt_unlikely(g->nheld != 1 || h->obj != obj || h->shared != shared))
        return false;
    g->nheld = 0;
    return true;
}

/* The same when it is not the newest, or was handed over. */
bool rt_unhold_slow(struct g *g, const struct go_object *obj, bool shared);

/* Notes that it does no more; false: it did not. */
static inline bool rt_unhold(struct g *g, const struct go_object *obj,
                             bool shared)
{
    return rt_likely(rt_unhold_only(g, obj, shared)) ||
           rt_unhold_slow(g, obj, shared);
}

/* Whether g, the running goroutine, holds obj. */
static inline bool rt_holds(struct g *g, const struct go_object *obj,
                            bool shared)
{
    return rt_held_find(g, obj, shared) ||
           (rt_handed_adopt(g) && rt_held_find(g, obj, shared));
}

/*
 * The id of the goroutine that an owner word of obj means; for a message. The
 * word may be of one that has ended with the lock held, and its memory another
 * goroutine's by now, even that of g, who asks.
 */
uint64_t rt_owner_id(const struct go_object *obj, const struct g *owner,
                     struct g *g);

/* Leaves, and panics: there is no such goroutine to hand a lock to. */
void rt_hand_over_failed(struct g *g, uint64_t goroutine,
                         const struct go_site *site) __attribute__((noreturn));

#endif
