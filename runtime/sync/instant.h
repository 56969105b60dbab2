/* instant.h - sums of instants and durations, which saturate. */
#ifndef RT_SYNC_INSTANT_H
#define RT_SYNC_INSTANT_H

#include "runtime/sched/timer.h"

static inline int64_t rt_instant_add(int64_t t, int64_t d)
{
    int64_t sum;

    if (__builtin_add_overflow(t, d, &sum))
        return d < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

/* The instant d from now, one that a timer can be armed for; d <= 0: now. */
static inline int64_t rt_instant_after(int64_t d)
{
    int64_t t = rt_instant_add(rt_now(), d > 0 ? d : 0);

    return t < RT_TIMER_LAST ? t : RT_TIMER_LAST;
}

#endif
