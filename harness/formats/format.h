/*
 * format.h - how results are written: one table of functions a format.
 *
 * A format writes to out and looks at nothing else; it does not decide.
 */
#ifndef HN_FORMATS_FORMAT_H
#define HN_FORMATS_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/runner.h"

/* All runs of one scenario. */
struct hn_tally {
    const struct hn_scenario *scenario;
    int runs, as_expected, not_expected, undecided;
    int hinted;              /* with lock-order hints */
    int64_t wall;            /* ns, of all runs together */
    struct hn_result *shown; /* the first that was not as expected, else one
                                that the baseline excused, else another */
};

/* All scenarios; one counts as its worst run does. */
struct hn_totals {
    size_t scenarios, as_expected, not_expected, undecided;
    size_t hinted; /* in which lock orders were found */
    size_t known;  /* as expected because the baseline has their findings */
    bool explored; /* as was asked for: no more of that is needed */
    struct hn_run_end end;
};

struct hn_writer {
    FILE *out;
    const struct hn_suite *suite;
    const struct hn_options *options;
    bool color;
    const char *group; /* folder of the row before, NULL: none */
};

struct hn_format {
    void (*list)(struct hn_writer *w);
    void (*begin)(struct hn_writer *w);
    void (*run)(struct hn_writer *w, const struct hn_result *result);
    void (*scenario)(struct hn_writer *w, const struct hn_tally *tally);
    /* tallies: those whose verdict was not as expected, in order */
    void (*end)(struct hn_writer *w, const struct hn_tally *failed,
                size_t nfailed, const struct hn_totals *totals);
};

extern const struct hn_format hn_format_text, hn_format_json;

/* What a scenario may have chosen: its control characters come out as \xNN. */
void hn_words_print(FILE *out, const char *words);

/* "63 scenarios: 62 as expected, 1 not"; without a newline. */
void hn_totals_print(FILE *out, const struct hn_totals *totals);

#endif
