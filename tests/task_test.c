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

/* Each is the nth of the one before. */
static uint32_t chain(uint32_t from, uint32_t nth, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        from = rt_task_number(from, nth);
    return from;
}

static void is_spelled(uint32_t task, const char *as)
{
    char is[256];

    cr_assert_eq(go_task_path(task, is, sizeof(is)), strlen(as), "%s", is);
    cr_assert_str_eq(is, as);
    cr_assert_eq(path(as), task, "%s", as);
}

Test(task, a_long_row_of_one_letter_is_counted)
{
    uint32_t b = chain(0, 0, 5000);

    is_spelled(chain(0, 0, 8), "bbbbbbbb");
    is_spelled(chain(0, 0, 9), "(b*9)");
    is_spelled(b, "(b*5000)");
    is_spelled(rt_task_number(b, 1), "(b*5000)c");
    is_spelled(chain(rt_task_number(b, 1), 0, 3), "(b*5000)cbbb");
    is_spelled(chain(path("c"), 30, 12), "c((30)*12)");
    is_spelled(chain(path("*c"), 0, 10), "*c(b*10)");
    is_spelled(chain(path("*c"), 1, 10), "*(c*11)");
    cr_assert_eq(path("(b*3)"), path("bbb"), "who writes it so means that");
}

/* Not in rows: two letters in turn. */
Test(task, however_deep_it_is_a_task_has_a_path_of_its_own)
{
    enum {
        DEEP = 3000
    };
    static char one[DEEP + 1], other[DEEP + 1], whole[DEEP + 1];
    uint32_t task = 0, before;

    for (int i = 0; i < DEEP; i++) {
        before = task;
        task = rt_task_number(task, (uint32_t)i % 2);
        whole[i] = "bc"[i % 2];
    }
    cr_assert_eq(go_task_path(task, one, sizeof(one)), DEEP);
    cr_assert_str_eq(one, whole);
    cr_assert_eq(path(one), task);
    go_task_path(before, other, sizeof(other));
    cr_assert_eq(path(other), before);
    cr_assert_eq(go_task_path(task, other, 64), DEEP, "as long as it would be");
    cr_assert(strlen(other) == 63 && memcmp(other, one, 63) == 0);
}

Test(task, deep_ones_are_in_order_too)
{
    uint32_t deep = chain(0, 0, 2000);
    const uint32_t in_order[] = {
        0,
        chain(0, 0, 70),
        chain(0, 0, 1999),
        deep,
        rt_task_number(deep, 0),
        rt_task_number(deep, 1),
        chain(rt_task_number(deep, 1), 3, 700),
        rt_task_number(deep, 2),
        rt_task_number(chain(0, 0, 1000), 1),
        rt_task_number(0, 1),
        chain(path("*b"), 0, 300),
        path("*c"),
    };
    enum {
        N = sizeof(in_order) / sizeof(in_order[0])
    };

    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            cr_assert_eq(go_task_before(in_order[i], in_order[j]), i < j,
                         "%d, %d", i, j);
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
    static const char *const none[] = {"",       "aa",
                                       "ab",     "A",
                                       "(20)",   "(21",
                                       "()",     "(99999999999)",
                                       "b*",     "*",
                                       "bp",     "(b*0)",
                                       "(b*)",   "(b*2",
                                       "(bb*2)", "((21*2)",
                                       "(*b)",   "(b*9999999999)",
                                       "b*2"};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        cr_assert_eq(path(none[i]), GO_NOWHERE, "'%s'", none[i]);
}
