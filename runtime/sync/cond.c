/*
 * cond.c - wait until somebody says that something has changed.
 *
 * Method: the queue is joined first and the mutex unlocked then, so whoever
 * locks the mutex to change things finds us there: no signal falls between.
 * But unlocking may wake a goroutine, which needs no lock of ours held, so
 * between the two a signal can come to somebody who is not parked yet. The
 * waiter's word for it is units: 0, in the queue and still running, or
 * PARKED. A signaller takes out the former without waking it.
 *
 * Lock: c->lock, rank RT_RANK_OBJECT; never together with the mutex's.
 */
#include "runtime/sync/cond.h"

#include <errno.h>

#include "runtime/sched/control.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/mutex.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

enum {
    RUNNING,
    PARKED
};

/* Joins the queue, before the mutex is unlocked. */
static void join(struct go_cond *c, struct waiter *w)
{
    rt_lock(&c->lock, RT_RANK_OBJECT);
    rt_object_touch(&c->obj, GO_KIND_COND, w->site);
    rt_waitq_push(&c->waiters, w);
    rt_unlock(&c->lock);
}

/* Parks unless the signal has come already. */
static void await(struct go_cond *c, struct waiter *w)
{
    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (w->success) {
        rt_unlock(&c->lock);
        return;
    }
    w->units = PARKED;
    rt_park(&c->lock, GO_WAIT_COND, w, 1, w->site);
    rt_check(w->success, "cond: woken without a signal");
}

struct limit {
    struct rt_timer timer;
    struct go_cond *cond;
    struct waiter *w;
};

/* Out of the queue, unless a signal was first. */
static void expire(struct rt_timer *t, int64_t now)
{
    const struct limit *limit = t->arg;
    bool waits;

    (void)now;
    rt_lock(&limit->cond->lock, RT_RANK_OBJECT);
    waits = limit->w->queue != NULL;
    rt_waitq_remove(limit->w);
    rt_unlock(&limit->cond->lock);
    if (waits)
        rt_ready(t->g);
}

/* The same, or until then; false: so it was. */
static bool await_until(struct go_cond *c, struct waiter *w, int64_t until)
{
    struct limit limit = {.timer = {.fire = expire,
                                    .g = w->g,
                                    .arg = &limit,
                                    .site = w->site,
                                    .kind = RT_TIMER_WAKE},
                          .cond = c,
                          .w = w};

    rt_lock(&c->lock, RT_RANK_OBJECT);
    if (w->success) {
        rt_unlock(&c->lock);
        return true;
    }
    w->units = PARKED;
    rt_timer_arm(&limit.timer, until, 0);
    rt_park_until(&c->lock, GO_WAIT_COND, w, 1, w->site, until);
    rt_timer_disarm(&limit.timer);
    return w->success;
}

static void leave(struct go_cond *c, struct waiter *w)
{
    rt_lock(&c->lock, RT_RANK_OBJECT);
    rt_waitq_remove(w);
    rt_unlock(&c->lock);
}

int rt_cond_wait_with(struct go_cond *c, struct g *g,
                      const struct rt_cond_wait *how)
{
    struct waiter w = {.g = g,
                       .obj = &c->obj,
                       .site = how->site,
                       .want = GO_WANT_SIGNAL,
                       .units = RUNNING};
    bool signalled = true;
    int err;

    rt_point(g, GO_OP_COND_WAIT, c, how->site);
    join(c, &w);
    rt_leave(g);
    err = how->unlock(how->lock);
    g = rt_enter();
    if (err) {
        leave(c, &w);
        return err;
    }
    if (how->until == INT64_MAX)
        await(c, &w);
    else
        signalled = await_until(c, &w, how->until);
    if (signalled)
        rt_order_acquire(g, &c->obj);
    return signalled ? 0 : ETIMEDOUT;
}

void go_cond_wait_at(struct go_cond *c, struct go_mutex *m,
                     const struct go_site *site)
{
    struct g *g = rt_enter();
    struct waiter w = {.g = g,
                       .obj = &c->obj,
                       .site = site,
                       .want = GO_WANT_SIGNAL,
                       .units = RUNNING};

    rt_must_park(g, NULL);
    rt_point(g, GO_OP_COND_WAIT, c, site);
    if (!rt_mutex_owned(m, g))
        rt_mutex_misused(m, g, site);
    join(c, &w);
    rt_check(rt_mutex_release(m, g, site), "cond: the mutex changed its owner");
    await(c, &w);
    rt_order_acquire(g, &c->obj);
    rt_mutex_acquire(m, g, site);
    rt_leave(g);
}

/* Takes w out; to be woken only if it is parked. */
static void serve_locked(struct waiter *w, struct rt_wakes *wakes)
{
    if (w->units == PARKED) {
        rt_wakes_add(wakes, w);
    } else {
        rt_waitq_remove(w);
        w->success = true;
        rt_note_wake(w->g);
    }
}

/* The point of a signal: any of who wait may be the one. */
static void offer_each(const struct rt_point *p)
{
    const struct go_cond *c = p->at.object;
    int32_t i = 0;

    if (!rt_waitq_first(&c->waiters))
        rt_offer(p, RT_POINT_ANY, GO_NOWHERE);
    for (struct waiter *w = rt_waitq_first(&c->waiters); w; w = w->next)
        rt_offer(p, i++, w->g->task);
}

/* The one to be woken is made the oldest. */
static void stand_before_signal(struct go_cond *c, struct g *g,
                                const struct go_site *site)
{
    struct rt_point p = {.at = {.op = GO_OP_SIGNAL, .object = c, .site = site},
                         .offer = offer_each};
    struct waiter *w;

    rt_point_wait(g, &p);
    w = rt_waitq_first(&c->waiters);
    while (w && p.which-- > 0)
        w = w->next;
    if (w) {
        rt_waitq_remove(w);
        rt_waitq_push_front(&c->waiters, w);
    }
}

/* Wakes up to n, the oldest first. */
static void serve(struct go_cond *c, size_t n, struct g *g,
                  const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    struct waiter *w;

    g->last = site;
    rt_lock(&c->lock, RT_RANK_OBJECT);
    rt_object_touch(&c->obj, GO_KIND_COND, site);
    rt_use(&c->signalled, g, site);
    rt_order_release(g, &c->obj);
    while (n-- > 0 && (w = rt_waitq_first(&c->waiters)))
        serve_locked(w, &wakes);
    rt_unlock(&c->lock);
    rt_wakes_ready(&wakes);
}

void rt_cond_wake(struct go_cond *c, struct g *g, const struct go_site *site)
{
    serve(c, SIZE_MAX, g, site);
}

void go_cond_signal_at(struct go_cond *c, const struct go_site *site)
{
    struct g *g = rt_enter();

    if (rt_is_controlled(g))
        stand_before_signal(c, g, site);
    serve(c, 1, g, site);
    rt_leave(g);
}

void go_cond_broadcast_at(struct go_cond *c, const struct go_site *site)
{
    struct g *g = rt_enter();

    rt_point(g, GO_OP_BROADCAST, c, site);
    serve(c, SIZE_MAX, g, site);
    rt_leave(g);
}

void(go_cond_wait)(struct go_cond *c, struct go_mutex *m)
{
    go_cond_wait_at(c, m, RT_HERE());
}

void(go_cond_signal)(struct go_cond *c)
{
    go_cond_signal_at(c, RT_HERE());
}

void(go_cond_broadcast)(struct go_cond *c)
{
    go_cond_broadcast_at(c, RT_HERE());
}
