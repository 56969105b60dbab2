/*
 * rng.h - random numbers of a strategy: those that the runtime draws by itself
 * (struct go_draw). Near seeds give streams that have nothing in common. Not
 * for secrets.
 */
#ifndef HN_EXPLORE_RNG_H
#define HN_EXPLORE_RNG_H

#include <stdint.h>
#include <vigil/control.h>

struct hn_rng {
    uint64_t state;
};

static inline uint64_t hn_rng_next(struct hn_rng *r)
{
    return go_draw_next(&r->state);
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
    return go_draw_below(&r->state, n);
}

#endif
