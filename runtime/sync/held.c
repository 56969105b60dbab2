/* held.c - the rare cases of who holds what, and what a misuse is told. */
#include "runtime/sync/held.h"

#include "runtime/sched/ended.h"
#include "runtime/sync/object.h"

bool rt_unhold_slow(struct g *g, const struct go_object *obj, bool shared)
{
    return rt_held_pop(g, obj, shared) ||
           (rt_handed_adopt(g) && rt_held_pop(g, obj, shared));
}

uint64_t rt_owner_id(const struct go_object *obj, const struct g *owner,
                     struct g *g)
{
    const struct rt_abandoned *list;
    uint32_t n = rt_abandoned(&list);

    rt_check(owner, "held: nobody owns the lock");
    while (n > 0)
        if (list[--n].obj == obj)
            return list[n].goroutine;
    rt_check(owner != g || !rt_holds(g, obj, false),
             "held: the owner is told that it does not own");
    return owner->id;
}

void rt_hand_over_failed(struct g *g, uint64_t goroutine,
                         const struct go_site *site)
{
    rt_leave(g);
    go_panic_at(site, "sync: hand over to goroutine %llu, which does not exist",
                (unsigned long long)goroutine);
}
