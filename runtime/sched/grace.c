/*
 * grace.c - the time that goroutines have after main's return, in a controlled
 * run, when they never come to rest.
 *
 * In:  steps on offer. Out: whose turn it is; that time is up.
 *
 * Method: as in an ordinary run (tick.c) who runs on is left after so many
 * switches. Here who drives the run might never let one of them go on, so it is
 * not asked: they take turns, the goroutines and the ways that each has. That
 * begins when they have only looked and yielded for long, and ends as soon as
 * one does anything else; or when the execution would be cut off, and then for
 * good. Whoever tries all choices has not seen these.
 */
#include "runtime/sched/controlled.h"
#include "runtime/sched/state.h"

enum {
    GRACE_STEPS = 100000
};

void rt_ctl_grace_reset(void)
{
    rt_ctl.grace = (struct rt_ctl_grace){0};
}

bool rt_ctl_grace_begin(bool for_good)
{
    if (!rt_load(rt_s.main_ended) || rt_load(rt_s.main_exited) ||
        !rt_ctl_is_left() || rt_ctl.grace.steps >= GRACE_STEPS)
        return false;
    rt_ctl.grace.on = true;
    rt_ctl_closely();
    rt_ctl.unasked |= GO_UNASKED_TURNS;
    rt_ctl.grace.for_good |= for_good;
    return true;
}

void rt_ctl_grace_progress(void)
{
    rt_ctl.grace.on = rt_ctl.grace.for_good;
}

/* The first task behind the one before; else the first of all. */
static uint32_t next_task(void)
{
    uint32_t first = GO_NOWHERE;

    for (uint32_t i = 0; i < rt_ctl.n; i++) {
        const struct go_point *p = rt_ctl.steps[i].point;

        if (p && p->task >= rt_ctl.grace.next)
            return i;
        if (p && first == GO_NOWHERE)
            first = i;
    }
    return first;
}

uint32_t rt_ctl_grace_step(void)
{
    struct rt_ctl_grace *grace = &rt_ctl.grace;
    uint32_t k = next_task(), ways = 0;

    if (k == GO_NOWHERE || grace->steps++ >= GRACE_STEPS)
        return GO_NOWHERE;
    while (k + ways < rt_ctl.n &&
           rt_ctl.steps[k + ways].point == rt_ctl.steps[k].point)
        ways++;
    grace->next = rt_ctl.steps[k].point->task + 1;
    return k + grace->steps % ways;
}
