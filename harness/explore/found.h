/*
 * found.h - what a search leaves to who outlives it, in shared memory.
 */
#ifndef HN_EXPLORE_FOUND_H
#define HN_EXPLORE_FOUND_H

#include <vigil/crash.h>
#include <vigil/inspect.h>

#include "harness/explore/died.h"
#include "harness/explore/explore.h"
#include "harness/explore/gravity.h"
#include "harness/explore/races.h"
#include "harness/explore/record.h"
#include "harness/explore/starve.h"
#include "harness/explore/tasks.h"
#include "harness/explore/twice.h"
#include "harness/explore/watchdog.h"
#include "harness/explore/worker.h"

enum {
    HN_FAILURES_MAX = 32, /* different ones that are kept */
    HN_FAILED_PANIC = 120
};

/* How an execution has failed. */
struct hn_failed {
    uint64_t signature;
    enum hn_gravity gravity;
    enum go_verdict seen; /* not proven: that takes the run that is shown */
    char panic[HN_FAILED_PANIC]; /* its words, or "" */
    bool livelock;
    struct hn_died died;
};

/* One way to fail: the best execution that did, so far. */
struct hn_failure {
    struct hn_failed how;
    uint64_t times;    /* that it was met */
    uint64_t found_at; /* for the first time */
    bool racy;         /* timers could fire early */
    char strategy[16]; /* that met it first */
    struct hn_record record;
};

struct hn_found {
    struct hn_tasks tasks; /* by which records count */
    struct hn_record now;  /* of the execution that goes on */
    bool racy_now;
    const char *strategy_now; /* a name that lives for ever */
    uint32_t nfailures;
    bool one;        /* is kept: the first of the gravest */
    uint64_t others; /* executions that failed in yet other ways */
    struct hn_failure failures[HN_FAILURES_MAX];
    bool goes_on;    /* the search is not at its end */
    bool apart_died; /* the process of an execution of this worker's */
    bool rests;      /* its run has come to rest in the middle of it */
    bool complete;
    bool timers; /* armed in some execution */
    uint64_t executions, points, cut;
    uint64_t unended;          /* executions that were not seen to their end; */
    bool usual_unended;        /* and the default schedule's was not */
    struct hn_waiting waiting; /* main, in some of those */
    char strategy[16];         /* that was complete */
    struct hn_limits limits;
    char ended[HN_EXPLORE_TEXT]; /* by what, "": by itself */
    bool
        hung; /* some execution came to no choice, and was not seen to its end */
    char conditions[HN_EXPLORE_TEXT], trouble[HN_EXPLORE_TEXT];
    char lack[HN_EXPLORE_TEXT];    /* as explore.h has it */
    char misfit[HN_EXPLORE_TEXT];  /* of the prefix, or "" */
    struct hn_differs differs;     /* of the same choices */
    char runaway[HN_EXPLORE_TEXT]; /* an execution without an end, or "" */
    struct hn_stuck stuck;         /* one without a choice, in this worker */
    uint32_t hangs;                /* of those, so far; */
    char hang[HN_EXPLORE_TEXT];    /* the first, or "" */
    struct hn_races races;
    struct hn_starved starved;
    struct go_crash crash;     /* that this worker ended by, signal 0: none */
    char said[HN_WORKER_SAID]; /* the last that the search wrote to standard
                                  error before a process of it died, or "" */
};

/*
 * The execution that goes on has failed so; executions counts it. Kept is the
 * first of its kind, or one that is better: its timers fired in their order,
 * or it is shorter.
 */
void hn_found_add(struct hn_found *to, const struct hn_failed *how);

#endif
