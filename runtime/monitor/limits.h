/*
 * limits.h - what limits the claims of a look: printed under "detector:".
 */
#ifndef MON_LIMITS_H
#define MON_LIMITS_H

#include "runtime/monitor/snapshot.h"

/* A worker that sleeps in the kernel in a call that was not announced. */
struct mon_asleep {
    int worker;
    long call;
    uint64_t goroutine;
};
enum {
    MON_ASLEEP_MAX = 16
};
struct mon_asleeps {
    uint32_t n;
    struct mon_asleep list[MON_ASLEEP_MAX];
};
/*
 * Before the stop, whose signal would end the sleep of some: who sleeps now.
 * Not from a goroutine's own small stack.
 */
void mon_limits_probe(struct mon_asleeps *to);

/* Adds them to a snapshot; while the world is still stopped. */
void mon_limits_take(struct mon_snapshot *s, const struct mon_moment *moment);

#endif
