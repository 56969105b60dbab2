/*
 * runner.h - runs scenarios, several at a time, each in a process of its own.
 */
#ifndef HN_RUNNER_H
#define HN_RUNNER_H

#include "harness/options.h"
#include "harness/result.h"
#include "harness/suite.h"

/* How far things are, for a progress line. */
struct hn_progress {
    size_t runs, done, active;
    size_t as_expected, not_expected, undecided;
    const struct hn_scenario *latest; /* that began */
    int64_t wall;                     /* ns since the first start */
};

/* Who is told of it. */
struct hn_sink {
    /*
     * In order: by scenario, then by repetition. The result stays the
     * sink's, which frees it. False ends the whole run (an output that can
     * not be written).
     */
    bool (*result)(struct hn_sink *sink, struct hn_result *result);
    /* Whenever something began or ended, and ten times a second. */
    void (*progress)(struct hn_sink *sink, const struct hn_progress *now);
};

struct hn_run_end {
    struct hn_progress last;
    int signal;    /* that interrupted it, or 0 */
    size_t late;   /* runs that were to end for it, and did not */
    bool gave_up;  /* the sink said false */
    char why[256]; /* of an error; else nothing is meant by it */
};

/*
 * Runs every scenario of the suite options->repeat times. graph: the DOT is
 * wanted too. 0, or -errno: a child could not be started.
 */
int hn_runner_run(const struct hn_suite *suite,
                  const struct hn_options *options, bool graph,
                  struct hn_sink *sink, struct hn_run_end *end);

#endif
