/* g_test.c - the status of goroutines, and what they hold. */
#include "runtime/sched/g.h"

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "tests/inside.h"

Test(g, a_move_that_is_not_in_the_table_throws, .exit_code = RT_EXIT_INTERNAL)
{
    struct g g = {.status = RT_G_WAITING};

    rt_g_set_status(&g, RT_G_WAITING, RT_G_RUNNING); /* past rt_ready */
}

Test(g, a_move_from_another_status_throws, .exit_code = RT_EXIT_INTERNAL)
{
    struct g g = {.status = RT_G_RUNNING};

    rt_g_set_status(&g, RT_G_WAITING, RT_G_RUNNABLE); /* woken twice */
}

Test(g, held_is_found_by_object_and_kind_of_hold)
{
    struct g g = {.held_cap = RT_HELD_INLINE};
    struct go_object obj[20] = {0};

    g.held = g.held_inline;
    for (int i = 0; i < 20; i++) /* more than fit in line */
        rt_held_push(&g, &obj[i], GO_SITE(""), i % 2);
    cr_assert_eq(g.nheld, 20);
    for (int i = 0; i < 20; i++) {
        cr_assert_null(rt_held_find(&g, &obj[i], !(i % 2)));
        cr_assert_not_null(rt_held_find(&g, &obj[i], i % 2));
    }
    cr_assert_not(rt_held_pop(&g, &obj[3], false));
    cr_assert(rt_held_pop(&g, &obj[3], true));
    cr_assert_not(rt_held_pop(&g, &obj[3], true));
    cr_assert_eq(g.nheld, 19);
    cr_assert_eq(g.held[3].obj, &obj[4]); /* the order stays */
}

static void wait_on(chan(int) c)
{
    chan_recv(c);
}

INSIDE_TEST(g, find_finds_only_who_exists)
{
    chan(int) c = chan_make(int, 0);

    go(wait_on, c);
    let_all_park();
    CHECK(rt_g_find(2) && rt_g_find(2)->id == 2);
    CHECK_EQ(rt_g_status(rt_g_find(2)), RT_G_WAITING);
    chan_close(c);
    let_all_park();
    CHECK(!rt_g_find(2));
}
