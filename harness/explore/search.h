/*
 * search.h - execution after execution, until one fails or enough were tried.
 * Within the worker process.
 */
#ifndef HN_EXPLORE_SEARCH_H
#define HN_EXPLORE_SEARCH_H

#include "harness/explore/explore.h"
#include "harness/explore/record.h"

/* What the worker leaves to its parent, whatever becomes of it. */
struct hn_found {
    struct hn_record now;     /* of the execution that goes on */
    struct hn_record failing; /* of the first that failed */
    bool racy_now, racy;      /* whether timers could fire early in them */
    uint64_t signature;       /* of the failing one; 0: none failed */
    enum go_end end;
    bool suspect; /* it was only cut off */
    bool complete;
    uint64_t executions, points, found_at, cut;
    char strategy[16];
    char conditions[HN_EXPLORE_TEXT], trouble[HN_EXPLORE_TEXT];
    char misfit[HN_EXPLORE_TEXT]; /* of the prefix, or "" */
};

/* Runs until ask is met; what came of it in *to, in shared memory. */
void hn_search(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_found *to);

#endif
