/* waitq_test.c - the queue of who waits, apart from any object. */
#include <criterion/criterion.h>

#include "runtime/sync/waitq.h"

Test(waitq, pop_takes_the_oldest)
{
    struct go_waitq q = {NULL, NULL};
    struct waiter w[3] = {{0}};

    for (int i = 0; i < 3; i++)
        rt_waitq_push(&q, &w[i]);
    for (int i = 0; i < 3; i++) {
        cr_assert(rt_waitq_first(&q) == &w[i]);
        cr_assert(rt_waitq_pop(&q) == &w[i]);
        cr_assert_null(w[i].queue);
    }
    cr_assert_null(rt_waitq_pop(&q));
    cr_assert_null(q.last);
}

Test(waitq, remove_from_any_place_keeps_the_rest_in_order)
{
    for (int gone = 0; gone < 3; gone++) {
        struct go_waitq q = {NULL, NULL};
        struct waiter w[3] = {{0}};

        for (int i = 0; i < 3; i++)
            rt_waitq_push(&q, &w[i]);
        rt_waitq_remove(&w[gone]);
        rt_waitq_remove(&w[gone]); /* again is harmless */
        for (int i = 0; i < 3; i++)
            if (i != gone)
                cr_assert(rt_waitq_pop(&q) == &w[i]);
        cr_assert(!q.first && !q.last);
    }
}

Test(waitq, pop_skips_a_select_that_was_served)
{
    struct go_waitq q = {NULL, NULL};
    static struct g served = {.select_done = 1}, open;
    struct waiter a = {.g = &served, .selects = true};
    struct waiter b = {.g = &open, .selects = true};

    rt_waitq_push(&q, &a);
    rt_waitq_push(&q, &b);
    cr_assert(rt_waitq_pop(&q) == &b);
    cr_assert_null(a.queue);
    cr_assert_eq(open.select_done, 1);
}

Test(waitq, claim_succeeds_once_for_a_select_and_always_else)
{
    static struct g g;
    struct waiter select = {.g = &g, .selects = true};
    struct waiter plain = {.g = &g};

    cr_assert(rt_waiter_claim(&select));
    cr_assert_not(rt_waiter_claim(&select));
    cr_assert(rt_waiter_claim(&plain));
    cr_assert(rt_waiter_claim(&plain));
}
