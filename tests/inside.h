/*
 * inside.h - tests whose body runs as goroutine 1 of a run of its own.
 *
 * Criterion's assertions jump, which a goroutine must not: inside, CHECK
 * panics with the text of what failed, and run_inside shows it outside.
 */
#ifndef TESTS_INSIDE_H
#define TESTS_INSIDE_H

#include <criterion/criterion.h>
#include <vigil/go.h>

#include "runtime/sched/sched.h"
#include "tests/body.h"

#define CHECK(cond)                                                            \
    do {                                                                       \
        if (!(cond))                                                           \
            go_panic("%s:%d: %s", __FILE__, __LINE__, #cond);                  \
    } while (0)
/* Integers; both are shown. */
#define CHECK_EQ(a, b)                                                         \
    do {                                                                       \
        long long check_a = (long long)(a), check_b = (long long)(b);          \
        if (check_a != check_b)                                                \
            go_panic("%s:%d: %s: %lld, not %lld", __FILE__, __LINE__, #a,      \
                     check_a, check_b);                                        \
    } while (0)

/* What go_try caught is text; frees it. */
#define CHECK_PANIC(message, text)                                             \
    do {                                                                       \
        char *check_m = (message);                                             \
        if (!check_m || strcmp(check_m, (text)) != 0)                          \
            go_panic("%s:%d: panic \"%s\", not \"%s\"", __FILE__, __LINE__,    \
                     check_m ? check_m : "(none)", (text));                    \
        free(check_m);                                                         \
    } while (0)

static inline void run_inside(void (*body)(void), bool virtual_clock, int procs)
{
    struct go_outcome outcome = {0};
    struct go_run run = body_program(body, &outcome);
    int status;

    run.clock_virtual = virtual_clock;
    run.procs = procs;
    run.text_fd = 2;
    rt_threads_ours(); /* Criterion has one of its own */
    status = go_run(&run);
    cr_assert_str_eq(outcome.panic, "", "%s", outcome.panic);
    cr_assert_eq(status, 0, "status %d", status);
}

/* One worker, virtual time: everything is exact. */
#define INSIDE(body) run_inside((body), true, 1)
/* A test that is such a body: INSIDE_TEST(suite, claim) { ... } */
#define INSIDE_TEST(suite, claim)                                              \
    static void inside_##suite##_##claim(void);                                \
    Test(suite, claim)                                                         \
    {                                                                          \
        INSIDE(inside_##suite##_##claim);                                      \
    }                                                                          \
    static void inside_##suite##_##claim(void)
/*
 * Inside, on virtual time: returns when all others have ended or are parked,
 * for only then the clock moves.
 */
static inline void let_all_park(void)
{
    go_sleep(GO_NANOSECOND);
}
/* Real time; nothing may be asserted about how long anything takes. */
#define INSIDE_REAL(body, procs) run_inside((body), false, (procs))

#endif
