/*
 * pos.c - partial order sampling: random ranks for operations, not for tasks.
 *
 * Method: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", 2018.
 * What a task is about to do has a random rank; the highest goes. Operations
 * that do not touch each other keep their ranks, so that it does not matter in
 * which order they are done; those that race with what was done get new ones,
 * for else the same would win or lose again and again. So each order of the
 * operations of one object is about as likely as the others, however many
 * steps the tasks have on other objects between them.
 *
 * Racing is the plain half of what dpor.c knows: the same object, and not both
 * of them only look, and not one sends and the other receives. Too much of it
 * only costs some of the evenness.
 *
 * O1  A rank is of what a task stands at: it goes when the task does.
 * O2  Ranks, highest first: drawn ones, then those of who waits for the others:
 *     it yields again and again, or looks when for long nobody has done more.
 *     Among these who came last is the lowest, so each has its turn. 0 is none
 *     yet.
 */

#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/slots.h"
#include "harness/explore/walk.h"

static const uint64_t drawn = 1ull << 63; /* O2 */

struct hn_strategy {
    struct hn_sampler base;
    struct hn_slots rank;   /* of each task's operation, O1 */
    struct hn_slots yields; /* of each task, so far */
    uint64_t low;           /* the last one's who waits */
    uint32_t looks;         /* in a row */
};

static void unmake(struct hn_strategy *s)
{
    hn_slots_free(&s->rank);
    hn_slots_free(&s->yields);
    hn_memory_give(s);
}

static void begin(struct hn_strategy *s)
{
    hn_slots_clear(&s->rank);
    hn_slots_clear(&s->yields);
    s->low = drawn;
    s->looks = 0;
}

static bool waits(struct hn_strategy *s, const struct go_step *step)
{
    if (hn_walk_is_yield(step))
        return ++*hn_slots_at(&s->yields, hn_walk_slot(step)) > HN_YIELDS;
    return s->looks > HN_LOOKS && hn_walk_looks(step);
}

static uint64_t draw(struct hn_strategy *s, const struct go_step *step)
{
    uint64_t r = hn_rng_next(&s->base.rng);

    return waits(s, step) ? --s->low : r | drawn;
}

/* Where the steps of the highest begin. */
static uint32_t highest(struct hn_strategy *s, const struct go_step *steps,
                        uint32_t n)
{
    uint64_t best = 0;
    uint32_t at = 0;

    for (uint32_t i = 0; i < n; i = hn_walk_next(steps, n, i)) {
        uint64_t *rank = hn_slots_at(&s->rank, hn_walk_slot(&steps[i]));

        if (!*rank)
            *rank = draw(s, &steps[i]);
        if (*rank > best) {
            best = *rank;
            at = i;
        }
    }
    return at;
}

/* +1: it sends, -1: it receives, 0: neither, or with what it is no matter. */
static int direction(const struct go_step *step)
{
    const struct go_point *p = step->point;

    if (!p->cases || step->which < 0)
        return 0;
    return p->cases[step->which].op == GO_CASE_SEND ? 1 : -1;
}

/* The two are of one object. */
static bool races(const struct go_step *a, const struct go_step *b)
{
    if (hn_walk_reads((enum go_op)a->point->op) &&
        hn_walk_reads((enum go_op)b->point->op))
        return false;
    return direction(a) * direction(b) != -1;
}

/* It is done: what races with it is drawn again. */
static void done(struct hn_strategy *s, const struct go_step *steps, uint32_t n,
                 uint32_t k)
{
    const struct go_step *step = &steps[k];
    const void *object = hn_walk_object(step);

    for (uint32_t i = 0; object && i < n; i++)
        if (steps[i].point && hn_walk_object(&steps[i]) == object &&
            races(step, &steps[i]))
            *hn_slots_at(&s->rank, hn_walk_slot(&steps[i])) = 0;
    *hn_slots_at(&s->rank, hn_walk_slot(step)) = 0; /* O1 */
    if (hn_walk_is_meeting(step))
        *hn_slots_at(&s->rank, step->partner + 1) = 0;
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = 0;

    if (n > 1)
        k = hn_walk_among(&s->base.rng, steps, n, highest(s, steps, n));
    done(s, steps, n, k);
    if (!hn_walk_is_yield(&steps[k]))
        s->looks = hn_walk_looks(&steps[k]) ? s->looks + 1 : 0;
    return k;
}

const struct hn_strategy_kind hn_pos = {
    .name = "pos",
    .about = "the highest of random ranks of operations is done; who races "
             "with it draws again",
    .size = sizeof(struct hn_strategy),
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = hn_sampler_number,
    .end = hn_sampler_end,
};
