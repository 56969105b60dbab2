/*
 * shown.h - the run that is shown: by a schedule, with reports, and with its
 * table below.
 */
#ifndef HN_EXPLORE_SHOWN_H
#define HN_EXPLORE_SHOWN_H

#include "harness/explore/explain.h"
#include "harness/explore/plan.h"
#include "harness/explore/schedfile.h"

/* What is played. */
struct hn_part {
    const struct hn_failing *f; /* which failure it is of, or NULL */
    const struct hn_schedule *schedule;
    int hash; /* of the whole schedule, as it was; -1: not known */
    const struct hn_schedfile *steps; /* of its file, or NULL */
    struct hn_round livelock;         /* that it leads to */
};

/* A failure that has a token. */
struct hn_part hn_part_of(const struct hn_failing *f);

/*
 * If what is to be played crashes: tells that, and all that a run which comes
 * to its end is told with; before it is played, for it will tell nothing then.
 * False: it does not fit, which is told.
 */
bool hn_shown_crash(const struct go_run *run, const struct hn_plan *plan,
                    const struct hn_explored *x, const struct hn_part *part);
/* Whether a run has failed: a hint is no failure. */
bool hn_shown_failed(const struct go_run *run);
/* x: what found it; NULL for a token. The exit status of go_run. */
int hn_shown(struct go_run *run, const struct hn_plan *plan,
             const struct hn_explored *x, const struct hn_part *part);

#endif
