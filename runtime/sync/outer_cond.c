/*
 * outer_cond.c - conditions and barriers of the C library's: vigil's own in all,
 * for what the C library notes of who waits there would be of one thread.
 */
#include "runtime/sched/park.h"
#include "runtime/sync/cond.h"
#include "runtime/sync/object.h"
#include "runtime/sync/outers.h"

int go_outer_wait(const struct go_outer *o, int (*unlock)(void *lock),
                  void *lock, int64_t until)
{
    struct g *g = rt_enter();
    struct rt_cond_wait how = {unlock, lock, until, rt_site_at(o->pc)};
    struct rt_outer *x = rt_outer_get(o, how.site);
    int err = x ? rt_cond_wait_with(&x->as.cond, g, &how) : 0;

    rt_leave(g);
    return x ? err : unlock(lock);
}

void go_outer_signal(const struct go_outer *o, bool all)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct rt_outer *x = rt_outer_get(o, site);

    rt_leave(g);
    if (x && all)
        go_cond_broadcast_at(&x->as.cond, site);
    else if (x)
        go_cond_signal_at(&x->as.cond, site);
}

bool go_outer_arrive(const struct go_outer *o, uint32_t n)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(o->pc);
    struct rt_outer *x = rt_outer_get(o, site);

    if (x)
        x->as.barrier.size = n;
    rt_leave(g);
    return !x || go_barrier_wait_at(&x->as.barrier, site);
}
