/*
 * reset.h - the program's memory from one execution to the next: as it was.
 *
 * An execution finds what the first one found: the executable's variables,
 * those of threads included; a heap that gives the same addresses for the same
 * calls, zeroed (vigil/scratch.h). What is not set back is told by
 * hn_reset_condition, or is outside of memory: files and descriptors, output,
 * the environment, signal handlers, mappings of the program's own, and what
 * the C library keeps for itself. What that allocates for the program (getline,
 * asprintf, fopen) stays until it is freed.
 */
#ifndef HN_EXPLORE_RESET_H
#define HN_EXPLORE_RESET_H

#include <stdbool.h>

#include "harness/explore/loaded.h"

struct hn_reset;

/*
 * Notes how memory is now. Before go_run, by whoever calls that, and with
 * nothing of the program's running; one at a time. NULL: no memory.
 */
struct hn_reset *hn_reset_begin(void);

/*
 * Sets it back: to be called by the thread that runs goroutines, between two
 * executions (reset of struct go_control), when none of them is left.
 */
void hn_reset_restore(struct hn_reset *r);

/* Calls each for the program's variables, those of the calling thread
   included. */
void hn_reset_memory(const struct hn_reset *r,
                     void (*each)(void *arg, const void *low, size_t size),
                     void *arg);

/* After go_run. Sets it back for the last time; what the program allocated
   since begin is gone. NULL: nothing. */
void hn_reset_end(struct hn_reset *r);

/* What is not set back, in words for the verdict's line; NULL: nothing. */
const char *hn_reset_condition(const struct hn_reset *r);

/*
 * Whether values that the program keeps are among that, so that executions in
 * one process do not begin alike: then each is to have its own (loop.h), and
 * why says for what. The caller's process, as for hn_reset_begin; false also
 * where there is no memory to look.
 */
enum {
    HN_RESET_WHY = 256
};
bool hn_reset_keeps(char why[HN_RESET_WHY]);

/* The same as hn_reset_begin for what is said to be loaded, which it takes
   over; for tests, that have vigil inside. */
struct hn_reset *hn_reset_begin_with(struct hn_loaded *loaded);

#endif
