/*
 * walk.h - what the strategies share about steps: whose a step is, what it
 * touches, and one of many at random.
 *
 * A rendezvous is its sender's, who offers it: once in the list, one task. So
 * of three senders and one receiver each sender is as likely as the other.
 * Steps come in the order of tasks, the clock last, so those of one task stand
 * together and have the same point.
 */
#ifndef HN_EXPLORE_WALK_H
#define HN_EXPLORE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vigil/chan.h>
#include <vigil/control.h>

#include "harness/explore/rng.h"

/* Where a task has its place in arrays: the clock's is the first. */
static inline uint32_t hn_walk_slot(const struct go_step *step)
{
    return step->point ? step->point->task + 1 : 0;
}

/* Both go on: point's task and the partner. */
static inline bool hn_walk_is_meeting(const struct go_step *step)
{
    return step->partner_which >= 0;
}

/* All of them are one task's. */
static inline bool hn_walk_is_alone(const struct go_step *steps, uint32_t n)
{
    return steps[0].point == steps[n - 1].point;
}

/* Behind the last step of the task whose steps begin at i. */
static inline uint32_t hn_walk_next(const struct go_step *steps, uint32_t n,
                                    uint32_t i)
{
    const struct go_point *p = steps[i].point;

    while (++i < n && steps[i].point == p)
        ;
    return i;
}

/* The channel itself: the low bits of a handle are none of its address. */
static inline const void *hn_walk_channel(const struct go_case *k)
{
    return (const void *)((uintptr_t)k->chan & ~(uintptr_t)(GO_CHAN_ALIGN - 1));
}

/* What a step touches, of a select the case's channel; NULL: nothing. */
static inline const void *hn_walk_object(const struct go_step *step)
{
    const struct go_point *p = step->point;

    if (!p)
        return NULL;
    if (p->object || step->which < 0 || !p->cases)
        return p->object;
    return hn_walk_channel(&p->cases[step->which]);
}

/*
 * A yield is a step like others, so many times in an execution; a task that
 * yields more often waits in a loop, and then others come first. (Not at its
 * first: that others go on before it is only one of the things that happen.)
 */
enum {
    HN_YIELDS = 4
};

static inline bool hn_walk_is_yield(const struct go_step *step)
{
    return step->point && step->point->op == GO_OP_YIELD;
}

/* What is taken is a default, or for want of a case. */
static inline bool hn_walk_is_default(const struct go_step *step)
{
    const struct go_point *p = step->point;

    return p && p->cases && p->otherwise &&
           (step->which < 0 || p->cases[step->which].op == GO_CASE_DEFAULT);
}

/*
 * So many in a row, of whomever, that perhaps only look: then who looks next
 * waits in a loop, and others come first.
 */
enum {
    HN_LOOKS = 16
};
#define HN_WALK_LOOKS                                                          \
    (1ull << GO_OP_LOAD | 1ull << GO_OP_READ | 1ull << GO_OP_UPDATE |          \
     1ull << GO_OP_LEN | 1ull << GO_OP_ERR | 1ull << GO_OP_TRYLOCK |           \
     1ull << GO_OP_TRYRLOCK | 1ull << GO_OP_TRYACQUIRE | 1ull << GO_OP_ASK)

static inline bool hn_walk_looks(const struct go_step *step)
{
    return step->point &&
           ((HN_WALK_LOOKS >> step->point->op & 1) || hn_walk_is_default(step));
}

/* It only looks: two that do can be done in either order. */
static inline bool hn_walk_reads(enum go_op op)
{
    return op == GO_OP_LOAD || op == GO_OP_READ || op == GO_OP_RLOCK ||
           op == GO_OP_TRYRLOCK || op == GO_OP_LEN || op == GO_OP_WAIT ||
           op == GO_OP_ERR;
}

/* One of the steps of the task whose steps begin at i. */
static inline uint32_t hn_walk_among(struct hn_rng *rng,
                                     const struct go_step *steps, uint32_t n,
                                     uint32_t i)
{
    uint32_t ways = hn_walk_next(steps, n, i) - i;

    return ways > 1 ? i + hn_rng_below(rng, ways) : i;
}

/* One of them all: first the task, then one of its steps. */
static inline uint32_t hn_walk(struct hn_rng *rng, const struct go_step *steps,
                               uint32_t n)
{
    uint32_t tasks = 1, k, i = 0;

    for (uint32_t j = 1; j < n; j++)
        tasks += steps[j].point != steps[j - 1].point;
    k = hn_rng_below(rng, tasks);
    if (tasks == n)
        return k; /* as it mostly is: one step a task */
    while (k-- > 0)
        i = hn_walk_next(steps, n, i);
    return hn_walk_among(rng, steps, n, i);
}

#endif
