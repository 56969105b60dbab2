/*
 * fair.c - everybody in turn: from a random moment on, whoever has waited the
 * longest goes.
 *
 * In step with each other goroutines do what they do at no other speed: all
 * take their first lock, all fail to get the second, all give up and begin
 * again. A random walk leaves such a round sooner or later; this one stays,
 * so that watch.c can see that it is one.
 *
 * Of a task that has several ways each has its turn as well.
 *
 * F1  The first execution is in turn from its beginning; the others are a
 *     random walk for up to HEAD choices before.
 */

#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/slots.h"
#include "harness/explore/walk.h"

enum {
    HEAD = 32
};

struct hn_strategy {
    struct hn_sampler base;
    struct hn_slots last;  /* the choice that each task took last; 0: none */
    struct hn_slots turns; /* how many each has had */
    uint64_t chosen;       /* in this execution */
    uint32_t head;
    bool begun; /* F1 */
};

static void unmake(struct hn_strategy *s)
{
    hn_slots_free(&s->last);
    hn_slots_free(&s->turns);
    hn_memory_give(s);
}

static void begin(struct hn_strategy *s)
{
    hn_slots_clear(&s->last);
    hn_slots_clear(&s->turns);
    s->chosen = 0;
    s->head = s->begun ? hn_rng_below(&s->base.rng, HEAD) : 0;
    s->begun = true;
}

/* Where the steps of who has waited the longest begin. */
static uint32_t longest(struct hn_strategy *s, const struct go_step *steps,
                        uint32_t n)
{
    uint64_t least = UINT64_MAX;
    uint32_t at = 0;

    for (uint32_t i = 0; i < n; i = hn_walk_next(steps, n, i)) {
        uint64_t last = *hn_slots_at(&s->last, hn_walk_slot(&steps[i]));

        if (last < least) {
            least = last;
            at = i;
        }
    }
    return at;
}

static uint32_t in_turn(struct hn_strategy *s, const struct go_step *steps,
                        uint32_t n)
{
    uint32_t at = longest(s, steps, n);
    uint32_t ways = hn_walk_next(steps, n, at) - at;

    return at +
           (uint32_t)((*hn_slots_at(&s->turns, hn_walk_slot(&steps[at])))++ %
                      ways);
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = ++s->chosen <= s->head ? hn_walk(&s->base.rng, steps, n)
                                        : in_turn(s, steps, n);

    *hn_slots_at(&s->last, hn_walk_slot(&steps[k])) = s->chosen;
    if (hn_walk_is_meeting(&steps[k]))
        *hn_slots_at(&s->last, steps[k].partner + 1) = s->chosen;
    return k;
}

const struct hn_strategy_kind hn_fair = {
    .name = "fair",
    .about = "everybody in turn, from a random moment on",
    .size = sizeof(struct hn_strategy),
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = hn_sampler_number,
    .end = hn_sampler_end,
    .fair = true,
};
