/*
 * show.h - between the runner and a format: tallies, totals, progress.
 */
#ifndef HN_SHOW_H
#define HN_SHOW_H

#include "harness/formats/format.h"

struct hn_show {
    struct hn_sink sink; /* first: what the runner is given */
    struct hn_writer writer;
    const struct hn_format *format;
    struct hn_tally now;     /* of the scenario whose results come in */
    struct hn_tally *failed; /* those not as expected */
    size_t nfailed;
    struct hn_totals totals;
    bool progress;         /* standard error is a terminal, and wants to know */
    bool drawn;            /* a progress line stands there */
    char lack[HN_WHY_MAX]; /* what vigil had too little of first, "": nothing */
};

void hn_show_init(struct hn_show *show, const struct hn_suite *suite,
                  const struct hn_options *options, FILE *out);
void hn_show_begin(struct hn_show *show);
/* After the last result; the exit status. */
enum hn_exit hn_show_end(struct hn_show *show, const struct hn_run_end *end);

#endif
