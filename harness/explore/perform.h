/*
 * perform.h - a child's run under control: explored first, or by a token.
 */
#ifndef HN_EXPLORE_PERFORM_H
#define HN_EXPLORE_PERFORM_H

#include "harness/explore/plan.h"

/*
 * Does what the plan says, then runs what came of it under the full monitor,
 * with the reports that run asks for. command: what a token is added to for a
 * person to see it again. The exit status of go_run.
 */
int hn_perform(struct go_run *run, const struct hn_plan *plan,
               const char *command);

#endif
