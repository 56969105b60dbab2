/*
 * explore_share_test.c - what is found is told of, however long it takes to
 * shrink it. Here that never ends, and memory is always the same.
 */
#include <criterion/criterion.h>
#include <unistd.h>
#include <vigil/go.h>

#include "harness/explore/confirm.h"
#include "harness/explore/explain.h"
#include "harness/explore/explore.h"
#include "harness/explore/shrink.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"

#if !defined(RT_TSAN) && !defined(RT_ASAN)
#include "tests/states.h"

/* In place of shrink.c's: it has seen the failure again, and goes on. */
void hn_shrink(const struct go_run *run, const struct hn_shrink_ask *ask,
               struct hn_shrunk *to)
{
    (void)run;
    (void)ask;
    to->same = true;
    for (;;)
        pause();
}

/* In place of confirm.c's. */
void hn_confirm(const struct go_run *run, const struct hn_schedule *schedule,
                uint32_t early, struct hn_confirmed *to)
{
    (void)run;
    (void)schedule;
    (void)early;
    to->livelock = to->alone = true;
}

static void spin(void)
{
    for (;;)
        go_yield();
}

/* Not confirmed it would be none. */
static void confirmed_within(int64_t time)
{
    struct go_run run = body_run(spin);
    const struct hn_explore_ask ask = {
        .strategy = "random", .schedules = 3, .seed = 1, .time = time};
    struct hn_explored x = {0};

    run.scenario = "spin";
    rt_threads_ours();
    cr_assert_eq(hn_explore(&run, &ask, &x), 0);
    cr_assert_eq(x.nfailures, 1);
    cr_assert(x.failures[0].late);
    cr_assert_not_null(x.failures[0].token);
    cr_assert(x.failures[0].confirmed.alone);
    hn_explored_free(&x);
}

Test(share, a_livelock_is_confirmed_though_it_is_not_yet_short)
{
    confirmed_within(GO_SECOND);
}

/* Whoever was late has some time all the same: else all was for nothing. */
Test(share, the_first_failure_is_done_again_however_late_it_was_found)
{
    confirmed_within(1);
}
#endif
