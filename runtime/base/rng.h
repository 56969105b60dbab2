/*
 * rng.h - random numbers for schedules and selects: wyrand, 64 bits of state,
 * one multiplication a number. Not for secrets. Seeded, so a run can be told.
 */
#ifndef RT_BASE_RNG_H
#define RT_BASE_RNG_H

#include <stdint.h>

struct rt_rng {
    uint64_t state;
};

static inline uint64_t rt_rng_next(struct rt_rng *r)
{
    __uint128_t m;

    r->state += 0xa0761d6478bd642full;
    m = (__uint128_t)r->state * (r->state ^ 0xe7037ed1a0b428dbull);
    return (uint64_t)(m >> 64) ^ (uint64_t)m;
}

/* 0..n-1, n >= 1; the bias of the multiplication is below n / 2^32. */
static inline uint32_t rt_rng_below(struct rt_rng *r, uint32_t n)
{
    return (uint32_t)(((rt_rng_next(r) & 0xffffffffu) * n) >> 32);
}

#endif
