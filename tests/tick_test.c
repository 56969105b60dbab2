/*
 * tick_test.c - what the tick gives away of who computes, and when the virtual
 * clock goes on while nobody does.
 */
#include <string.h>

#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"
#include "tests/inside.h"

static struct g woken, fresh, next;
static struct p computes, other;

static void end(void)
{
    rt_store(rt_s.ended, 1);
}

/* Two workers who compute, behind one of whom all have gathered; no thread is
   either of them. */
static void gather(void)
{
    static const struct rt_hooks hooks = {.tick = end};

    memset(&rt_s, 0, sizeof(rt_s));
    rt_s.config.hooks = &hooks;
    rt_s.ps[0] = &computes;
    rt_s.ps[1] = &other;
    rt_s.procs = 2;
    computes = other = (struct p){0};
    rt_runq_push(&computes.q, &woken);
    rt_runq_push(&computes.fresh, &fresh);
    computes.next = &next;
}

static void nobody_is_moved(void)
{
    rt_tick_loop();
    cr_assert_eq(rt_runq_len(&rt_s.global), 0);
    cr_assert_eq(rt_runq_pop(&computes.q), &woken);
    cr_assert_eq(rt_runq_pop(&computes.fresh), &fresh);
    cr_assert_eq(computes.next, &next);
}

Test(tick, who_is_queued_behind_one_that_computes_is_everybodys)
{
    gather();
    rt_tick_loop();
    cr_assert_eq(rt_runq_pop(&rt_s.global), &woken);
    cr_assert_eq(rt_runq_pop(&rt_s.global), &next);
    cr_assert_eq(rt_runq_pop(&rt_s.global), &fresh);
    cr_assert(!rt_runq_len(&computes.q) && !rt_runq_len(&computes.fresh));
    cr_assert_null(computes.next);
}

/* A look walks the queues then. */
Test(tick, nobody_is_moved_while_the_world_is_stopped)
{
    gather();
    rt_s.frozen = true;
    nobody_is_moved();
}

/* Who holds one may wait for the processor that the tick is on. */
Test(tick, where_a_lock_is_taken_it_is_left_to_the_next)
{
    gather();
    computes.q.lock = 1;
    nobody_is_moved();
    gather();
    rt_s.lock = 1;
    nobody_is_moved();
    cr_assert_eq(computes.q.lock, 0);
}

/* ---- the time that all have slept ----------------------------------------*/

/* All were asleep, and are. */
static struct rt_rest asleep(void)
{
    memset(&rt_s, 0, sizeof(rt_s));
    rt_s.config.clock_virtual = true;
    rt_s.procs = 1;
    rt_s.nidle_p = 1;
    return (struct rt_rest){.begun = rt_monotonic() - GO_SECOND, .idle = true};
}

static bool flows(const struct rt_rest *rest)
{
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    rt_rest_over_locked(rest);
    rt_unlock_always(&rt_s.lock);
    return rt_s.virt >= GO_SECOND;
}

Test(tick, what_all_have_slept_is_time_that_has_passed)
{
    struct rt_rest rest = asleep();

    cr_assert(flows(&rest));
    rt_s.virt = 0;
    rest.idle = false; /* they came to it later */
    cr_assert(flows(&rest));
}

Test(tick, who_was_woken_by_the_end_of_a_look_has_slept_till_then)
{
    struct rt_rest rest = asleep();

    rt_s.nidle_p = 0;
    cr_assert(flows(&rest));
}

Test(tick, where_somebody_has_run_or_runs_it_has_not)
{
    struct rt_rest rest = asleep();
    struct m ran = {.switches = 1};

    rt_s.nidle_p = 0;
    rt_s.all_m = &ran;
    cr_assert_not(flows(&rest));
    rest = asleep();
    rt_s.nidle_p = 0;
    rest.idle = false;
    cr_assert_not(flows(&rest));
}

Test(tick, nor_where_a_decision_is_made_or_the_clock_has_jumped)
{
    struct rt_rest rest = asleep();

    rt_s.frozen = true;
    cr_assert_not(flows(&rest));
    rest = asleep();
    rt_s.jumps = 1;
    cr_assert_not(flows(&rest));
}

Test(tick, nor_of_a_clock_that_is_real)
{
    struct rt_rest rest = asleep();

    rt_s.config.clock_virtual = false;
    cr_assert_not(flows(&rest));
}
