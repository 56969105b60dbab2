/*
 * parked.h - waits until goroutines have parked, without sleeping; programs
 * that are expected to end in a deadlock.
 */
#ifndef TESTS_PARKED_H
#define TESTS_PARKED_H

#include <sys/wait.h>
#include <unistd.h>

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

/* In a child process: what its status says of the run's verdict. */
static inline void run_in_child(void (*body)(void))
{
    struct go_outcome outcome = {0};
    const struct go_run run = body_program(body, &outcome);
    int status;

    rt_threads_ours();
    status = go_run(&run);
    if (outcome.panic[0])
        fprintf(stderr, "panic: %s\n", outcome.panic);
    _exit(status == 2 ? outcome.verdict : GO_VERDICT_COUNT);
}

/*
 * Runs body as goroutine 1; it, or all, must end up asleep for ever. In a
 * child of its own: this process may have a thread of the test framework's,
 * and a thread that could do anything is life to whatever is not exact.
 */
static inline void expect_deadlock(void (*body)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        run_in_child(body);
    cr_assert(child > 0 && waitpid(child, &status, 0) == child);
    cr_assert(WIFEXITED(status), "status %#x", status);
    cr_assert_eq(WEXITSTATUS(status), GO_VERDICT_DEADLOCK, "verdict %d",
                 WEXITSTATUS(status));
}

#endif
