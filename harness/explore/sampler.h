/*
 * sampler.h - what the strategies that draw their choices have in common.
 *
 * Numbers are drawn by all of them in the same way, and none is ever through:
 * what it has drawn tells it nothing of what is left. Each has a struct
 * hn_sampler as its first field, called base.
 */
#ifndef HN_EXPLORE_SAMPLER_H
#define HN_EXPLORE_SAMPLER_H

#include <stddef.h>

#include "harness/explore/rng.h"
#include "harness/explore/strategy.h"

struct hn_sampler {
    struct hn_rng rng;
};

/* Of so many bytes, zeroed but for the base; NULL: no memory. */
struct hn_strategy *hn_sampler_make(size_t size, uint64_t seed);

/* For struct hn_strategy_kind: as they are told there. */
uint32_t hn_sampler_number(struct hn_strategy *s, uint32_t task, uint32_t n);
bool hn_sampler_end(struct hn_strategy *s, const struct go_execution *e);

#endif
