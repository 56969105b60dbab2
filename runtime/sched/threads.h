/*
 * threads.h - all threads of the process are stopped.
 *
 * rt_world_stop stops who runs goroutines, at places where the runtime is
 * whole. To read the program's memory all others must lie still too: threads
 * of the program's own, and workers in go_blocking. That is dearer, and not
 * without effect, so only who may have something to prove asks for it.
 */
#ifndef RT_SCHED_THREADS_H
#define RT_SCHED_THREADS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "runtime/sched/g.h"

/*
 * Stops every thread but the caller's and those that run nothing of the
 * program's. The world must be stopped, and stays so. frame: RT_FRAME_HERE()
 * (saved.h) of a function that the goroutine which looks has called; NULL when
 * a thread looks, or the scheduler. False: a thread blocks the signal or did
 * not answer in about two seconds; then all go on, *silent is its tid (0: /proc
 * does not tell who is there), and nothing may be proven.
 *
 * Until rt_threads_start nothing may be called that takes a lock of the C
 * library: no malloc, no stdio on a stream, no fork (_Fork takes none): a
 * thread may have been stopped with it. The heap's tables can be read.
 *
 * What the program may notice: SIGURG, with SA_RESTART. Most calls go on by
 * themselves, but some return EINTR all the same: nanosleep and usleep, poll,
 * select, epoll_wait, sigtimedwait, semop, msgrcv, and receives and sends with
 * a time-out set. Programs that are ready for signals do not mind.
 */
bool rt_threads_stop(void *frame, int *silent);
void rt_threads_start(void);

/* What rt_threads_stop was given. */
void *rt_threads_frame(void);

/* world.c: the signal of rt_threads_stop, not of rt_world_stop: answered. */
bool rt_threads_answer(const siginfo_t *info, const ucontext_t *context);
/* saved.c: the i-th of count that was asked, and where it was stopped; NULL:
   it has ended, or is a worker that has come back. */
uint32_t rt_threads_count(void);
const ucontext_t *rt_threads_context(uint32_t i, int *tid);
/* worker.c: m's run is over, and its thread cannot be waited for. */
void rt_threads_left(struct m *m);

#endif
