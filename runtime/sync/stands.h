/*
 * stands.h - what a goroutine waits for that stands before an operation which
 * can not be done now (sched/looks.c): the same as if it had parked in it.
 */
#ifndef RT_SYNC_STANDS_H
#define RT_SYNC_STANDS_H

#include "runtime/sched/control.h"

/* How many waiters it would have; at most. */
uint32_t rt_stands_most(const struct rt_point *p);
/* Fills in wait and w[0..most); false: it would not park by that. The world
   stands still. */
bool rt_stands_wait(const struct rt_point *p, struct waiter *w,
                    struct rt_wait *wait);

#endif
