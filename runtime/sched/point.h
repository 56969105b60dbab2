/*
 * point.h - a goroutine comes to a point, stands there, and goes on.
 *
 * In:  who runs, and what it is about to do. Out: its step was taken: it does
 * it. C1, C6 and C7 are in control.c, which has the rest.
 *
 * In line where locks are taken: there nearly all the time of a controlled run
 * goes, and it is one frame less to be made and left for each choice.
 */
#ifndef RT_SCHED_POINT_H
#define RT_SCHED_POINT_H

#include "runtime/sched/draw.h"

/* The word does not say that it can be drawn; or nobody has been, by it. */
struct g *rt_decide_closely(void) __attribute__((noinline));
/* Who goes on where it is not quiet; NULL: that is for the scheduler to say, or
   for rt_control_pick. */
struct g *rt_point_else(struct p *p);

/* Who goes on now; NULL: nobody does, or not by a step. */
static inline __attribute__((always_inline)) struct g *rt_decide(void)
{
    struct rt_point *p = rt_draw();

    if (rt_unlikely(!p))
        return rt_decide_closely();
    rt_assert(!p->g->proven, "a step of a goroutine that was proven stuck");
    return rt_ctl_goes(p);
}

/* All is as it mostly is: a step is to be taken, and that is all. */
static inline bool rt_point_quiet(const struct p *p)
{
    return !(rt_ctl.stops | rt_load(rt_s.attention) | (uintptr_t)rt_ctl.then |
             rt_ctl_anybody(p));
}

/* C6: mostly who has gone on last is there again, and nothing is written. */
static inline void rt_point_note(uint32_t task, struct rt_point *p)
{
    if (rt_likely(rt_ctl.gone == p)) {
        rt_ctl.gone = NULL;
        return;
    }
    rt_ctl_settle();
    rt_assert(!rt_ctl.at[task], "C1: stands at two points");
    rt_ctl_stand(task, p);
}

/* g stands at p until its step is taken. */
static inline __attribute__((always_inline)) void
rt_point_stand(struct g *g, struct rt_point *p)
{
    struct m *m = rt_m();
    struct g *before = g, *next;

    rt_again(before);
    before->last = p->at.site;
    before->moved = true;
    if (rt_likely(rt_point_quiet(m->p))) {
        rt_point_note(before->task, p);
        next = rt_decide();
    } else if (rt_ctl.over) {
        return;
    } else {
        rt_point_note(before->task, p);
        next = rt_point_else(m->p);
    }
    rt_g_set_status(before, RT_G_RUNNING, RT_G_RUNNABLE);
    /* C7 */
    if (rt_likely(next))
        rt_switch_to(m, before, next);
    else
        rt_switch_away(before);
    rt_again(g);
    if (rt_unlikely(rt_ctl.watched == g))
        go_control_reached();
}

/* rt_point_slow in line. */
static inline __attribute__((always_inline)) void
rt_point_plain(struct g *g, enum go_op op, const void *obj,
               const rt_guard *guard, const struct go_site *site)
{
    struct rt_point *p = g->point;

    p->at.op = (uint16_t)op;
    p->at.object = obj;
    p->at.site = site;
    if (rt_ctl_has_more(GO_MORE_ARRIVALS))
        guard = &rt_always;
    p->guard = guard;
    rt_point_stand(g, p);
}

#endif
