/*
 * dpor.h - hn_dpor: all executions that differ, each at least once.
 *
 * A strategy (strategy.h). Complete means: whatever the scenario can do, some
 * execution that was tried does the same up to the order of independent steps
 * (relation.h); as far as the scenario has no data races, and without early
 * timers only as time goes on when nothing else can. A panic cuts an execution
 * off: then only who panics, and what with, is covered, not where the others
 * stood.
 */
#ifndef HN_EXPLORE_DPOR_H
#define HN_EXPLORE_DPOR_H

#include "harness/explore/strategy.h"

/*
 * For the test of the tests: rules that are left out, 0 but there. Each loses
 * something that some program can do.
 */
enum hn_drop {
    HN_DROP_ARRIVAL = 1, /* a race is one also when others lie in between */
    HN_DROP_EARLIER = 2, /* all racing steps before are reversed, not the
                            latest only */
    HN_DROP_PENDING = 4, /* what is stood at in the end races, too */
    HN_DROP_SHARED = 8,  /* a step brings all that share one of its tasks */
    HN_DROP_WAKE = 16,   /* what races with a step sleeps no more */
    HN_DROP_ALL = 32,    /* who should go first and can not: all others */
};
extern unsigned hn_dpor_drop;

#endif
