/* tick_test.c - what the tick gives away of who computes, and when it does not. */
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
