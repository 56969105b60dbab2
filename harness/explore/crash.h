/*
 * crash.h - a schedule that ends by a crash: played once, up to there, and told
 * by who outlives it.
 */
#ifndef HN_EXPLORE_CRASH_H
#define HN_EXPLORE_CRASH_H

#include <jansson.h>
#include <vigil/crash.h>

#include "harness/explore/play.h"
#include "harness/explore/tasks.h"

struct hn_crash {          /* in shared memory */
    int signal;            /* that ended it, SIGABRT: or it ended by itself; 0:
                              it does not crash */
    struct go_crash where; /* signal 0: not known */
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

/* As a report tells a finding: a headline, who, and its stack. */
void hn_crash_tell(const struct hn_crash *c, const struct go_run *run, int fd);
json_t *hn_crash_json(const struct hn_crash *c);

#endif
