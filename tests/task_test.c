/* task_test.c - goroutines by what spawned them. */
#include <criterion/criterion.h>
#include <string.h>

#include "runtime/sched/task.h"

static uint32_t path(const char *text)
{
    return go_task_find(text, strlen(text));
}

Test(task, a_pair_has_one_number)
{
    uint32_t b = rt_task_number(0, 0), c = rt_task_number(0, 1);

    cr_assert_neq(b, c);
    cr_assert_neq(b, 0);
    cr_assert_eq(rt_task_number(0, 0), b);
    cr_assert_eq(rt_task_number(b, 0), rt_task_number(b, 0));
    cr_assert_neq(rt_task_number(b, 0), rt_task_number(c, 0));
}

Test(task, numbers_end_and_known_ones_stay)
{
    uint32_t first = rt_task_number(0, 0), n;

    for (n = 1; rt_task_number(0, n) != GO_NOWHERE; n++)
        ;
    cr_assert_eq(rt_task_count(), RT_TASKS_MAX);
    cr_assert_eq(rt_task_number(0, 0), first);
    cr_assert_eq(rt_task_number(first, 0), GO_NOWHERE);
    for (uint32_t i = 0; i < n; i++)
        cr_assert_neq(rt_task_number(0, i), GO_NOWHERE);
}

/* Whatever was seen first. */
Test(task, order_is_that_of_paths)
{
    static const char *const in_order[] = {"a",     "b",  "bb", "bbb",  "bc",
                                           "c",     "cb", "z",  "(21)", "(21)b",
                                           "(100)", "*b", "*c"};
    enum {
        N = sizeof(in_order) / sizeof(in_order[0])
    };

    for (int i = N; i-- > 0;)
        path(in_order[i]);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            cr_assert_eq(go_task_before(path(in_order[i]), path(in_order[j])),
                         i < j, "%s, %s", in_order[i], in_order[j]);
}

Test(task, a_path_is_cut_where_there_is_no_room)
{
    char all[64], some[4];

    cr_assert_eq(go_task_path(path("(21)b(30)"), all, sizeof(all)), 9);
    cr_assert_str_eq(all, "(21)b(30)");
    go_task_path(path("(21)b(30)"), some, sizeof(some));
    cr_assert_str_eq(some, "(21");
}

Test(task, what_is_no_path_has_no_task)
{
    static const char *const none[] = {"",     "aa",  "ab", "A",
                                       "(20)", "(21", "()", "(99999999999)",
                                       "b*",   "*",   "bp"};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        cr_assert_eq(path(none[i]), GO_NOWHERE, "'%s'", none[i]);
}
