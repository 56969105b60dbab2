/*
 * parked.h - waits until goroutines have parked, without sleeping; programs
 * that are expected to end in a deadlock.
 */
#ifndef TESTS_PARKED_H
#define TESTS_PARKED_H

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "tests/inside.h"

/* How many goroutines are parked for that reason. */
static inline size_t parked(enum go_wait_reason reason)
{
    struct g *self = rt_enter();
    size_t n = 0;

    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        struct g *g = rt_g_at(i);

        n += g && rt_g_status(g) == RT_G_WAITING && g->wait.reason == reason;
    }
    rt_leave(self);
    return n;
}

/* Lets the others run until exactly n are. One worker only: INSIDE. */
static inline void until_parked(size_t n, enum go_wait_reason reason)
{
    while (parked(reason) != n)
        go_yield();
}

/* Runs body as goroutine 1; it, or all, must end up asleep for ever. */
static inline void expect_deadlock(void (*body)(void))
{
    struct go_outcome outcome = {0};
    struct go_run run = {.call = {.fn = (go_fn *)body},
                         .site = GO_SITE(""),
                         .settle = GO_SETTLE_PROGRAM,
                         .settle_for = -1,
                         .clock_virtual = true,
                         .procs = 1,
                         .seed = 1,
                         .text_fd = -1,
                         .json_fd = -1,
                         .dot_fd = -1,
                         .outcome = &outcome};
    int status = go_run(&run);

    cr_assert_str_eq(outcome.panic, "", "%s", outcome.panic);
    cr_assert_eq(outcome.verdict, GO_VERDICT_DEADLOCK);
    cr_assert_eq(status, 2, "status %d", status);
}

#endif
