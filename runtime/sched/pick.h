/*
 * pick.h - who runs next on a worker, in line: for park, yield and wake-up.
 *
 * The order is told in pick.c. All is of a p that the caller runs with.
 */
#ifndef RT_SCHED_PICK_H
#define RT_SCHED_PICK_H

#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"

/*
 * A park and a wake-up are one function each, whatever stands between here: on
 * the way back from a switch each return is one more that the processor may
 * have predicted by what the goroutine before did.
 */
#define RT_HOT inline __attribute__((always_inline))

enum {
    RT_FAIR = 61,
    RT_ROW = 128,
};

/* Thieves take run-next too, if rarely: hence the exchange. */
static RT_HOT struct g *rt_next_swap(struct p *p, struct g *g)
{
    struct g *old = rt_load(p->next);

    if (!rt_load(rt_solo))
        return __atomic_exchange_n(&p->next, g, __ATOMIC_ACQ_REL);
    rt_store(p->next, g);
    return old;
}

/* Who is run-next, taken out; NULL: nobody. */
static RT_HOT struct g *rt_next_take(struct p *p)
{
    return rt_load(p->next) ? rt_next_swap(p, NULL) : NULL;
}

void rt_put_last(struct p *p, struct g *g); /* behind all others */
/* Of those in line; NULL: nobody is. */
struct g *rt_pick_queued(struct p *p);

static RT_HOT struct g *rt_pick_ready(struct p *p)
{
    struct g *g;

    rt_store(p->tick, p->tick + 1);
    if (p->tick % RT_FAIR == 0 && (g = rt_pick_global()))
        return g;
    if (p->next_row < RT_ROW) {
        g = rt_next_take(p);
        if (g) {
            p->next_row++;
            return g;
        }
    }
    p->next_row = 0;
    g = rt_pick_queued(p);
    if (!g)
        g = rt_next_take(p);
    return g;
}

/* rt_pick, in line. */
static RT_HOT struct g *rt_pick_hot(struct p *p)
{
    return rt_unlikely(rt_load(rt_controlled)) ? rt_control_pick(p)
                                               : rt_pick_ready(p);
}

/*
 * Who is run-next, taken out, when pick would take it and nothing else is to be
 * done; NULL: it is not so. In a quick run.
 */
static RT_HOT struct g *rt_pick_quick(struct p *p)
{
    struct g *g = p->next;
    uint32_t tick = p->tick + 1;

    if (!g || g->status != RT_G_RUNNABLE || p->next_row >= RT_ROW ||
        tick % RT_FAIR == 0 || rt_load(rt_s.attention))
        return NULL;
    rt_store(p->next, NULL);
    rt_store(p->tick, tick);
    p->next_row++;
    return g;
}

#endif
