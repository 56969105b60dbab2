/*
 * group.h - stuck goroutines put together to what a person calls one problem.
 *
 * Each stuck goroutine leads, over what it waits for, to a place where nobody
 * can go on: a ring or knot of goroutines, an object whose wakers are all
 * gone, or nothing at all. Those who lead to the same place are one group;
 * those in it are its core, the others bystanders.
 */
#ifndef MON_GROUP_H
#define MON_GROUP_H

#include "runtime/monitor/cycle.h"

struct mon_group {
    uint32_t first, n;   /* groups->member[first .. first + n) */
    uint32_t ncore;      /* the first so many: a ring in its order, lowest id
                          first, else by id; then bystanders by id */
    enum go_shape shape; /* RING, KNOT, ORPHAN or ABANDONED */
};

struct mon_groups {
    uint32_t n;
    struct mon_group *list; /* by the lowest id of any member */
    uint32_t *member;       /* goroutine indices */
    uint32_t *of;           /* [ngoroutine] group, GO_NOWHERE: not stuck */
};

/*
 * Groups the goroutines with stuck[i] set; what they wait for must not be able
 * to come from anybody else. 0, or -ENOMEM.
 */
int mon_group_find(struct mon_groups *groups, const struct mon_graph *graph,
                   const uint8_t *stuck, struct rt_arena *arena);

#endif
