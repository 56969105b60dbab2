/*
 * sema.c - a weighted semaphore; first come, first served.
 *
 * Method: one lock. Units that are released go to the head of the queue for
 * as long as it can be satisfied; what is behind a big request waits with it,
 * or the big one would starve.
 *
 * S1  Somebody is queued only if the first of them asks for more than is free.
 *
 * Lock: s->lock, rank RT_RANK_OBJECT.
 */
#include "runtime/sched/control.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

static void must_not_be_negative(int64_t n, const struct go_site *site)
{
    if (rt_unlikely(n < 0))
        go_panic_at(site, "sync: negative semaphore count");
}

static void lock_and_touch(struct go_semaphore *s, const struct go_site *site)
{
    rt_lock(&s->lock, RT_RANK_OBJECT);
    rt_object_touch(&s->obj, GO_KIND_SEMAPHORE, site);
}

/* Takes n units if nobody is before us and there are so many. */
static bool take_locked(struct go_semaphore *s, int64_t n, const struct g *g,
                        const struct go_site *site)
{
    rt_assert_held(&s->lock);
    if (rt_waitq_first(&s->waiters) || s->free < n)
        return false;
    rt_race_take_units(g, s, n, s->free);
    s->free -= n;
    rt_use(&s->acquired, g, site);
    return true;
}

/*
 * Its point: there are so many, and nobody has come before. To queue for more
 * than one unit is a step as well: smaller requests wait behind it, although
 * there are units for them. For one it is none, for then there are no units;
 * so who waits for one while time goes on is not before a bigger one that
 * comes later, as it would be in the queue.
 */
static void offer_units(const struct rt_point *p)
{
    const struct go_semaphore *s = p->at.object;

    if (p->units > 1 || (!rt_waitq_first(&s->waiters) && s->free >= p->units))
        rt_offer(p, RT_POINT_ANY, GO_NOWHERE);
}

static void stand_before_acquire(struct go_semaphore *s, struct g *g, int64_t n,
                                 const struct go_site *site)
{
    struct rt_point p = {.at = {.op = GO_OP_ACQUIRE, .object = s, .site = site},
                         .offer = offer_units,
                         .units = n};

    rt_point_wait(g, &p);
}

void go_semaphore_acquire_at(struct go_semaphore *s, int64_t n,
                             const struct go_site *site)
{
    struct waiter w = {
        .obj = &s->obj, .units = n, .site = site, .want = GO_WANT_RELEASE};
    struct g *g;

    must_not_be_negative(n, site);
    g = rt_enter();
    if (rt_is_controlled(g))
        stand_before_acquire(s, g, n, site);
    g->last = site;
    lock_and_touch(s, site);
    if (take_locked(s, n, g, site)) {
        rt_unlock(&s->lock);
    } else {
        rt_must_park(g, &s->lock);
        w.g = g;
        rt_waitq_push(&s->waiters, &w);
        rt_park(&s->lock, GO_WAIT_SEMAPHORE, &w, 1, site);
        rt_check(w.success, "semaphore: woken without its units");
    }
    rt_order_acquire_alone(g, &s->obj);
    rt_leave(g);
}

static bool tryacquire(struct go_semaphore *s, int64_t n, struct g *g,
                       const struct go_site *site)
{
    bool got;

    lock_and_touch(s, site);
    got = take_locked(s, n, g, site);
    if (got)
        rt_order_acquire_alone(g, &s->obj);
    rt_unlock(&s->lock);
    return got;
}

bool go_semaphore_tryacquire_at(struct go_semaphore *s, int64_t n,
                                const struct go_site *site)
{
    struct g *g;
    bool got;

    must_not_be_negative(n, site);
    g = rt_enter();
    rt_point_try(g, GO_OP_TRYACQUIRE, s, site);
    g->last = site;
    got = tryacquire(s, n, g, site) ||
          (rt_missed(g, site) && tryacquire(s, n, g, site));
    if (!got)
        rt_note(GO_NOTE_FAILED, g, s);
    rt_leave(g);
    return got;
}

/* Serves the queue from its head, until S1. */
static void serve_locked(struct go_semaphore *s, struct rt_wakes *wakes)
{
    struct waiter *w;

    rt_assert_held(&s->lock);
    while ((w = rt_waitq_first(&s->waiters)) && w->units <= s->free) {
        rt_race_take_units(w->g, s, w->units, s->free);
        s->free -= w->units;
        rt_use(&s->acquired, w->g, w->site);
        rt_wakes_add(wakes, w);
    }
}

void go_semaphore_release_at(struct go_semaphore *s, int64_t n,
                             const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    bool overflow;
    int64_t units;
    struct g *g;

    must_not_be_negative(n, site);
    g = rt_enter();
    rt_point_release(g, GO_OP_RELEASE, s, site);
    rt_note(GO_NOTE_UNITS, g, s);
    g->last = site;
    lock_and_touch(s, site);
    overflow = __builtin_add_overflow(s->free, n, &units);
    if (!overflow) {
        rt_race_give_units(g, s, n, s->free);
        s->free = units;
        rt_use(&s->released, g, site);
        rt_order_release_alone(g, &s->obj);
        serve_locked(s, &wakes);
    }
    rt_unlock(&s->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
    if (rt_unlikely(overflow))
        go_panic_at(site, "sync: semaphore count overflows");
}

void(go_semaphore_acquire)(struct go_semaphore *s, int64_t n)
{
    go_semaphore_acquire_at(s, n, RT_HERE());
}

bool(go_semaphore_tryacquire)(struct go_semaphore *s, int64_t n)
{
    return go_semaphore_tryacquire_at(s, n, RT_HERE());
}

void(go_semaphore_release)(struct go_semaphore *s, int64_t n)
{
    go_semaphore_release_at(s, n, RT_HERE());
}
