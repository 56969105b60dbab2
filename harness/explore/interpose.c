/*
 * interpose.c - the C library's names for the time and for random numbers, in
 * front of the C library.
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
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <vigil/time.h>

#include "harness/explore/answers.h"

#define EXPORT __attribute__((visibility("default")))
#define SERVES hn_answers_serve(__builtin_return_address(0))

/* The next one of that name, looked up once. */
#define NEXT(name)                                                             \
    (__extension__({                                                           \
        static __typeof__(&name) found;                                        \
                                                                               \
        if (!found)                                                            \
            found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                \
        found;                                                                 \
    }))

/* ---- the time ------------------------------------------------------------*/

static struct timespec instant(int64_t epoch)
{
    int64_t ns = hn_answers_clock();

    return (struct timespec){.tv_sec = epoch + ns / GO_SECOND,
                             .tv_nsec = ns % GO_SECOND};
}

EXPORT time_t time(time_t *to)
{
    time_t now;

    if (!SERVES)
        return NEXT(time)(to);
    now = instant(HN_ANSWERS_EPOCH).tv_sec;
    if (to)
        *to = now;
    return now;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *to)
{
    if (!SERVES || clock < 0 || clock > CLOCK_TAI)
        return NEXT(clock_gettime)(clock, to);
    *to = instant(clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
                          clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI
                      ? HN_ANSWERS_EPOCH
                      : 1);
    return 0;
}

EXPORT int timespec_get(struct timespec *to, int base)
{
    if (!SERVES || base != TIME_UTC)
        return NEXT(timespec_get)(to, base);
    *to = instant(HN_ANSWERS_EPOCH);
    return base;
}

EXPORT int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    struct timespec now;

    if (!SERVES)
        return NEXT(gettimeofday)(to, zone);
    now = instant(HN_ANSWERS_EPOCH);
    *to = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

EXPORT clock_t clock(void)
{
    return SERVES ? hn_answers_clock() / 1000 : NEXT(clock)();
}

/* ---- random numbers ------------------------------------------------------*/

EXPORT int rand(void)
{
    return SERVES ? (int)hn_answers_draw() : NEXT(rand)();
}

EXPORT long random(void)
{
    return SERVES ? (long)hn_answers_draw() : NEXT(random)();
}

EXPORT void srand(unsigned seed)
{
    if (SERVES)
        hn_answers_seed(seed);
    else
        NEXT(srand)(seed);
}

EXPORT void srandom(unsigned seed)
{
    if (SERVES)
        hn_answers_seed(seed);
    else
        NEXT(srandom)(seed);
}

EXPORT void srand48(long seed)
{
    if (SERVES)
        hn_answers_seed((uint32_t)seed);
    else
        NEXT(srand48)(seed);
}

EXPORT long lrand48(void)
{
    return SERVES ? (long)hn_answers_draw() : NEXT(lrand48)();
}

EXPORT long mrand48(void)
{
    return SERVES ? (long)(int32_t)(hn_answers_draw() << 1) : NEXT(mrand48)();
}

EXPORT double drand48(void)
{
    return SERVES ? hn_answers_draw() / 2147483648.0 : NEXT(drand48)();
}

static void fill(void *to, size_t n)
{
    uint32_t word;

    for (size_t at = 0; at < n; at += 3) { /* bytes of which all bits vary */
        word = hn_answers_draw();
        memcpy((char *)to + at, &word, n - at < 3 ? n - at : 3);
    }
}

EXPORT ssize_t getrandom(void *to, size_t n, unsigned flags)
{
    if (!SERVES)
        return NEXT(getrandom)(to, n, flags);
    fill(to, n);
    return (ssize_t)n;
}

EXPORT int getentropy(void *to, size_t n)
{
    if (!SERVES || n > 256)
        return NEXT(getentropy)(to, n);
    fill(to, n);
    return 0;
}

#if __GLIBC_PREREQ(2, 36)
EXPORT uint32_t arc4random(void)
{
    uint32_t word;

    if (!SERVES)
        return NEXT(arc4random)();
    fill(&word, sizeof(word));
    return word;
}

EXPORT uint32_t arc4random_uniform(uint32_t bound)
{
    if (!SERVES)
        return NEXT(arc4random_uniform)(bound);
    return bound > 1 ? hn_answers_draw() % bound : 0;
}

EXPORT void arc4random_buf(void *to, size_t n)
{
    if (SERVES)
        fill(to, n);
    else
        NEXT(arc4random_buf)(to, n);
}
#endif
