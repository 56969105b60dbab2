/* spare.h - goroutines that are to be used again, the hot ones first. */
#ifndef RT_SCHED_SPARE_H
#define RT_SCHED_SPARE_H

#include "runtime/sched/m.h"

static inline void rt_spare_push(struct rt_spare *s, struct g *g)
{
    g->link = s->first;
    s->first = g;
    s->n++;
}

/* NULL: there is none. */
static inline struct g *rt_spare_pop(struct rt_spare *s)
{
    struct g *g = s->first;

    if (g) {
        s->first = g->link;
        s->n--;
    }
    return g;
}

#endif
