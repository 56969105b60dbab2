/*
 * watchdog.h - an execution that computes, and comes to no choice.
 * Within a worker process, on the thread that runs goroutines.
 */
#ifndef HN_EXPLORE_WATCHDOG_H
#define HN_EXPLORE_WATCHDOG_H

#include <stdbool.h>

struct hn_stuck { /* plain data, for shared memory */
    bool stuck;
    char where[200]; /* "spin (prog+0x1a2b) < main (prog+0x90)" */
};

/*
 * From here on, a goroutine that has the processor for a second and comes to no
 * choice is noted in *to, and the process ends by SIGPROF. A program that
 * takes SIGPROF or ITIMER_PROF for itself goes without.
 */
void hn_watchdog_begin(struct hn_stuck *to);
void hn_watchdog_end(void);

#endif
