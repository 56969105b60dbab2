/*
 * trial.h - which of two ways is the faster one, tried out while they are gone.
 *
 * In:  what was done in each tick. Out: whether the next one goes the second
 * way. That is the better one, as far as is known; but one tick of TRIAL_TICKS
 * goes the other way, or what has changed would never be seen. Of both a rate is
 * kept, of which a tick is a quarter; and the second has to be better by an
 * eighth, for what differs less is noise.
 */
#ifndef RT_SCHED_TRIAL_H
#define RT_SCHED_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/time.h>

enum {
    RT_TRIAL_TICKS = 16,
};

struct rt_trial {
    uint32_t ticks;
    int64_t rate[2]; /* a second: of the first way, and of the second */
};

/* so many were done in ns, the second way or not; whether it is the next. */
static inline bool rt_trial_next(struct rt_trial *t, bool second, uint64_t done,
                                 int64_t ns)
{
    int64_t *rate = &t->rate[second];
    bool better;

    *rate += ((int64_t)done * GO_SECOND / (ns > 0 ? ns : 1) - *rate) / 4;
    better = t->rate[true] > t->rate[false] + t->rate[false] / 8;
    return better != (++t->ticks % RT_TRIAL_TICKS == 1);
}

#endif
