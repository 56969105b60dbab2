/*
 * sought.c - finds threads of the program's own where there is no /proc.
 *
 * In:  the kernel, which says of any number whether a thread of this process
 * has it. Out: how many have one who are neither workers nor ours.
 *
 * Method: every number that the kernel may give to a thread is asked for (a
 * signal that is none, tgkill with 0). That takes half a second, and so it is
 * done for who has something to tell, not at each look; and whoever was found
 * is asked for alone for as long as he is there.
 *
 * U1  One who begins another and ends has a number above which the other's is,
 *     and so is followed, but where numbers begin anew at the lowest. Of two
 *     readings in a row that would have to be in both: so much as all numbers
 *     would have to be used up in between, in half a second.
 * U2  A thread that comes into being while the world stands was begun by one
 *     that was there: nobody is there, if nobody was to be found.
 * U3  What a kernel or a filter answers is believed only if it tells one who is
 *     there from a number that nobody can have.
 * U4  Who is found and has ended since has done nothing that is not seen: where
 *     he would have come in the world stood. So he does not count.
 * U5  An exploration asks after each execution that fails. Where whoever begins
 *     a thread says so, nobody is there after one execution who was not there
 *     after another, if nobody said so in between. Not of the execution that is
 *     told in the end, which is one by itself: there all are sought again.
 * U6  Likewise for as long as the world stands: U2.
 *
 * Why not by counting those who are begun: calls of the system, libraries that
 * have the C library's names before ours, and all that there was before the
 * run are not seen; a false DEADLOCK would be the price.
 */
#define _GNU_SOURCE
#include "runtime/sched/sought.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/elsewhere.h>

#include "runtime/sched/controlled.h"
#include "runtime/sched/state.h"
#include "runtime/sched/strangers.h"

#undef errno
#define errno (*__errno_location())

enum {
    NUMBERS = 1 << 22, /* PID_MAX_LIMIT of the kernel: proc(5), pid_max */
    READINGS = 2,      /* U1 */
    KEPT = 64
};

static struct {
    int found[KEPT]; /* [atomic] 0: nobody */
    bool told;       /* [atomic] U5: who begins one says so */
    uint64_t begun;  /* [atomic] how many have been said to be */
    uint64_t alone;  /* [atomic] 1 + begun when nobody was there; 0: never */
    int64_t run;     /* [atomic] when the run began, in which that was, */
    uint32_t stop;   /* [atomic] and 1 + the thaw before the world stopped;
                           0: it had not */
} sought;

void go_control_threads_told(void)
{
    rt_store(sought.told, true);
}

void go_control_thread(void)
{
    __atomic_add_fetch(&sought.begun, 1, __ATOMIC_ACQ_REL);
}

static bool has(int process, int number)
{
    return syscall(SYS_tgkill, process, number, 0) == 0 || errno != ESRCH;
}

/* U3 */
static bool can_tell(int process)
{
    return has(process, rt_thread_self()) && !has(process, NUMBERS + 1);
}

/* Of those who were found; a number may be a worker's by now. */
static uint32_t there_yet(int process)
{
    uint32_t n = 0;

    for (int i = 0; i < KEPT; i++) {
        int tid = rt_load(sought.found[i]);

        if (tid && has(process, tid) && !rt_thread_worker(tid))
            n++;
        else if (tid)
            rt_store(sought.found[i], 0);
    }
    return n;
}

/* All numbers, once. */
static uint32_t read_all(int process)
{
    uint32_t n = 0;

    for (int tid = 1; tid < NUMBERS; tid++) {
        if (!has(process, tid) || rt_thread_worker(tid) ||
            rt_thread_is_apart(tid))
            continue;
        if (n < KEPT)
            rt_store(sought.found[n], tid);
        n++;
    }
    return n > KEPT ? n : there_yet(process); /* U4 */
}

/* U6 */
static bool nobody_in_this_stop(void)
{
    return rt_load(rt_s.frozen) &&
           rt_load(sought.stop) == 1 + rt_load(rt_s.thaw) &&
           rt_load(sought.run) == rt_s.start;
}

/* U5 */
static bool nobody_since(void)
{
    return rt_load(rt_controlled) && rt_ctl.loops && rt_load(sought.told) &&
           rt_load(sought.alone) == 1 + rt_load(sought.begun);
}

uint32_t rt_sought_yet(void)
{
    uint32_t n = there_yet(getpid());

    if (n)
        return n;
    return nobody_in_this_stop() || nobody_since() ? 0 : RT_STRANGERS_UNKNOWN;
}

uint32_t rt_sought(void)
{
    uint64_t begun = rt_load(sought.begun);
    int process = getpid();
    uint32_t n = 0;

    if (!can_tell(process))
        return RT_STRANGERS_UNKNOWN;
    for (int i = 0; i < READINGS && !n; i++)
        n = read_all(process);
    rt_store(sought.alone, n ? 0 : 1 + begun);
    rt_store(sought.run, rt_s.start);
    rt_store(sought.stop, n || !rt_load(rt_s.frozen) ? 0 : 1 + rt_s.thaw);
    return n;
}
