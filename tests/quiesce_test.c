/* quiesce_test.c - who is asked what comes when all are idle. */
#include <string.h>

#include "runtime/sched/controlled.h"
#include "tests/inside.h"

static struct p idle;
static int asked; /* the monitor, which says that it is the end */

static bool ends(bool main_ended, int64_t at)
{
    (void)main_ended, (void)at;
    asked++;
    return true;
}

/* What rt_quiescent says where one worker is idle, and no thread is it. */
static bool is_to_look_again(bool controlled)
{
    static const struct rt_hooks hooks = {.quiescent = ends};

    memset(&rt_s, 0, sizeof(rt_s));
    rt_s.config.hooks = &hooks;
    rt_s.config.clock_virtual = true;
    rt_s.ps[0] = rt_s.idle_p = &idle;
    rt_s.procs = 1;
    rt_s.nidle_p = 1;
    rt_store(rt_controlled, controlled);
    asked = 0;
    return rt_quiescent();
}

Test(quiesce, the_monitor_says_whether_the_run_is_over)
{
    cr_assert_not(is_to_look_again(false));
    cr_assert_eq(asked, 1);
    cr_assert_eq(rt_s.ended, 1 + RT_END_STUCK);
}

/* The tick may come upon a worker that has given up its processor to decide,
   and whose next look for work is on its way. */
Test(quiesce, of_an_execution_only_its_worker_says_that_it_is_at_rest)
{
    cr_assert(is_to_look_again(true));
    cr_assert_eq(asked, 0);
    cr_assert_eq(rt_s.ended, 0);
    cr_assert_not(rt_s.frozen);
    rt_ctl.over = true;
    cr_assert_not(is_to_look_again(true));
    cr_assert_eq(rt_s.ended, 1 + RT_END_RETURNED);
}
