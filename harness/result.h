/*
 * result.h - what one run came to: everything that a format may show.
 */
#ifndef HN_RESULT_H
#define HN_RESULT_H

#include <jansson.h>

#include "harness/baseline.h"
#include "harness/capture.h"
#include "harness/options.h"
#include "harness/process.h"
#include "harness/suite.h"
#include "harness/verdict.h"

/* What an exploration says of an order of locks that could become a ring. */
enum hn_fate {
    HN_UNSAID, /* no hint, or not explored; or a schedule failed, by it or not */
    HN_OPEN,   /* no schedule was seen that closes it */
    HN_REFUTED, /* there is none: all were tried, and time plays no part */
};
/* "refuted"; NULL: nothing is said. */
const char *hn_fate_text(enum hn_fate fate);

/* Why the harness ended a run before it did so itself. */
enum hn_stop {
    HN_STOP_NONE,
    HN_STOP_TIMEOUT,
    HN_STOP_MEMORY,
    HN_STOP_INTERRUPT
};

/* What the runner knows of a run that is over. */
struct hn_finished {
    const struct hn_scenario *scenario;
    const struct hn_options *options;
    uint64_t seed;
    int procs;
    int64_t timeout; /* ns: its limit */
    int64_t wall;    /* ns: from its start to its end */
    bool explores;   /* it is under control: explored, or replayed */
    char *replay;    /* one command that reproduces it; taken over */
    enum hn_stop stop;
    struct hn_ending ending;
    struct hn_capture *from; /* HN_FROM_COUNT of them */
};

#define HN_NOTE_MAX 320
struct hn_result {
    const struct hn_scenario *scenario;
    uint64_t seed;
    int procs;
    int64_t wall;
    struct hn_seen seen;
    enum hn_judgement judged;
    char why[HN_WHY_MAX];         /* "" when as expected */
    const struct hn_known *known; /* a finding that is in the baseline: the
                                      first; NULL: none is */
    bool excused; /* as expected, but only because of the baseline */
    bool unseen;  /* as expected, but for what was not seen to its end */
    char lack[HN_WHY_MAX / 2]; /* what vigil had too little of, "": nothing */
    char note[HN_NOTE_MAX];    /* what the harness saw of the process, or "" */
    char *replay;
    char *output, *text, *graph, *trace; /* may be NULL: no memory */
    size_t output_len, text_len, graph_len, trace_len;
    json_t *report;     /* vigil-report/1 as it came, NULL: none came */
    enum hn_fate hints; /* of lock-order hints, when it was explored */
    json_t *explored;   /* vigil-explore/1 of an explored run, or NULL */
    const char *misfit; /* of explored: why its token does not fit, or NULL */
};

/* NULL when there is no memory. */
struct hn_result *hn_result_make(const struct hn_finished *f);
/* Whether it has told what a search came to. */
bool hn_result_explored(const struct hn_result *r);
/* "2 data races, 1 use after free". False: there were none, or nobody looked. */
enum {
    HN_RESULT_RACES = 64
};
bool hn_result_races(const struct hn_result *r, char to[HN_RESULT_RACES]);
void hn_result_free(struct hn_result *r);

#endif
