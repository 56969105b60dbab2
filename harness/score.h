/*
 * score.h - how soon bugs are found that have a cured twin, and whether the
 * twin is silent.
 *
 * A bug is a scenario that is not to be clean; its twin is one that is, called
 * NAME_fixed in the same program, or NAME in the program of the same name in
 * the folder clean/ beside its own.
 */
#ifndef HN_SCORE_H
#define HN_SCORE_H

#include "harness/runner.h"

enum {
    HN_SCORE_BOUNDS = 4 /* schedules within which it is counted */
};
extern const uint64_t hn_score_bounds[HN_SCORE_BOUNDS]; /* 1, 10, 100, 1000 */

/* The exploration of a bug with one seed. */
struct hn_score_try {
    uint64_t found_at; /* schedule, from 1 on; 0: none failed */
    int64_t ns;        /* real time until then, or to the end */
    bool named;        /* what was told of it is what is expected */
};

/* A bug and its twin; pointers are into the suites of the score. */
struct hn_score_row {
    const struct hn_scenario *bug, *twin;
    const char *class;          /* the bug's, else its folder */
    struct hn_score_try *tries; /* one a seed */
    char why[HN_WHY_MAX];       /* of the first that is not named, or "" */
    /* Of the twin: */
    uint64_t reports, schedules;
    bool complete;
    bool undecided; /* no report, and executions that were not seen to an end */
    int64_t ns;
    char twin_why[HN_WHY_MAX]; /* why it is not silent, or "" */
};

struct hn_score {
    struct hn_suite bugs, twins; /* row i is of bugs.all[i], twins.all[i] */
    struct hn_score_row *rows;
    size_t n;
    int seeds;
    uint64_t first_seed;
    uint64_t schedules; /* the most, for each */
    size_t alone;       /* bugs without a twin: left out */
};

/* Of all rows, or of one class. */
struct hn_score_total {
    const char *class; /* NULL: of all */
    size_t bugs;
    /* Bugs found within each bound, whatever the seed: in the worst one. */
    size_t within[HN_SCORE_BOUNDS];
    uint64_t tries, triggered, named;
    uint64_t median, worst;      /* schedules to the first failure; 0: none */
    int64_t median_ns, worst_ns; /* real time, likewise */
    size_t silent, complete, undecided; /* twins */
    uint64_t reports, schedules;        /* of twins */
    int64_t ns;                         /* of twins, together */
};

/*
 * Pairs what is in suite, whose twins are added where they are missing. 0, or
 * -ENOMEM; no rows: there are no twins.
 */
int hn_score_begin(struct hn_score *s, struct hn_suite *suite,
                   const struct hn_options *o);
/* Explores all. 0, or -errno with a line in end->why. */
int hn_score_run(struct hn_score *s, const struct hn_options *o,
                 struct hn_run_end *end);
void hn_score_free(struct hn_score *s);

/* class NULL: all. False: no memory. */
bool hn_score_total(const struct hn_score *s, const char *class,
                    struct hn_score_total *t);
/* Calls once for each class, in the order of the rows. */
bool hn_score_is_first(const struct hn_score *s, size_t row);
/* One row as if it were all there is. */
bool hn_score_row_total(const struct hn_score *s, size_t row,
                        struct hn_score_total *t);
/* All found, named as expected, and the twins silent. */
bool hn_score_perfect(const struct hn_score_total *all);

/* Writes it, as options say. False: no memory. */
bool hn_score_print(const struct hn_score *s, const struct hn_options *o,
                    FILE *out);

#endif
