/*
 * sleep.c - instants, and goroutines that wait for one.
 *
 * A sleeper is a timer on its own stack. Its lock is held from before the
 * timer is armed until the goroutine is parked, so that a timer that fires at
 * once finds it parked.
 */
#include <vigil/outer.h>
#include <vigil/time.h>

#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/instant.h"
#include "runtime/sync/object.h"

struct sleeper {
    struct rt_timer timer;
    uint32_t lock; /* rank RT_RANK_OBJECT: held until it is parked */
};

uint64_t rt_clock_asked;

/* Who asks and yields, again and again, is to see time go on. */
static go_instant asked(void)
{
    struct g *g = rt_g();

    if (g)
        g->read_clock = true;
    if (g && rt_is_controlled(g))
        rt_clock_asked++;
    return rt_now();
}

go_instant go_now(void)
{
    return asked();
}

go_instant go_add(go_instant t, go_duration d)
{
    return rt_instant_add(t, d);
}

go_duration go_instant_sub(go_instant a, go_instant b)
{
    int64_t d;

    if (__builtin_sub_overflow(a, b, &d))
        return a < b ? INT64_MIN : INT64_MAX;
    return d;
}

go_duration go_since(go_instant t)
{
    return go_instant_sub(asked(), t);
}

bool go_instant_before(go_instant a, go_instant b)
{
    return a < b;
}

static void fire_sleeper(struct rt_timer *t, int64_t now)
{
    struct sleeper *s = t->arg;
    struct g *g = t->g;

    (void)now;
    rt_lock(&s->lock, RT_RANK_OBJECT);
    rt_unlock(&s->lock);
    rt_ready(g); /* its stack, and t, may be gone */
}

void go_sleep_at(go_duration d, const struct go_site *site)
{
    struct g *g = rt_enter();
    struct sleeper s = {.timer = {.fire = fire_sleeper,
                                  .g = g,
                                  .arg = &s,
                                  .site = site,
                                  .kind = RT_TIMER_WAKE}};
    int64_t until;

    rt_must_park(g, NULL);
    if (d > 0)
        rt_point(g, GO_OP_SLEEP, NULL, site);
    if (d <= 0) {
        rt_leave(g);
        go_yield_at(site);
        return;
    }
    until = rt_instant_after(d);
    rt_lock(&s.lock, RT_RANK_OBJECT);
    rt_timer_arm(&s.timer, until, 0);
    rt_park_until(&s.lock, GO_WAIT_SLEEP, NULL, 0, site, until);
    rt_assert(s.timer.place == 0, "sleep: woken by something else");
    rt_leave(g);
}

void go_outer_sleep(int64_t ns, const void *pc)
{
    struct g *g = rt_enter();
    const struct go_site *site = rt_site_at(pc);

    rt_leave(g);
    go_sleep_at(ns, site);
}

void(go_sleep)(go_duration d)
{
    go_sleep_at(d, RT_HERE());
}
