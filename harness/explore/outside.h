/*
 * outside.h - whether the program asks the kernel for anything, the processor
 * for its clock, or uses memory that is in no state.
 *
 * What the kernel, other processes and devices do is in no state of ours. Who
 * has asked for nothing depends on nothing of it: no file, no thread, no
 * signal of a timer, no memory that is mapped or shared.
 */
#ifndef HN_EXPLORE_OUTSIDE_H
#define HN_EXPLORE_OUTSIDE_H

#include <stdbool.h>

#include "harness/explore/loaded.h"

/*
 * From here on it is looked what the calling thread does, until end; or to the
 * first thing, which is done all the same. Again after end, and after begin:
 * from anew. starter: as for hn_unknown_close. False: that can not be had here.
 */
bool hn_outside_begin(const struct hn_range *starter);
void hn_outside_end(void);

/* What was the first since begin; else the number of a system call. */
enum {
    HN_OUTSIDE_NOTHING = -1,
    HN_OUTSIDE_CLOCK = 1 << 20, /* the time, or which processor it is */
    HN_OUTSIDE_MEMORY           /* that is in no state */
};
int hn_outside_seen(void);

#endif
