/*
 * ended.h - what became of the goroutines that ended, and the locks they left.
 *
 * Method: who a goroutine was is noted at its end, by its number, so that a
 * report can tell a last user's fate. Each processor has a table of its own,
 * small enough to stay near: one of 65,536 for all cost a seventh of a spawn and
 * its end where two worked, as each wrote to a line that was far, or the other's.
 */
#ifndef RT_SCHED_ENDED_H
#define RT_SCHED_ENDED_H

#include "runtime/base/record.h"
#include "runtime/sched/g.h"
#include "runtime/sched/m.h"

enum {
    RT_ENDED_KEPT = 1 << 11 /* of each processor's */
};
/* [own] of who has the processor; others read it with the world stopped. */
extern struct go_inspect_ended rt_ended[RT_PROCS_MAX][RT_ENDED_KEPT];

/* The end of g, on p. when: instant. */
static inline void rt_ended_note(const struct p *p, const struct g *g,
                                 int64_t when)
{
    struct go_inspect_ended *e = &rt_ended[p->id][g->id % RT_ENDED_KEPT];

    /* One by one: an assignment of the whole is made elsewhere, and copied. */
    rt_record(e->id = g->id);
    rt_record(e->when = when);
    rt_record(e->site = g->last);
    rt_record(e->name = g->name);
    rt_record(e->created = g->created);
    rt_record(e->created_by = g->created_by);
}

/* NULL: it has not ended, or so many after it, on the same processor. */
const struct go_inspect_ended *rt_ended_find(uint64_t id);

/* Notes the locks that g, which ends, still holds, and frees their list. */
void rt_held_abandon(struct g *g);

/* The run is over. */
void rt_ended_reset(void);
/* The same between two executions of a controlled run: the locks that were
   left are no more. */
void rt_ended_forget(void);

/* Locks that ended goroutines still held; for the report at the end. */
struct rt_abandoned {
    uint64_t goroutine;    /* 0: of an earlier run */
    struct go_object *obj; /* may be freed by now: not to be read */
    struct go_object head; /* what it looked like at that end */
    const struct go_site *site;
    uint8_t shared;
};
enum {
    RT_ABANDONED_MAX = 256
};
uint32_t rt_abandoned(const struct rt_abandoned **list);

#endif
