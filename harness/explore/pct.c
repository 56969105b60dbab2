/*
 * pct.c - probabilistic concurrency testing: few, well placed preemptions.
 *
 * Method: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler
 * with Probabilistic Guarantees of Finding Bugs", 2010. Every task has a
 * random rank; the highest that has a step goes, so it runs until it blocks.
 * At d - 1 moments drawn among the k of an execution, who would go falls below
 * all that have not fallen. A bug that d orderings of steps make certain is
 * found with a probability of 1 / (n k^(d-1)) at least, in each execution with
 * n tasks.
 *
 * A moment is a choice between two tasks or more, not a step: where one task
 * alone can go, falling there is falling at the next choice it would win. So k
 * is smaller than the paper's, and the guarantee better. k is the most that an
 * earlier execution had, so the guarantee begins with the second.
 *
 * Who yields again and again falls below everybody each time: it waits for
 * them. So does who goes on when for long nobody has done more than to look.
 * What yet comes to no end is ended by the fair tail: after `fair` choices the
 * execution goes on as a random walk, and is not counted in k. A tail longer
 * than its head was no loop but a long program, and next time the tail begins
 * later.
 *
 * Timers are no task but many: the clock has a new rank after each.
 *
 * P1  Ranks, highest first: drawn ones, fallen ones (their order among each
 *     other is drawn, too: by which moment it was, not when), then those who
 *     wait in loops.
 * P2  0 is no rank yet; a task gets one when it has a step for the first time.
 */

#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/slots.h"
#include "harness/explore/walk.h"

enum {
    DEPTH = 3,   /* d */
    GUESS = 32,  /* k of the first execution */
    FAIR = 1024, /* choices until the tail, at first */
};

static const uint64_t drawn = 1ull << 63, fallen = 1ull << 62; /* P1 */

struct hn_strategy {
    struct hn_sampler base;
    struct hn_slots rank;   /* of each task in this execution, P1, P2 */
    struct hn_slots yields; /* of each, so far */
    uint64_t low;           /* the last who fell for waiting */
    uint32_t looks;         /* in a row */
    uint32_t chosen;        /* moments in this execution, so far */
    uint32_t longest;       /* that an execution without a tail had */
    uint32_t fair;
    uint32_t due; /* the next moment at which one falls */
    uint32_t changes;
    uint32_t at[]; /* [changes] the moments, counted from 1; as drawn */
};

static struct hn_strategy *make(uint32_t parameter, uint64_t seed)
{
    uint32_t changes = (parameter ? parameter : DEPTH) - 1;
    struct hn_strategy *s =
        hn_sampler_make(sizeof(*s) + changes * sizeof(s->at[0]), seed);

    if (!s)
        return NULL;
    s->changes = changes;
    s->fair = FAIR;
    return s;
}

static void unmake(struct hn_strategy *s)
{
    hn_slots_free(&s->rank);
    hn_slots_free(&s->yields);
    hn_memory_give(s);
}

/* The first moment behind the given one. */
static void find_due(struct hn_strategy *s, uint32_t behind)
{
    s->due = UINT32_MAX;
    for (uint32_t i = 0; i < s->changes; i++)
        if (s->at[i] > behind && s->at[i] < s->due)
            s->due = s->at[i];
}

static void begin(struct hn_strategy *s)
{
    uint32_t k = s->longest ? s->longest : GUESS;

    hn_slots_clear(&s->rank);
    hn_slots_clear(&s->yields);
    s->low = fallen;
    s->chosen = s->looks = 0;
    for (uint32_t i = 0; i < s->changes; i++)
        s->at[i] = 1 + hn_rng_below(&s->base.rng, k);
    find_due(s, 0);
}

/* Where the steps of the highest task begin. */
static uint32_t highest(struct hn_strategy *s, const struct go_step *steps,
                        uint32_t n)
{
    uint64_t best = 0;
    uint32_t at = 0;

    for (uint32_t i = 0; i < n; i = hn_walk_next(steps, n, i)) {
        uint64_t *rank = hn_slots_at(&s->rank, hn_walk_slot(&steps[i]));

        if (!*rank) /* P2 */
            *rank = hn_rng_next(&s->base.rng) | drawn;
        if (*rank > best) {
            best = *rank;
            at = i;
        }
    }
    return at;
}

/* This is a moment at which one falls; or several, if it was drawn again. Who
   has waited in a loop is below them all already: it falls from there. */
static void fall(struct hn_strategy *s, const struct go_step *steps, uint32_t n)
{
    for (uint32_t i = 0; i < s->changes; i++) {
        uint64_t *rank;

        if (s->at[i] != s->chosen)
            continue;
        rank =
            hn_slots_at(&s->rank, hn_walk_slot(&steps[highest(s, steps, n)]));
        *rank = *rank < fallen ? --s->low : fallen + 1 + i;
    }
    find_due(s, s->chosen);
}

/* Whether it waits for the others, as far as steps show that. */
static bool waits(struct hn_strategy *s, const struct go_step *step)
{
    if (hn_walk_is_yield(step))
        return ++*hn_slots_at(&s->yields, hn_walk_slot(step)) > HN_YIELDS;
    if (!hn_walk_looks(step)) {
        s->looks = 0;
    } else if (++s->looks > HN_LOOKS) {
        s->looks = 0; /* others have as many */
        return true;
    }
    return false;
}

/* It goes, and that may change its rank. */
static void took(struct hn_strategy *s, const struct go_step *step)
{
    if (!step->point)
        *hn_slots_at(&s->rank, hn_walk_slot(step)) = 0;
    else if (waits(s, step))
        *hn_slots_at(&s->rank, hn_walk_slot(step)) = --s->low;
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t top;

    if (hn_walk_is_alone(steps, n))
        return hn_walk_among(&s->base.rng, steps, n, 0);
    if (++s->chosen > s->fair)
        return hn_walk(&s->base.rng, steps, n);
    if (s->chosen == s->due)
        fall(s, steps, n);
    top = highest(s, steps, n);
    took(s, &steps[top]);
    return hn_walk_among(&s->base.rng, steps, n, top);
}

static bool end(struct hn_strategy *s, const struct go_execution *e)
{
    (void)e;
    if (s->chosen <= s->fair) {
        if (s->longest < s->chosen)
            s->longest = s->chosen;
    } else if (s->chosen / 2 > s->fair) {
        s->fair *= 2;
    }
    return true;
}

const struct hn_strategy_kind hn_pct = {
    .name = "pct",
    .about = "the highest of random ranks goes on; parameter - 1 (2) times "
             "one falls",
    .make = make,
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = hn_sampler_number,
    .end = end,
};
