/*
 * explain.h - what a failure that was found depends on: a short schedule, the
 * two steps that decide, and how often it happens. In worker processes.
 */
#ifndef HN_EXPLORE_EXPLAIN_H
#define HN_EXPLORE_EXPLAIN_H

#include "harness/explore/confirm.h"
#include "harness/explore/decisive.h"
#include "harness/explore/found.h"
#include "harness/explore/frequency.h"

/* A way to fail, explained as far as there was time. */
struct hn_failing {
    uint64_t times, found_at;
    uint64_t signature;
    enum hn_gravity gravity;
    enum go_verdict seen;        /* by the search */
    char panic[HN_FAILED_PANIC]; /* or "" */
    struct hn_died died;         /* of whoever did first */
    char strategy[16];
    bool flaky; /* its choices, done again, did not fail again */
    bool late;  /* there was no time for it */
    bool cut;   /* it is too long to be written: it has so many choices */
    uint32_t choices;
    uint32_t replays;  /* what shrinking it took: so many executions, */
    int64_t shrink_ns; /* and this long, on the wall clock */
    char *token;       /* NULL: none */
    struct hn_schedule schedule;
    struct hn_decisive decisive;
    struct hn_frequency frequency; /* runs is 0: not known */
    struct hn_frequency quiet;     /* of one that needs early timers: without */
    bool livelock;                 /* it is one: */
    struct hn_confirmed confirmed; /* proven if it is alone */
};

/*
 * First for each failure, then the rest of each: a record counts the steps of
 * tasks by their numbers, which to read a token may change.
 *
 * until: an instant of CLOCK_MONOTONIC, ns; 0: no limit. 0 or -errno. Always,
 * out is to be freed.
 */
int hn_explain_shrink(const struct go_run *run,
                      const struct hn_explore_ask *ask,
                      const struct hn_found *found, uint32_t which,
                      int64_t until, struct hn_failing *out);
int hn_explain_rest(const struct go_run *run, const struct hn_explore_ask *ask,
                    const struct hn_failure *failure, int64_t until,
                    struct hn_failing *out);
/* The round of the livelock that a schedule leads to, if that is proven; limit:
   real ns, 0: none. */
struct hn_round hn_explain_livelock(const struct go_run *run,
                                    const struct hn_schedule *schedule,
                                    int64_t limit);
void hn_failing_free(struct hn_failing *f);

#endif
