/* runq_test.c - a run queue from both its ends. */
#include "runtime/sched/runq.h"
#include "tests/inside.h"

enum {
    N = 3
};

static struct g gs[N];

/* q has n, of which first comes first and the others follow. */
static void check_order(struct rt_runq *q, uint32_t n, int first)
{
    cr_assert_eq(rt_runq_len(q), n);
    for (uint32_t i = 0; i < n; i++)
        cr_assert_eq(rt_runq_pop(q), &gs[first + (int)i]);
    cr_assert_null(rt_runq_pop(q));
    cr_assert_eq(rt_runq_len(q), 0);
}

Test(runq, the_last_comes_off_whichever_end_it_was_put_on)
{
    struct rt_runq q = {0};

    rt_runq_push(&q, &gs[1]);
    rt_runq_push_front(&q, &gs[0]);
    rt_runq_push(&q, &gs[2]);
    cr_assert_eq(rt_runq_pop_last(&q), &gs[2]);
    check_order(&q, 2, 0);
}

Test(runq, both_ends_meet)
{
    struct rt_runq q = {0};

    for (int i = N; i-- > 0;)
        rt_runq_push_front(&q, &gs[i]);
    cr_assert_eq(rt_runq_pop(&q), &gs[0]);
    cr_assert_eq(rt_runq_pop_last(&q), &gs[2]);
    cr_assert_eq(rt_runq_pop_last(&q), &gs[1]);
    cr_assert_null(rt_runq_pop_last(&q));
    rt_runq_push(&q, &gs[2]);
    check_order(&q, 1, 2);
}

Test(runq, all_of_one_come_behind_those_of_another)
{
    struct rt_runq to = {0}, from = {0};

    rt_runq_append(&to, &from);
    cr_assert_null(rt_runq_pop(&to));
    rt_runq_push(&from, &gs[0]);
    rt_runq_append(&to, &from);
    rt_runq_push(&from, &gs[1]);
    rt_runq_push(&from, &gs[2]);
    rt_runq_append(&to, &from);
    cr_assert_null(rt_runq_pop(&from));
    cr_assert_eq(rt_runq_len(&from), 0);
    cr_assert_eq(rt_runq_pop_last(&to), &gs[2]);
    check_order(&to, 2, 0);
}
