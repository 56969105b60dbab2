/*
 * strategic.h - a strategy over a body: how its executions end, and which
 * schedules they are.
 *
 * A schedule is told by the hash of its choices, which here are all moments
 * with more than one step, and all numbers.
 */
#ifndef TESTS_STRATEGIC_H
#define TESTS_STRATEGIC_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/drawn.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"

enum {
    STRATEGIC_KINDS = 1 << 16 /* distinct schedules; a power of two */
};

/* A schedule that came. */
struct strategic_seen {
    uint64_t hash, times; /* times 0: free */
    double walk;          /* how likely it is in a random walk */
};

struct strategic { /* the first ones are for the caller to set */
    const struct hn_strategy_kind *kind;
    uint32_t parameter;
    uint64_t seed;
    uint64_t most;  /* executions; 0: until the strategy ends */
    bool until;     /* stop at the first that does not end well */
    uint64_t bound; /* steps of an execution; 0: 100,000 */
    uint32_t early; /* timers that may fire before their time */
    bool asks;      /* each choice is asked for, whatever the strategy knows */
    void (*each)(void *arg, const struct go_execution *e); /* or NULL */
    void (*reset)(void *arg);                              /* or NULL */
    void *arg;

    uint64_t executions, steps;
    uint64_t ended[GO_END_BOUND + 1];
    uint64_t found;    /* the first that did not end well, from 1; 0: none */
    uint64_t distinct; /* schedules */
    uint64_t all;      /* hash of all choices of all executions */
    bool over;         /* the strategy said so */
    bool complete;     /* and that this is all there is */
    struct strategic_seen *seen; /* NULL: not wanted; strategic_keep */

    struct hn_strategy *s;
    struct go_control control;
    struct hn_drawn drawn;
    uint64_t known; /* choices that were not asked for */
    uint64_t hash;  /* of this execution */
    double walk;
};

static inline void strategic_mix(struct strategic *t, uint32_t k, uint32_t n)
{
    t->hash = (t->hash ^ ((uint64_t)n << 32 | k)) * 0x9e3779b97f4a7c15u;
    t->hash ^= t->hash >> 31;
}

/* A step's chance: its task's, and then its own. */
static inline double strategic_chance(const struct go_step *steps, uint32_t n,
                                      uint32_t k)
{
    uint32_t tasks = 0, ways = 0;

    for (uint32_t i = 0; i < n; i++) {
        tasks += i == 0 || steps[i].point != steps[i - 1].point;
        ways += steps[i].point == steps[k].point;
    }
    return 1.0 / tasks / ways;
}

static struct hn_record strategic_record;

/* What was known counts as if it had been chosen. */
static inline void strategic_follow(struct strategic *t)
{
    uint64_t ops;
    uint32_t n = hn_drawn_count(&t->drawn, &ops);

    t->known += n;
    for (uint32_t i = strategic_record.n - n; i < strategic_record.n; i++)
        if (t->drawn.draw.known[i].n > 1)
            strategic_mix(t, t->drawn.draw.known[i].k,
                          t->drawn.draw.known[i].n);
}

/* An answer: what comes next may be known. */
static inline uint32_t strategic_says(struct strategic *t, uint32_t k)
{
    hn_record_add(&strategic_record, k);
    hn_drawn_allow(&t->drawn, t->drawn.is ? HN_DRAWN_MAX : 0);
    return k;
}

static inline uint32_t strategic_choose(void *arg, const struct go_step *steps,
                                        uint32_t n)
{
    struct strategic *t = arg;
    uint32_t k;

    strategic_follow(t);
    k = t->kind->choose(t->s, steps, n);
    if (n > 1) {
        strategic_mix(t, k, n);
        if (t->seen)
            t->walk *= strategic_chance(steps, n, k);
    }
    return strategic_says(t, k);
}

static inline uint32_t strategic_number(void *arg, uint32_t task, uint32_t n)
{
    struct strategic *t = arg;
    uint32_t k;

    strategic_follow(t);
    k = t->kind->number(t->s, task, n);
    strategic_mix(t, k, n);
    t->walk /= n;
    return strategic_says(t, k);
}

