/*
 * away.c - memory that was given back, or protected, under who stands before a
 * lock in it.
 *
 * In:  what the program is about to give back. Out: who stands there is not
 * asked for while it can not be read: that would end the process.
 *
 * A1  Meanwhile he can go on, or not, as he could when it went. Whether it is
 *     there again is seen at each choice: it may have been protected for a
 *     while only, or the call may have failed.
 */
#include <vigil/elsewhere.h>

#include "runtime/base/peek.h"
#include "runtime/sched/controlled.h"

enum {
    OBJECT = 256 /* bytes: none is larger */
};

static const rt_guard could = 0, could_not = 1; /* go on, when it went */

static bool is_away(const struct rt_point *p)
{
    return p->guard == &could || p->guard == &could_not;
}

static bool can_go_on(const struct rt_point *p)
{
    if (!p->offer)
        return *p->guard == 0;
    rt_ctl.n = 0;
    p->offer(p);
    return rt_ctl.n > 0;
}

/* Who can always go on is not asked in any case. */
static void keep(struct rt_point *p)
{
    if (is_away(p) || p->guard == &rt_always)
        return;
    rt_ctl.tasks[p->at.task].guard = p->guard;
    p->guard = can_go_on(p) ? &could : &could_not;
    rt_ctl.away = rt_ctl.afresh = true;
    rt_ctl_closely();
}

void go_control_gone(const void *low, size_t size)
{
    const struct rt_point *p;
    uint32_t i = 0;

    if (!go_control_runs())
        return;
    while ((p = rt_point_next(&i)))
        if ((uintptr_t)p->at.object - (uintptr_t)low < size)
            keep(rt_ctl.at[p->at.task]);
}

const struct rt_point *rt_point_at(uintptr_t address)
{
    const struct rt_point *p = NULL;
    uint32_t i = 0;

    if (rt_load(rt_controlled))
        while ((p = rt_point_next(&i)))
            if (address == (uintptr_t)p->guard ||
                address - (uintptr_t)p->at.object < OBJECT)
                break;
    return p;
}

static bool is_there(const void *at)
{
    rt_guard word;

    return rt_peek(&word, at, sizeof(word));
}

void rt_ctl_see_away(void)
{
    const struct rt_point *p;
    uint32_t i = 0;

    rt_ctl.away = false;
    while ((p = rt_point_next(&i))) {
        const rt_guard *guard = rt_ctl.tasks[p->at.task].guard;

        if (!is_away(p))
            continue;
        if (is_there(p->at.object) && is_there(guard))
            rt_ctl.at[p->at.task]->guard = guard;
        else
            rt_ctl.away = true;
    }
}
