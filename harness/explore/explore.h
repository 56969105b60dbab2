/*
 * explore.h - a scenario under many schedules, to its first failure or to the
 * end of what is asked for; and what is to be told of each failure.
 *
 * The exploration goes on in a worker process, forked from the caller, which
 * dies with the scenario if that crashes: what was found by then, and the
 * schedule that led there, is in shared memory.
 */
#ifndef HN_EXPLORE_EXPLORE_H
#define HN_EXPLORE_EXPLORE_H

#include <vigil/inspect.h>

#include "harness/explore/races.h"
#include "harness/explore/reasons.h"
#include "harness/explore/schedule.h"
#include "harness/explore/starve.h"
#include "harness/explore/twice.h"
#include "harness/explore/waiting.h"
#include "harness/explore/worker.h"

enum {
    HN_EXPLORE_TEXT = 320,
    HN_EXPLORE_EARLY = 2,      /* timers that may fire early: racy time */
    HN_EXPLORE_STEPS = 100000, /* of an execution */
};

/* What is asked for. */
struct hn_explore_ask {
    const char *strategy; /* "default", or one of strategy.h */
    uint64_t schedules;   /* the most */
    int64_t time;         /* real ns, the most; 0: no limit */
    uint64_t seed;
    bool racy;    /* timers may fire early */
    bool all;     /* goes on after a failure, to find those that differ */
    bool resumed; /* the default schedule was tried */
    bool blind;   /* livelocks are not looked for */
    bool fifo;    /* who comes first is served first: not all that may happen */
    bool apart;   /* each execution in a process of its own */
    const struct hn_schedule *prefix; /* all begin so; NULL: as they like */
};

struct hn_failing; /* explain.h */

/* What became of it. */
struct hn_explored {
    struct hn_failing *failures; /* the one to be shown first is the first */
    uint32_t nfailures;
    uint64_t others; /* executions that failed in ways that found no room */
    bool complete;   /* every schedule that differs was tried */
    bool timers;     /* some were armed: none of them was early, then */
    uint64_t executions, points, cut;
    int64_t ns;
    int64_t until; /* an instant: then all is to be shown but the first, 0: no
                      limit (budget.h) */
    char strategy[16];           /* that was complete */
    struct hn_limits limits;     /* why it is not complete, and: */
    char ended[HN_EXPLORE_TEXT]; /* what ended the search, "": itself */
    bool interrupted;            /* at whatever of it */
    bool hung;                   /* some execution came to no choice */
    uint64_t unended; /* executions that were not seen to their end */
    bool endless;     /* nor would the default schedule's be */
    bool beside;      /* for all of them waited for others than goroutines */
    struct hn_waiting waiting;        /* main, in some of them */
    uint32_t livelocks;               /* not proven ones, that are left out */
    char conditions[HN_EXPLORE_TEXT]; /* what the claim depends on */
    char trouble[HN_EXPLORE_TEXT];    /* "": none; else it could not be done */
    char lack[HN_EXPLORE_TEXT];       /* likewise: of what there was too little,
                                         which is nobody's doing */
    char misfit[HN_EXPLORE_TEXT];     /* why the prefix can not be done, "" */
    char said[HN_WORKER_SAID];        /* to standard error, before a process
                                         of the search died; or "" */
    char runaway[HN_EXPLORE_TEXT];    /* of executions without an end, or "" */
    char hang[HN_EXPLORE_TEXT];       /* of one without a choice, or "" */
    struct hn_differs differs; /* the same choices, done again, were others */
    struct hn_races races;
    struct hn_starved starved; /* a warning */
};

/*
 * Explores what run says, whose control is filled in here, and whose reports
 * go nowhere. 0 or -errno; out is filled either way.
 */
int hn_explore(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_explored *out);
void hn_explored_free(struct hn_explored *x);

#endif
