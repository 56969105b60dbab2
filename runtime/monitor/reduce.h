/*
 * reduce.h - which goroutines can ever run again: LIVE or STUCK on each.
 */
#ifndef MON_REDUCE_H
#define MON_REDUCE_H

#include "runtime/monitor/graph.h"

struct mon_reduction {
    const struct mon_graph *graph;
    uint8_t *live;     /* [ngoroutine] 0: stuck. System goroutines: live */
    uint8_t *open;     /* [ngate] somebody may come through */
    uint32_t *missing; /* [ngate] openers of an exact gate that are not live */
    uint32_t *queue;   /* live ones whose edges were not followed yet */
    uint32_t head, tail;
    bool reached_all; /* every inexact gate was opened already */
    bool any_life;    /* anything at all: a goroutine, a timer, a thread */
};

/*
 * Who may reach which inexact objects: the answer of a memory scan. from is
 * called once for each source as it comes to life, and calls
 * mon_reduce_reach for each object that it finds. So it may look at a stack
 * only when that stack has become relevant. Sources are goroutines, by index,
 * and before them
 *
 *   MON_OUTSIDE  what needs nobody's help: armed timers, handles that the
 *                kernel or another process holds; always;
 *   MON_GLOBALS  what whoever runs code can name: globals, and the stacks of
 *                other threads; at the first life there is.
 */
#define MON_OUTSIDE (GO_NOWHERE - 1)
#define MON_GLOBALS (GO_NOWHERE - 2)
struct mon_reach {
    void (*from)(void *arg, uint32_t source, struct mon_reduction *r);
    void *arg;
};

/* What in a snapshot counts as life besides its goroutines. */
enum mon_doubt {
    MON_DOUBT_ALL,       /* whatever may live does */
    MON_DOUBT_NO_THREADS /* foreign threads reach no inexact object: what is
                            stuck then, but not otherwise, is LIKELY */
};

/* 0, or -ENOMEM. reach NULL: whoever lives reaches every inexact object. */
int mon_reduce(const struct mon_graph *graph, const struct mon_reach *reach,
               enum mon_doubt doubt, struct rt_arena *arena,
               struct mon_reduction *r);

#define MON_WANT(want) (1u << (want)) /* enum go_want as a bit of a set */
#define MON_WANT_ALL   0xffffffffu

/*
 * From within `from`: it can do what those wants ask of this object. Of an
 * exact object nothing follows: its openers are known.
 */
void mon_reduce_reach(struct mon_reduction *r, uint32_t object, unsigned wants);

#endif
