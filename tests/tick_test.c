/* tick_test.c - what the tick gives away of who computes, and when it does not.
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

/* One tick of two workers who compute, behind one of whom all have gathered; no
   thread is either of them. */
static void tick(bool frozen)
{
    static const struct rt_hooks hooks = {.tick = end};

    memset(&rt_s, 0, sizeof(rt_s));
    rt_s.config.hooks = &hooks;
    rt_s.ps[0] = &computes;
    rt_s.ps[1] = &other;
    rt_s.procs = 2;
    rt_s.frozen = frozen;
    computes = other = (struct p){0};
    rt_runq_push(&computes.q, &woken);
    rt_runq_push(&computes.fresh, &fresh);
    computes.next = &next;
    rt_tick_loop();
}

Test(tick, who_is_queued_behind_one_that_computes_is_everybodys)
{
    tick(false);
    cr_assert_eq(rt_runq_pop(&rt_s.global), &woken);
    cr_assert_eq(rt_runq_pop(&rt_s.global), &next);
    cr_assert_eq(rt_runq_pop(&rt_s.global), &fresh);
    cr_assert(!rt_runq_len(&computes.q) && !rt_runq_len(&computes.fresh));
    cr_assert_null(computes.next);
}

/* A look walks the queues then. */
Test(tick, nobody_is_moved_while_the_world_is_stopped)
{
    tick(true);
    cr_assert_eq(rt_runq_len(&rt_s.global), 0);
    cr_assert_eq(rt_runq_pop(&computes.q), &woken);
    cr_assert_eq(rt_runq_pop(&computes.fresh), &fresh);
    cr_assert_eq(computes.next, &next);
}
