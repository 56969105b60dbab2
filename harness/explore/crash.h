/*
 * crash.h - a schedule that ends by a crash: played once, up to there, and told
 * by who outlives it.
 */
#ifndef HN_EXPLORE_CRASH_H
#define HN_EXPLORE_CRASH_H

#include "harness/explore/died.h"
#include "harness/explore/play.h"
#include "harness/explore/tasks.h"

struct hn_crash { /* in shared memory */
    struct hn_died died;
    struct hn_play play;   /* what was done; its pointers are another's */
    struct hn_tasks tasks; /* by which it counts */
};

/*
 * In a worker, at most limit real ns. NULL: it does not crash, or that was not
 * found out. loose: as hn_follow; steps: as hn_witness; decisive: what is known
 * to decide, or NULL, as hn_table_begin. To be freed.
 */
struct hn_crash *hn_crash_play(const struct go_run *run,
                               const struct hn_schedule *schedule, bool loose,
                               const struct hn_schedfile *steps,
                               const struct hn_decisive *decisive,
                               int64_t limit);
void hn_crash_free(struct hn_crash *c);

#endif
