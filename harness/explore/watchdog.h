/*
 * watchdog.h - an execution that computes, and comes to no choice.
 * Within a worker process, on the thread that runs goroutines.
 */
#ifndef HN_EXPLORE_WATCHDOG_H
#define HN_EXPLORE_WATCHDOG_H

#include <vigil/crash.h>

struct hn_stuck { /* plain data, for shared memory */
    bool stuck;
    struct go_crash where; /* its stack, and nothing else */
};

/*
 * From here on, a goroutine that has the processor for a second and comes to no
 * choice is noted in *to, and the process ends by SIGPROF. A program that
 * takes SIGPROF or ITIMER_PROF for itself goes without.
 */
void hn_watchdog_begin(struct hn_stuck *to);
void hn_watchdog_end(void);

/* "spin at x.c:12 < main at x.c:30", in a process that outlives it. */
void hn_watchdog_text(const struct hn_stuck *stuck, char *to, size_t n);

#endif
