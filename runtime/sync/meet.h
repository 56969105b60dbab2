/*
 * meet.h - the points of channel operations: which of them can be done now,
 * and who could meet whom. For controlled runs only.
 */
#ifndef RT_SYNC_MEET_H
#define RT_SYNC_MEET_H

#include "runtime/sched/control.h"
#include "runtime/sync/chan.h"

/*
 * Stands before one half of c (a handle, not NULL) until it can be done. A try
 * (otherwise) always can: it fails when nobody is there to be met.
 */
void rt_meet_slow(struct g *g, enum go_op op, struct go_chan *c, bool otherwise,
                  const struct go_site *site);
static inline void rt_meet(struct g *g, enum go_op op, struct go_chan *c,
                           bool otherwise, const struct go_site *site)
{
    if (rt_is_controlled(g))
        rt_meet_slow(g, op, c, otherwise, site);
}

/* The same before a select: the case to take, RT_POINT_ANY, RT_POINT_PARK or
   below. */
int rt_meet_select(struct g *g, const struct go_case *cases, size_t n,
                   const struct go_site *site);

#endif
