/*
 * interpose_sleep.c - the C library's names for sleeping, and for giving way, in
 * front of the C library: in a controlled run they take the run's time, as
 * go_sleep does, or none, as go_yield.
 *
 * Beside threads of the program's own real time is meant: they may be what is
 * waited for.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <vigil/outer.h>
#include <vigil/time.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"

#define CALLER __builtin_return_address(0)
#define SERVES (hn_answers_serve(CALLER) && !go_outer_threads())

static bool is_right(const struct timespec *t)
{
    return t && t->tv_sec >= 0 && t->tv_sec < INT64_MAX / GO_SECOND &&
           t->tv_nsec >= 0 && t->tv_nsec < GO_SECOND;
}

static int64_t ns_of(const struct timespec *t)
{
    return t->tv_sec * GO_SECOND + t->tv_nsec;
}

HN_EXPORT unsigned sleep(unsigned seconds)
{
    if (!SERVES)
        return HN_NEXT(sleep)(seconds);
    go_outer_sleep(seconds * GO_SECOND, CALLER);
    return 0;
}

HN_EXPORT int usleep(useconds_t us)
{
    if (!SERVES)
        return HN_NEXT(usleep)(us);
    go_outer_sleep(us * GO_MICROSECOND, CALLER);
    return 0;
}

HN_EXPORT int nanosleep(const struct timespec *t, struct timespec *left)
{
    if (!SERVES || !is_right(t))
        return HN_NEXT(nanosleep)(t, left);
    go_outer_sleep(ns_of(t), CALLER);
    return 0;
}

HN_EXPORT int thrd_sleep(const struct timespec *t, struct timespec *left)
{
    if (!SERVES || !is_right(t))
        return HN_NEXT(thrd_sleep)(t, left);
    go_outer_sleep(ns_of(t), CALLER);
    return 0;
}

/* From now on until then, by that clock of the run's (interpose.c). */
static int64_t until(clockid_t clock, const struct timespec *t)
{
    int64_t epoch = clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME
                        ? 1
                        : HN_ANSWERS_EPOCH;

    return ns_of(t) - epoch * GO_SECOND - go_now();
}

HN_EXPORT int clock_nanosleep(clockid_t clock, int flags,
                              const struct timespec *t, struct timespec *left)
{
    bool tells_time = clock >= 0 && clock <= CLOCK_TAI &&
                      clock != CLOCK_PROCESS_CPUTIME_ID &&
                      clock != CLOCK_THREAD_CPUTIME_ID;

    if (!SERVES || !is_right(t) || !tells_time)
        return HN_NEXT(clock_nanosleep)(clock, flags, t, left);
    go_outer_sleep(flags & TIMER_ABSTIME ? until(clock, t) : ns_of(t), CALLER);
    return 0;
}

HN_EXPORT int sched_yield(void)
{
    if (!SERVES)
        return HN_NEXT(sched_yield)();
    go_outer_sleep(0, CALLER);
    return 0;
}

HN_EXPORT void thrd_yield(void)
{
    if (!SERVES)
        HN_NEXT(thrd_yield)();
    else
        go_outer_sleep(0, CALLER);
}
