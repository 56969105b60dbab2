/*
 * random.c - the random walk: every task that has a step is as likely as the
 * others, then every one of its steps.
 *
 * Uniform at each choice is not uniform among schedules: those of a task with
 * few steps left are favoured. It costs next to nothing, and finds bugs that
 * need no long plan; surw.c is for the others.
 */

#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/walk.h"

struct hn_strategy {
    struct hn_sampler base;
};

static void unmake(struct hn_strategy *s)
{
    hn_memory_give(s);
}

static void begin(struct hn_strategy *s)
{
    (void)s; /* no execution knows of another */
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    return n == 1 ? 0 : hn_walk(&s->base.rng, steps, n);
}

static uint64_t *draws(struct hn_strategy *s)
{
    return &s->base.rng.state;
}

const struct hn_strategy_kind hn_random = {
    .name = "random",
    .about = "any task that can go on, all the same likely",
    .size = sizeof(struct hn_strategy),
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .draws = draws,
    .number = hn_sampler_number,
    .end = hn_sampler_end,
};
