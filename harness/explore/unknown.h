/*
 * unknown.h - memory that is in no state (state.h): nobody may use it while it
 * is looked whether the program does.
 *
 * What only this process has and can write to may be read meanwhile, for it
 * stays as it is; what others could write to, files and the kernel's answers
 * (the time) may not.
 */
#ifndef HN_EXPLORE_UNKNOWN_H
#define HN_EXPLORE_UNKNOWN_H

#include <stdbool.h>

#include "harness/explore/loaded.h"

/* Closes all of it: to use it is a fault, until hn_unknown_open. It keeps open
   the calling thread's stack, and starter's: what the thread that has started
   the run has of its own. False: some can not be closed. */
bool hn_unknown_close(const struct hn_range *starter);
/* As it was. Within a signal's handler, too. */
void hn_unknown_open(void);

enum hn_unknown_what {
    HN_UNKNOWN_NOT,    /* it is open */
    HN_UNKNOWN_MEMORY, /* a mapping */
    HN_UNKNOWN_ANSWERS /* the kernel's: the time, the processor */
};
/* What of it lies there. Within a signal's handler, too. */
enum hn_unknown_what hn_unknown_at(const void *address);

#endif
