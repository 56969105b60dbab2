/*
 * explore_unproven_test.c - what becomes of a livelock that a search has seen,
 * whether it is confirmed or not. Memory is always the same here, and the tests
 * say what came of the confirmation.
 */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "harness/explore/confirm.h"
#include "harness/explore/explain.h"
#include "harness/explore/explore.h"
#include "harness/explore/outside.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"

#if !defined(RT_TSAN) && !defined(RT_ASAN)
#include "tests/states.h"

static struct hn_confirmed confirmed;

/* In place of confirm.c's. */
void hn_confirm(const struct go_run *run, const struct hn_schedule *schedule,
                uint32_t early, struct hn_confirmed *to)
{
    (void)run;
    (void)schedule;
    (void)early;
    *to = confirmed;
}

static void spin(void)
{
    for (;;)
        go_yield();
}

static struct hn_explored explored(bool alone)
{
    struct go_run run = body_run(spin);
    const struct hn_explore_ask ask = {
        .strategy = "random", .schedules = 3, .seed = 1};
    struct hn_explored x;

    run.scenario = "spin";
    rt_threads_ours();
    confirmed = (struct hn_confirmed){
        .livelock = true, .alone = alone, .call = HN_OUTSIDE_NOTHING};
    cr_assert_eq(hn_explore(&run, &ask, &x), 0);
    return x;
}

Test(unproven, a_livelock_that_is_confirmed_is_a_failure)
{
    struct hn_explored x = explored(true);

    cr_assert_eq(x.nfailures, 1);
    cr_assert(x.failures[0].livelock);
    cr_assert_eq(x.livelocks, 0);
    hn_explored_free(&x);
}

Test(unproven, one_that_is_not_is_none_and_nothing_is_complete)
{
    struct hn_explored x = explored(false);

    cr_assert_eq(x.nfailures, 0);
    cr_assert_geq(x.livelocks, 1);
    cr_assert_not(x.complete);
    hn_explored_free(&x);
}
#endif
