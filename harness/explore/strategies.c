/* strategies.c - the strategies there are, by name. */
#include <string.h>

#include "harness/explore/sampler.h"

const struct hn_strategy_kind *const hn_strategies[] = {
    &hn_random, &hn_pct,   &hn_pos,  &hn_surw, &hn_hold,
    &hn_fair,   &hn_delay, &hn_dpor, NULL,
};

const struct hn_strategy_kind *hn_strategy_find(const char *name)
{
    for (size_t i = 0; hn_strategies[i]; i++)
        if (strcmp(hn_strategies[i]->name, name) == 0)
            return hn_strategies[i];
    return NULL;
}

struct hn_strategy *hn_strategy_make(const struct hn_strategy_kind *kind,
                                     uint32_t parameter, uint64_t seed)
{
    return kind->make ? kind->make(parameter, seed)
                      : hn_sampler_make(kind->size, seed);
}
