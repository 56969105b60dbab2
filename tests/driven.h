/*
 * driven.h - all schedules of a body, one after the other: the plainest
 * driver there is, and the judge of every cleverer one.
 */
#ifndef TESTS_DRIVEN_H
#define TESTS_DRIVEN_H

#include <criterion/criterion.h>
#include <vigil/control.h>
#include <vigil/go.h>

#include "runtime/sched/sched.h"
#include "tests/body.h"

enum {
    DRIVEN_DEPTH = 4096
};

/* Depth first: each execution follows the choices of the last one up to the
   deepest that has an alternative left, and takes that. */
struct driven {
    uint32_t at;    /* choices made in this execution */
    uint32_t depth; /* that are to be followed */
    uint32_t chosen[DRIVEN_DEPTH], of[DRIVEN_DEPTH];
    uint64_t executions, most; /* most: stop there; 0: all */
    uint32_t begins;           /* enum go_more: from the beginning on */
    uint32_t more;             /* go_control_more, so far */
    uint32_t early;            /* timers that may fire early */
    uint64_t ended[GO_END_BOUND + 1];
    uint64_t steps;
    void (*each)(void *arg, const struct go_execution *e); /* or NULL */
    void (*reset)(void *arg);                              /* or NULL */
    void *arg;
    bool complete;
};

static inline uint32_t driven_pick(struct driven *d, uint32_t n)
{
    cr_assert(d->at < DRIVEN_DEPTH, "an execution has too many choices");
    if (d->at == d->depth) {
        d->chosen[d->depth] = 0;
        d->of[d->depth++] = n;
    }
    cr_assert_eq(d->of[d->at], n, "the same choices, and not the same moment");
    return d->chosen[d->at++];
}

static inline uint32_t driven_choose(void *arg, const struct go_step *steps,
                                     uint32_t n)
{
    (void)steps;
    return n == 1 ? 0 : driven_pick(arg, n);
}

static inline uint32_t driven_number(void *arg, uint32_t task, uint32_t n)
{
    (void)task;
    return driven_pick(arg, n);
}

static inline bool driven_over(void *arg, const struct go_execution *e)
{
    struct driven *d = arg;

    if (d->more != go_control_more()) {
        d->more = go_control_more();
        d->at = d->depth = 0; /* choices mean something else: begin again */
        return true;
    }
    d->executions++;
    d->ended[e->end]++;
    d->steps += e->steps;
    if (d->each)
        d->each(d->arg, e);
    d->at = 0;
    while (d->depth > 0 && d->chosen[d->depth - 1] + 1 == d->of[d->depth - 1])
        d->depth--;
    d->complete = d->depth == 0;
    if (d->complete || d->executions == d->most)
        return false;
    d->chosen[d->depth - 1]++;
    return true;
}

static inline void driven_reset(void *arg)
{
    struct driven *d = arg;

    if (d->reset)
        d->reset(d->arg);
}

#define DRIVEN_CONTROL(d)                                                      \
    ((struct go_control){.arg = (d),                                           \
                         .choose = driven_choose,                              \
                         .number = driven_number,                              \
                         .over = driven_over,                                  \
                         .reset = driven_reset,                                \
                         .more = (d)->begins,                                  \
                         .early = (d)->early,                                  \
                         .steps = 100000})

static inline void driven_run_by(const struct go_control *control,
                                 void (*body)(void))
{
    struct go_run run = body_run(body);

    run.control = control;
    rt_threads_ours();
    go_run(&run);
}

/* Runs them all. */
static inline void driven_run(struct driven *d, void (*body)(void))
{
    struct go_control control = DRIVEN_CONTROL(d);

    driven_run_by(&control, body);
}

#endif
