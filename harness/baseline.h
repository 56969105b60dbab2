/*
 * baseline.h - findings that are known, and accepted for a while.
 *
 * A file has one entry a line: FINGERPRINT until=YYYY-MM-DD|never REASON...;
 * empty lines, and what begins with #, are comments.
 */
#ifndef HN_BASELINE_H
#define HN_BASELINE_H

#include <stdint.h>
#include <stdio.h>
#include <jansson.h>

#include "harness/verdict.h"

struct hn_known {
    uint64_t fingerprint;
    char *until;  /* the last day that it holds, as 2027-01-31; or "never" */
    char *reason; /* never empty */
    int line;
    bool expired; /* counts as if it were not there */
    size_t met;   /* findings that were this one */
};

struct hn_baseline {
    const char *file;
    struct hn_known *all; /* in the order of the file */
    size_t n;
};

#define HN_BASELINE_WHY 512
#define HN_DAY          11 /* "2027-01-31" */

/*
 * Reads a file; today, as 2027-01-31, says what has expired. 0, or -errno with
 * one line in why that has the file, and the number of the line that is wrong
 * (-EINVAL).
 */
int hn_baseline_read(struct hn_baseline *b, const char *file, const char *today,
                     char why[HN_BASELINE_WHY]);
void hn_baseline_free(struct hn_baseline *b);

/* This day, where the process is. */
void hn_baseline_today(char day[HN_DAY]);

/*
 * Looks for a report's findings in the baseline. Those that it has are counted
 * there and get a field "known" in the report. rest becomes what of seen is
 * left without them. Returns the entry of the first one, NULL: there is none.
 */
const struct hn_known *hn_baseline_apply(struct hn_baseline *b, json_t *report,
                                         const struct hn_seen *seen,
                                         struct hn_seen *rest);

/* Tells in one line each, after prefix, what has expired or was not met. */
void hn_baseline_warn(const struct hn_baseline *b, const char *prefix,
                      FILE *out);

#endif
