/* atomic_test.c - what each operation returns and leaves. */
#include "tests/inside.h"

Test(atomic, operations_return_what_they_say)
{
    struct go_atomic a = {0};

    cr_assert_eq(go_atomic_add(&a, 5), 5); /* the new value */
    cr_assert_eq(go_atomic_add(&a, -7), -2);
    cr_assert_eq(go_atomic_swap(&a, 9), -2); /* the old one */
    cr_assert_not(go_atomic_cas(&a, 8, 1));
    cr_assert_eq(go_atomic_load(&a), 9);
    cr_assert(go_atomic_cas(&a, 9, INT64_MIN));
    cr_assert_eq(go_atomic_load(&a), INT64_MIN);
    go_atomic_store(&a, 3);
    cr_assert_eq(go_atomic_load(&a), 3);
}

static void count(struct go_atomic *a)
{
    for (int i = 0; i < 50000; i++)
        go_atomic_add(a, 1);
}

static void count_together(void)
{
    struct go_atomic a = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, count, &a);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&a), 200000);
}

Test(atomic, adds_of_several_workers_are_all_counted)
{
    INSIDE_REAL(count_together, 4);
}
