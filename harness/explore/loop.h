/*
 * loop.h - one execution of a scenario after another, as a driver wants them.
 * Within a worker process; one at a time.
 *
 * Either all of them go on in this process, with its memory set back between
 * two, or each has a process of its own: then files, descriptors, threads and
 * whatever else a process has are as they were, too, and one that crashes ends
 * nothing but itself.
 */
#ifndef HN_EXPLORE_LOOP_H
#define HN_EXPLORE_LOOP_H

#include <vigil/control.h>
#include <vigil/crash.h>
#include <vigil/inspect.h>

#include "harness/explore/died.h"

struct hn_loop {
    struct go_run run; /* its reports go nowhere */
    struct hn_reset *reset;
    /* When memory is set back, before the next execution begins: with
       control's arg; NULL: nobody is told. Not with apart. */
    void (*was_reset)(void *arg);
    struct go_crash *crash; /* where a crash of this process is written, NULL;
                               not with apart */
    struct hn_apart *apart; /* NULL: all in this process */
};

/*
 * Before the driver takes any memory: with apart, all that it keeps from one
 * execution to the next, its control included, has to be of memory.h (or in
 * memory that is shared otherwise). False: no memory. What run points to must
 * stay.
 */
bool hn_loop_begin(struct hn_loop *l, const struct go_run *run, bool apart);
/* What is not as it was between two executions, NULL: nothing. */
const char *hn_loop_condition(const struct hn_loop *l);
/*
 * Until control's over says no; its reset is filled in here. With apart over
 * is called in the execution's process. crashed: there it could not be called,
 * for the process has ended by a crash with that signal (SIGABRT: or by itself)
 * and signature (signature.h); as over. Whether it came to an end by itself: if
 * over did not say no, it came to rest, for somebody waits for what no choice
 * brings about. Where no execution can be begun, this process ends (room.h).
 */
bool hn_loop_run(struct hn_loop *l, struct go_control *control,
                 bool (*crashed)(void *arg, int signal, uint64_t signature));
/* Within crashed: how that process ended. */
const struct hn_died *hn_loop_died(void);
/* What is a step by now (go_control_more); in either process. */
uint32_t hn_loop_more(void);
void hn_loop_end(struct hn_loop *l);

#endif
