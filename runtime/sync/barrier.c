/*
 * barrier.c - holds its callers until all have come; again and again.
 *
 * Method: the last to come takes out all who wait and starts the next round
 * under the same lock, so a fast one that comes again before a slow one has
 * woken is counted in the new round: the queue is the round.
 *
 * B1  arrived is the length of the queue, less than size.
 *
 * Lock: b->lock, rank RT_RANK_OBJECT.
 */
#include "runtime/sched/control.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

/* The last of a round has come: everybody may go on. */
static void open_locked(struct go_barrier *b, struct rt_wakes *wakes)
{
    rt_assert_held(&b->lock);
    b->arrived = 0;
    rt_wakes_all(wakes, &b->waiters);
}

bool go_barrier_wait_at(struct go_barrier *b, const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct g *g = rt_enter();
    struct waiter w = {
        .g = g, .obj = &b->obj, .site = site, .want = GO_WANT_ARRIVE};
    bool last;

    rt_point(g, GO_OP_BARRIER, b, site);
    g->last = site;
    rt_lock(&b->lock, RT_RANK_OBJECT);
    rt_object_touch(&b->obj, GO_KIND_BARRIER, site);
    last = b->arrived + 1 >= b->size;
    if (!last)
        rt_must_park(g, &b->lock);
    rt_use(&b->last, g, site);
    rt_order_release(g, &b->obj);
    if (last) {
        rt_order_acquire(g, &b->obj);
        open_locked(b, &wakes);
        rt_unlock(&b->lock);
        rt_wakes_ready(&wakes);
    } else {
        b->arrived++;
        rt_waitq_push(&b->waiters, &w);
        rt_park(&b->lock, GO_WAIT_BARRIER, &w, 1, site);
        rt_check(w.success, "barrier: woken before it opened");
        rt_order_acquire(g, &b->obj);
    }
    rt_leave(g);
    return last;
}

bool(go_barrier_wait)(struct go_barrier *b)
{
    return go_barrier_wait_at(b, RT_HERE());
}
