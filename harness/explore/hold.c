/*
 * hold.c - hold and wait: whoever has a lock and is about to wait for more
 * comes last.
 *
 * Method: the second half of Joshi, Park, Sen, Naik, "A Randomized Dynamic
 * Program Analysis Technique for Detecting Real Deadlocks", 2009, without the
 * first: no order of locks need be known. A random walk in which who holds a
 * lock stops before anything that it may have to wait for, for as long as
 * others can go on. A ring of n locks, which a walk closes once in a number of
 * schedules that grows with n like a power, closes at once where everybody
 * gets its first lock: it is the search that confirms what lock orders hint
 * at. Each goroutine is patient in three of four executions only, for what
 * needs one that is not.
 *
 * H1  What is not noted, for there is no room, is not held: then it is a walk.
 */
#include "harness/explore/memory.h"
#include "harness/explore/sampler.h"
#include "harness/explore/slots.h"
#include "harness/explore/walk.h"

enum {
    HELD_MAX = 256
};

struct hn_strategy {
    struct hn_sampler base;
    uint64_t impatient; /* a bit of a task's number, twice drawn */
    struct held {
        uint32_t task;
        const void *lock;
    } held[HELD_MAX];
    uint32_t n;
    struct hn_slots count;  /* of each task's */
    struct hn_slots yields; /* of each task, so far */
};

static void unmake(struct hn_strategy *s)
{
    hn_slots_free(&s->count);
    hn_slots_free(&s->yields);
    hn_memory_give(s);
}

static void begin(struct hn_strategy *s)
{
    s->impatient = hn_rng_next(&s->base.rng) & hn_rng_next(&s->base.rng);
    s->n = 0;
    hn_slots_clear(&s->count);
    hn_slots_clear(&s->yields);
}

/* ---- who holds what ------------------------------------------------------*/

static bool takes(enum go_op op)
{
    return op == GO_OP_LOCK || op == GO_OP_RLOCK || op == GO_OP_WLOCK ||
           op == GO_OP_ACQUIRE;
}

static void took(struct hn_strategy *s, const struct go_point *p)
{
    if (!takes((enum go_op)p->op) || s->n == HELD_MAX)
        return;
    s->held[s->n++] = (struct held){p->task, p->object};
    ++*hn_slots_at(&s->count, p->task + 1);
}

static void note(struct hn_strategy *s, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    (void)other;
    if (what != GO_NOTE_RELEASE && what != GO_NOTE_RUNLOCK &&
        what != GO_NOTE_UNITS)
        return;
    for (uint32_t i = s->n; i-- > 0;)
        if (s->held[i].task == task && s->held[i].lock == object) {
            s->held[i] = s->held[--s->n];
            --*hn_slots_at(&s->count, task + 1);
            return;
        }
}

/* ---- who waits -----------------------------------------------------------*/

static bool may_wait(enum go_op op)
{
    return takes(op) || op == GO_OP_SEND || op == GO_OP_RECV ||
           op == GO_OP_SELECT || op == GO_OP_WAIT || op == GO_OP_COND_WAIT ||
           op == GO_OP_BARRIER;
}

static bool comes_last(struct hn_strategy *s, const struct go_step *step)
{
    const struct go_point *p = step->point;

    if (!p)
        return true; /* the clock: it ends the patience of all */
    if (hn_walk_is_yield(step))
        return ++*hn_slots_at(&s->yields, p->task + 1) > HN_YIELDS;
    return may_wait((enum go_op)p->op) &&
           *hn_slots_at(&s->count, p->task + 1) > 0 &&
           !(s->impatient >> (p->task % 64) & 1);
}

/* Where the steps of one begin that does not come last; GO_NOWHERE: all do. */
static uint32_t among(struct hn_strategy *s, const struct go_step *steps,
                      uint32_t n)
{
    uint32_t seen = 0, at = GO_NOWHERE;

    for (uint32_t i = 0; i < n; i = hn_walk_next(steps, n, i))
        if (!comes_last(s, &steps[i]) &&
            hn_rng_below(&s->base.rng, ++seen) == 0)
            at = i; /* one of those seen so far, all the same likely */
    return at;
}

static uint32_t choose(struct hn_strategy *s, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = 0;

    if (n > 1) {
        k = among(s, steps, n);
        k = k == GO_NOWHERE ? hn_walk(&s->base.rng, steps, n)
                            : hn_walk_among(&s->base.rng, steps, n, k);
    }
    if (steps[k].point)
        took(s, steps[k].point);
    return k;
}

const struct hn_strategy_kind hn_hold = {
    .name = "hold",
    .about = "who has a lock and may have to wait comes last",
    .size = sizeof(struct hn_strategy),
    .free = unmake,
    .begin = begin,
    .choose = choose,
    .number = hn_sampler_number,
    .note = note,
    .end = hn_sampler_end,
};
