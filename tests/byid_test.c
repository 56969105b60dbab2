/* byid_test.c - records are found by their id, whatever their order. */
#include "runtime/monitor/byid.h"

#include <criterion/criterion.h>
#include <vigil/inspect.h>

Test(byid, finds_every_record_and_nothing_else)
{
    struct go_inspect_ended e[5] = {
        {.id = 700000}, {.id = 3}, {.id = 65536}, {.id = 1}, {.id = 256}};
    struct rt_arena arena = {0};
    struct mon_byid b;

    cr_assert(mon_byid_build(&b, e, sizeof(e[0]), 5, &arena) == 0);
    for (uint32_t i = 0; i < 5; i++)
        cr_assert(mon_byid_find(&b, e[i].id) == i);
    cr_assert(mon_byid_find(&b, 2) == GO_NOWHERE);
    cr_assert(mon_byid_find(&b, UINT64_MAX) == GO_NOWHERE);
    rt_arena_free(&arena);
}

Test(byid, order_and_rank_are_inverse)
{
    struct go_inspect_ended e[3] = {{.id = 9}, {.id = 1u << 20}, {.id = 4}};
    struct rt_arena arena = {0};
    struct mon_byid b;

    cr_assert(mon_byid_build(&b, e, sizeof(e[0]), 3, &arena) == 0);
    cr_assert(b.index[0] == 2 && b.index[1] == 0 && b.index[2] == 1);
    for (uint32_t r = 0; r < 3; r++)
        cr_assert(b.rank[b.index[r]] == r);
    rt_arena_free(&arena);
}

Test(byid, nothing_is_found_among_none)
{
    struct rt_arena arena = {0};
    struct mon_byid b;

    cr_assert(mon_byid_build(&b, NULL, 8, 0, &arena) == 0);
    cr_assert(mon_byid_find(&b, 0) == GO_NOWHERE);
    rt_arena_free(&arena);
}
