/*
 * order.h - lock orders that could deadlock: hints, never proofs.
 *
 * In:  what sync/order.h noted of a run. Out: rings of goroutines each of
 * which held a lock that the one before it took, at moments that nothing kept
 * apart. In this run they did not meet; another schedule might have it so.
 *
 * Plain data: the notes are read and not changed, memory is the arena's.
 */
#ifndef MON_ORDER_H
#define MON_ORDER_H

#include "runtime/base/arena.h"
#include "runtime/monitor/snapshot.h"
#include "runtime/sync/order.h"

enum {
    MON_ORDER_HINTS = 64,        /* told; more are counted */
    MON_ORDER_STEPS = 1 << 19,   /* of the search, before it gives up */
    MON_ORDER_STOPPED = 1 << 16, /* the same while the world waits */
};

/* One goroutine of a ring: its edge, and what is the same for all alike. */
struct mon_order_link {
    const struct rt_order_class *class;
    const struct rt_order_edge *edge;
};

/* Rings through the same places: the shortest of them, and how many. */
struct mon_order_hint {
    uint64_t fingerprint; /* survives line moves; for exploration, baselines */
    uint32_t times;
    uint32_t n;                        /* goroutines, and locks */
    const struct mon_order_link *link; /* [n]: each takes what the next one
                                          holds, the last what the first does */
    const char *message;
};

struct mon_orders {
    struct mon_order_hint *list; /* short rings first */
    uint32_t n;
    uint32_t more; /* hints beyond MON_ORDER_HINTS */
    bool cut;      /* steps were not enough: there may be others */
    uint32_t nclass;
    uint64_t dropped, refused; /* of the notes: what was not compared */
};

/* steps: how far to look. 0, or -ENOMEM. */
int mon_order_find(const struct rt_order_notes *notes, uint32_t steps,
                   struct rt_arena *arena, struct mon_orders *out);
/*
 * The same of what was noted up to the moment of s, whose arena it uses, and
 * whose limits tell what could not be noted or looked at. While the world is
 * stopped. False: no memory.
 */
bool mon_orders_take(struct mon_snapshot *s, uint32_t steps,
                     struct mon_orders *out);

#endif