static inline void strategic_note(void *arg, enum go_note note, uint32_t task,
                                  const void *object, uint32_t other)
{
    struct strategic *t = arg;

    t->kind->note(t->s, note, task, object, other);
}

/* Counts the schedule that just ended. */
static inline void strategic_count(struct strategic *t)
{
    uint64_t i = t->hash;

    t->all = (t->all ^ t->hash) * 0x9e3779b97f4a7c15u;
    while (t->seen) {
        struct strategic_seen *s = &t->seen[i++ & (STRATEGIC_KINDS - 1)];

        if (s->times && s->hash != t->hash)
            continue;
        if (!s->times)
            t->distinct++;
        cr_assert_lt(t->distinct, STRATEGIC_KINDS, "too many schedules");
        *s = (struct strategic_seen){t->hash, s->times + 1, t->walk};
        break;
    }
    t->hash = 0;
    t->walk = 1;
}

static inline void strategic_begin(struct strategic *t)
{
    hn_record_begin(&strategic_record, 0);
    t->kind->begin(t->s);
    hn_drawn_begin(&t->drawn, t->asks ? NULL : t->kind, t->s, true, ~0ull,
                   &strategic_record);
    hn_drawn_allow(&t->drawn, t->drawn.is ? HN_DRAWN_MAX : 0);
    t->control.draw = hn_drawn_control(&t->drawn);
}

static inline bool strategic_over(void *arg, const struct go_execution *e)
{
    struct strategic *t = arg;

    strategic_follow(t);
    t->executions++;
    t->steps += e->steps;
    t->ended[e->end]++;
    if (e->end != GO_END_CLEAN && !t->found)
        t->found = t->executions;
    strategic_count(t);
    if (t->each)
        t->each(t->arg, e);
    t->over = !t->kind->end(t->s, e);
    t->complete = t->over && t->kind->complete && t->kind->complete(t->s);
    if (t->over || t->executions == t->most || (t->until && t->found))
        return false;
    strategic_begin(t);
    return true;
}

static inline void strategic_reset(void *arg)
{
    struct strategic *t = arg;

    if (t->reset)
        t->reset(t->arg);
}

/* Schedules are to be told apart; freed by strategic_forget. */
static inline void strategic_keep(struct strategic *t)
{
    t->seen = calloc(STRATEGIC_KINDS, sizeof(*t->seen));
    cr_assert(t->seen);
}

static inline void strategic_forget(struct strategic *t)
{
    free(t->seen);
    t->seen = NULL;
}

/* Another one from here on. */
static inline void strategic_use(struct strategic *t,
                                 const struct hn_strategy_kind *kind,
                                 uint64_t seed, uint64_t most)
{
    strategic_forget(t);
    *t = (struct strategic){.kind = kind, .seed = seed, .most = most};
}

/*
 * Whether the schedules came as often as they should: within three and a half
 * deviations of the chi square. walk: as a random walk has them; else all the
 * same.
 */
static inline bool strategic_fits(const struct strategic *t, bool walk)
{
    double sum = 0, free = (double)t->distinct - 1;

    for (size_t i = 0; i < STRATEGIC_KINDS; i++) {
        const struct strategic_seen *k = &t->seen[i];
        double want = (double)t->executions *
                      (walk ? k->walk : 1.0 / (double)t->distinct);

        if (k->times)
            sum += ((double)k->times - want) * ((double)k->times - want) / want;
    }
    return sum < free || (sum - free) * (sum - free) < 3.5 * 3.5 * 2 * free;
}

static inline void strategic_run(struct strategic *t, void (*body)(void))
{
    struct go_run run = body_run(body);

    t->control =
        (struct go_control){.arg = t,
                            .choose = strategic_choose,
                            .number = strategic_number,
                            .note = t->kind->note ? strategic_note : NULL,
                            .over = strategic_over,
                            .reset = strategic_reset,
                            .early = t->early,
                            .steps = t->bound ? t->bound : 100000};
    run.control = &t->control;
    rt_threads_ours();
    t->s = hn_strategy_make(t->kind, t->parameter, t->seed);
    cr_assert(t->s, "no memory for a strategy");
    t->walk = 1;
    strategic_begin(t);
    go_run(&run);
    t->kind->free(t->s);
    t->s = NULL;
}

#endif
