/*
 * launch.h - starts the child of a run.
 */
#ifndef HN_LAUNCH_H
#define HN_LAUNCH_H

#include "harness/explore/plan.h"
#include "harness/options.h"
#include "harness/process.h"
#include "harness/result.h"

/* What it is to do about schedules. */
struct hn_plan hn_launch_plan(const struct hn_options *o,
                              const struct hn_finished *f);
/* Starts it; graph: the DOT is wanted. As hn_process_start. */
int hn_launch(const struct hn_finished *f, const struct hn_plan *plan,
              bool graph, struct hn_process *to);

#endif
