/*
 * stop.h - the choice at which a debugger is to stop.
 */
#ifndef HN_EXPLORE_STOP_H
#define HN_EXPLORE_STOP_H

#include <vigil/inspect.h>

#include "harness/explore/schedule.h"

/*
 * The first of the two steps that decide (decisive.h), if the schedule fails
 * and there are two; GO_NOWHERE: not known. In a worker process; limit: real
 * ns.
 */
uint32_t hn_stop(const struct go_run *run, const struct hn_schedule *schedule,
                 int64_t limit);
/* Where else: the last choice that deviates, or the first of all. */
uint32_t hn_stop_usual(const struct hn_schedule *schedule);

#endif
