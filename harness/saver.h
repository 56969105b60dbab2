/*
 * saver.h - the schedule that failed, to a file, as its result passes by.
 */
#ifndef HN_SAVER_H
#define HN_SAVER_H

#include "harness/explore/schedfile.h"
#include "harness/runner.h"

struct hn_saver {
    struct hn_sink sink; /* for the runner */
    struct hn_sink *next;
    struct hn_schedout out;
    bool opened, written;
    int error;                  /* of writing: -errno */
    char why[HN_SCHEDFILE_WHY]; /* of the error */
};

/* Before anything runs. All results go on to next. 0, or -errno with why. */
int hn_saver_begin(struct hn_saver *s, const char *path, struct hn_sink *next);
/* After the runs: 0, or -errno with why. written: something failed. */
int hn_saver_end(struct hn_saver *s);

#endif
