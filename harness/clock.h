/*
 * clock.h - the time, by which the harness limits what it does.
 */
#ifndef HN_CLOCK_H
#define HN_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some moment in the past; it never goes back. */
static inline int64_t hn_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
/* Of processors' time that this process has had: other processes take none. */
static inline int64_t hn_used_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
