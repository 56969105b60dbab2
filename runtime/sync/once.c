/*
 * once.c - run a function once; who comes meanwhile waits for its end.
 *
 * Method: the first to come is the runner, noted as held by it, so that who
 * waits is seen to wait for the runner (and a once that calls itself, for
 * itself). The end is a deferred call, so it comes also after a panic or
 * go_exit.
 *
 * O1  done is set with the lock held; the lock-free look at the start asks
 *     for a free lock too, so nobody returns, and perhaps frees the once,
 *     while the runner is still about to unlock it.
 *
 * Lock: o->lock, rank RT_RANK_OBJECT.
 */
#include "runtime/sched/control.h"
#include "runtime/sched/switch.h"
#include "runtime/sync/held.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

static bool is_over(const struct go_once *o)
{
    return __atomic_load_n(&o->done, __ATOMIC_ACQUIRE) &&
           !__atomic_load_n(&o->lock, __ATOMIC_ACQUIRE);
}

/* The function has ended, however it did. */
static void end(struct go_once *o)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct g *g = rt_enter();

    rt_lock(&o->lock, RT_RANK_OBJECT);
    rt_check(o->runner == (uintptr_t)g && !o->done,
             "once: ended by who does not run it");
    rt_check(rt_unhold(g, &o->obj, false), "once: its runner is not noted");
    o->runner = 0;
    rt_note_release(g, o);
    rt_order_release(g, &o->obj);
    __atomic_store_n(&o->done, 1, __ATOMIC_RELEASE);
    rt_wakes_all(&wakes, &o->waiters);
    rt_unlock(&o->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
}

static void run(struct g *g, struct go_once *o, const struct go_call *call,
                const struct go_site *site)
{
    struct go_defer at_end = {NULL, (go_fn *)end, GO_WORD(o), site};
    go_fn *outer = g->called;

    go_defer_enter(&at_end);
    g->called = call->fn;
    rt_call(call->fn, call->arg);
    g->called = outer;
    go_defer_leave(&at_end);
}

/* Whether g is to run it; else it is done when this returns. */
static bool begin(struct go_once *o, struct g *g, const struct go_site *site)
{
    struct waiter w = {
        .g = g, .obj = &o->obj, .site = site, .want = GO_WANT_DONE};

    rt_point_owned(g, GO_OP_ONCE, o, &o->runner, site);
    rt_lock(&o->lock, RT_RANK_OBJECT);
    rt_object_touch(&o->obj, GO_KIND_ONCE, site);
    if (o->done) {
        rt_order_acquire(g, &o->obj);
        rt_unlock(&o->lock);
        return false;
    }
    rt_must_park(g, &o->lock);
    if (o->runner) {
        rt_waitq_push(&o->waiters, &w);
        rt_park(&o->lock, GO_WAIT_ONCE, &w, 1, site);
        rt_check(w.success, "once: woken before it was done");
        rt_order_acquire(g, &o->obj);
        return false;
    }
    o->runner = (uintptr_t)g;
    o->begun = site;
    rt_hold(g, &o->obj, site, false);
    rt_unlock(&o->lock);
    return true;
}

void go_once_do_at(struct go_once *o, const struct go_call *call,
                   const struct go_site *site)
{
    struct g *g;
    bool mine;

    if (is_over(o) && !rt_causal_on() && !rt_load(rt_controlled))
        return;
    g = rt_enter();
    g->last = site;
    mine = begin(o, g, site);
    rt_leave(g);
    if (mine)
        run(g, o, call, site);
}
