/*
 * interpose.c - the C library's names for the time, for random numbers and for
 * an end without a word, in front of the C library.
 *
 * In:  calls of anybody in the process. Out: answers.h, for the program's own
 * in a controlled run; else what the C library says.
 *
 * Only in the shared library: it is looked up before the C library there, and
 * a program's own rand before both. In the archive it would stand in the way
 * of that one; nothing is answered there, and such a scenario is told as not
 * deterministic. What takes its state from the program (rand_r, erand48,
 * random_r) is a function of it, and none of ours.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <vigil/crash.h>
#include <vigil/elsewhere.h>
#include <vigil/go.h>
#include <vigil/time.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"

/* ---- the time ------------------------------------------------------------*/

static struct timespec instant(int64_t epoch)
{
    int64_t ns = hn_answers_clock();

    return (struct timespec){.tv_sec = epoch + ns / GO_SECOND,
                             .tv_nsec = ns % GO_SECOND};
}

HN_EXPORT time_t time(time_t *to)
{
    time_t now;

    if (!HN_SERVED)
        return HN_NEXT(time)(to);
    now = instant(HN_ANSWERS_EPOCH).tv_sec;
    if (to)
        *to = now;
    return now;
}

HN_EXPORT int clock_gettime(clockid_t clock, struct timespec *to)
{
    if (!HN_SERVED)
        return HN_NEXT(clock_gettime)(clock, to);
    if (clock < 0 || clock > CLOCK_TAI) { /* a thread's, or a device's */
        go_control_unseen("what other clocks say");
        return HN_NEXT(clock_gettime)(clock, to);
    }
    *to = instant(clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
                          clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI
                      ? HN_ANSWERS_EPOCH
                      : 1);
    return 0;
}

HN_EXPORT int timespec_get(struct timespec *to, int base)
{
    if (!HN_SERVED || base != TIME_UTC)
        return HN_NEXT(timespec_get)(to, base);
    *to = instant(HN_ANSWERS_EPOCH);
    return base;
}

HN_EXPORT int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    struct timespec now;

    if (!HN_SERVED)
        return HN_NEXT(gettimeofday)(to, zone);
    now = instant(HN_ANSWERS_EPOCH);
    *to = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

HN_EXPORT clock_t clock(void)
{
    return HN_SERVED ? hn_answers_clock() / 1000 : HN_NEXT(clock)();
}

/* ---- random numbers ------------------------------------------------------*/

HN_EXPORT int rand(void)
{
    return HN_SERVED ? (int)hn_answers_draw() : HN_NEXT(rand)();
}

HN_EXPORT long random(void)
{
    return HN_SERVED ? (long)hn_answers_draw() : HN_NEXT(random)();
}

HN_EXPORT void srand(unsigned seed)
{
    if (HN_SERVED)
        hn_answers_seed(seed);
    else
        HN_NEXT(srand)(seed);
}

HN_EXPORT void srandom(unsigned seed)
{
    if (HN_SERVED)
        hn_answers_seed(seed);
    else
        HN_NEXT(srandom)(seed);
}

HN_EXPORT void srand48(long seed)
{
    if (HN_SERVED)
        hn_answers_seed((uint32_t)seed);
    else
        HN_NEXT(srand48)(seed);
}

HN_EXPORT long lrand48(void)
{
    return HN_SERVED ? (long)hn_answers_draw() : HN_NEXT(lrand48)();
}

HN_EXPORT long mrand48(void)
{
    return HN_SERVED ? (long)(int32_t)(hn_answers_draw() << 1)
                     : HN_NEXT(mrand48)();
}

HN_EXPORT double drand48(void)
{
    return HN_SERVED ? hn_answers_draw() / 2147483648.0 : HN_NEXT(drand48)();
}

static void fill(void *to, size_t n)
{
    uint32_t word;

    for (size_t at = 0; at < n; at += 3) { /* bytes of which all bits vary */
        word = hn_answers_draw();
        memcpy((char *)to + at, &word, n - at < 3 ? n - at : 3);
    }
}

HN_EXPORT ssize_t getrandom(void *to, size_t n, unsigned flags)
{
    if (!HN_SERVED)
        return HN_NEXT(getrandom)(to, n, flags);
    fill(to, n);
    return (ssize_t)n;
}

HN_EXPORT int getentropy(void *to, size_t n)
{
    if (!HN_SERVED || n > 256)
        return HN_NEXT(getentropy)(to, n);
    fill(to, n);
    return 0;
}

#if __GLIBC_PREREQ(2, 36)
HN_EXPORT uint32_t arc4random(void)
{
    uint32_t word;

    if (!HN_SERVED)
        return HN_NEXT(arc4random)();
    fill(&word, sizeof(word));
    return word;
}

HN_EXPORT uint32_t arc4random_uniform(uint32_t bound)
{
    if (!HN_SERVED)
        return HN_NEXT(arc4random_uniform)(bound);
    return bound > 1 ? hn_answers_draw() % bound : 0;
}

HN_EXPORT void arc4random_buf(void *to, size_t n)
{
    if (HN_SERVED)
        fill(to, n);
    else
        HN_NEXT(arc4random_buf)(to, n);
}
#endif

/* ---- the end -------------------------------------------------------------*/

/* As the C library does; looking its own up is nothing for a forked child. */
__attribute__((noreturn)) static void leave(int status)
{
    for (;;)
        syscall(SYS_exit_group, status);
}

HN_EXPORT void _exit(int status)
{
    if (HN_SERVED)
        go_crash_exits(status);
    leave(status);
}

HN_EXPORT void _Exit(int status)
{
    if (HN_SERVED)
        go_crash_exits(status);
    leave(status);
}

HN_EXPORT void quick_exit(int status)
{
    if (HN_SERVED)
        go_crash_exits(status);
    HN_NEXT(quick_exit)(status);
    __builtin_unreachable();
}

/* It would end the worker under the goroutine, and all would wait for it. */
HN_EXPORT void pthread_exit(void *value)
{
    if (go_self())
        go_panic("pthread_exit in a goroutine, which is no thread: go_exit");
    HN_NEXT(pthread_exit)(value);
    __builtin_unreachable();
}
