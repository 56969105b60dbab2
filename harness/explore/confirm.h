/*
 * confirm.h - a livelock that a schedule leads to, looked at from all sides.
 * Within the worker process.
 */
#ifndef HN_EXPLORE_CONFIRM_H
#define HN_EXPLORE_CONFIRM_H

#include <vigil/inspect.h>

#include "harness/explore/schedule.h"
#include "harness/explore/watch.h"

struct hn_confirmed {
    bool livelock; /* it comes again, */
    bool alone;    /* and the program has asked nobody for anything */
    int call;      /* what it did ask for (hn_outside_seen) */
    struct hn_round round;
};

/* Does what the schedule says, twice. early: as it needs. */
void hn_confirm(const struct go_run *run, const struct hn_schedule *schedule,
                uint32_t early, struct hn_confirmed *to);

#endif
