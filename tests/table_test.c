/* table_test.c - addresses to numbers. */
#include <criterion/criterion.h>

#include "runtime/monitor/intake.h"

enum {
    MANY = 5000
};
static char place[MANY];

Test(table, each_key_keeps_its_first_value)
{
    struct mon_table t = {0};
    struct rt_arena arena = {0};
    bool is_new;

    for (uint32_t i = 0; i < MANY; i++) {
        cr_assert_eq(mon_table_put(&t, &arena, &place[i], i, &is_new), i);
        cr_assert(is_new);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        cr_assert_eq(mon_table_put(&t, &arena, &place[i], 0, &is_new), i);
        cr_assert(!is_new);
        cr_assert_eq(mon_table_get(&t, &place[i]), i);
    }
    rt_arena_free(&arena);
}

Test(table, unknown_key_is_nowhere)
{
    struct mon_table t = {0};
    struct rt_arena arena = {0};
    bool is_new;

    cr_assert_eq(mon_table_get(&t, &place[1]), GO_NOWHERE);
    mon_table_put(&t, &arena, &place[2], 7, &is_new);
    cr_assert_eq(mon_table_get(&t, &place[1]), GO_NOWHERE);
    rt_arena_free(&arena);
}
