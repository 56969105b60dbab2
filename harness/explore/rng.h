/*
 * rng.h - random numbers of a strategy: splitmix64, three multiplications and
 * no memory but its state. Near seeds give streams that have nothing in
 * common. Not for secrets.
 */
#ifndef HN_EXPLORE_RNG_H
#define HN_EXPLORE_RNG_H

#include <stdint.h>

struct hn_rng {
    uint64_t state;
};

static inline uint64_t hn_rng_next(struct hn_rng *r)
{
    uint64_t x = r->state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* The seed itself is mixed first: 1 and 2 are two streams, not one shifted. */
static inline struct hn_rng hn_rng_of(uint64_t seed)
{
    struct hn_rng r = {seed};

    r.state = hn_rng_next(&r);
    return r;
}

/* 0..n-1, n >= 1; the bias of the multiplication is below n / 2^32. */
static inline uint32_t hn_rng_below(struct hn_rng *r, uint32_t n)
{
    return (uint32_t)((hn_rng_next(r) >> 32) * n >> 32);
}

#endif
