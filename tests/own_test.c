/* own_test.c - what is the runtime's memory, and what the program's. */
#include <string.h>
#include <sys/mman.h>

#include "runtime/base/arena.h"
#include "runtime/base/own.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/chan.h"
#include "tests/inside.h"
#include "tests/owned.h"

enum {
    PAGE = 4096,
    SPANS = 8192
};
static int of_the_program = 1;
static int zero_of_the_program;

Test(own, variables_of_the_runtime_are_its_own)
{
    cr_assert(owned(&rt_s), "what is zero at first");
    cr_assert(owned(&rt_solo) && owned(&rt_fatal_hook));
    cr_assert(owned((const char *)(&rt_s + 1) - 1));
}

Test(own, variables_of_the_program_are_not)
{
    int local = 0;

    cr_assert(!owned(&of_the_program) && !owned(&zero_of_the_program));
    cr_assert(!owned(&local));
    cr_assert(!owned((const void *)(uintptr_t)&rt_own_list), "nor is code");
}

Test(own, what_is_added_is_known_until_it_is_removed)
{
    char *p =
        mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    cr_assert(rt_own_add(p + PAGE, PAGE));
    cr_assert(owned(p + PAGE) && owned(p + 2 * PAGE - 1));
    cr_assert(!owned(p + PAGE - 1) && !owned(p + 2 * PAGE));
    rt_own_remove(p + PAGE);
    cr_assert(!owned(p + PAGE));
    munmap(p, 3 * PAGE);
}

Test(own, an_arena_is_the_runtimes_until_it_is_freed)
{
    struct rt_arena a = {0};
    char *first = rt_arena_alloc(&a, 16), *large = rt_arena_alloc(&a, 4 << 20);

    cr_assert(owned(first) && owned(large) && owned(large + (4 << 20) - 1));
    rt_arena_free(&a);
    cr_assert(!owned(first) && !owned(large));
}

Test(own, a_full_table_says_so)
{
    static char byte[SPANS];
    int n = 0;

    while (rt_own_add(&byte[n], 1))
        n++;
    cr_assert_gt(n, 1000);
    cr_assert(!owned(&byte[n]));
    rt_own_remove(&byte[0]);
    cr_assert(rt_own_add(&byte[n], 1), "a slot that is free again");
}

Test(own, the_list_is_sorted_and_joined)
{
    static struct rt_span list[SPANS];
    static char room[5 * PAGE]; /* more, so that no neighbour is joined too */
    char *byte = room + PAGE;
    uint32_t n = rt_own_list(list, SPANS), joined;

    for (int i = 2; i >= 0; i--)
        cr_assert(rt_own_add(byte + i * PAGE, PAGE));
    joined = rt_own_list(list, SPANS);
    cr_assert_eq(joined, n + 1, "%u, not %u", joined, n + 1);
    for (uint32_t i = 0; i < joined; i++) {
        cr_assert_lt(list[i].low, list[i].high);
        cr_assert(!i || list[i - 1].high < list[i].low);
    }
}

Test(own, a_list_without_room_is_cut)
{
    struct rt_span two[2] = {{0, 0}, {0, 0}};

    cr_assert_gt(rt_own_list(two, 1), 1);
    cr_assert_neq(two[0].low, 0);
    cr_assert_eq(two[1].low, 0);
}

INSIDE_TEST(own, pools_of_a_run_are_the_runtimes)
{
    chan(int) c = chan_make(int, 1);

    CHECK(owned(rt_chan_of((const void *)c)));
    CHECK(owned(rt_stack_low(rt_g())) && owned(rt_g()));
    CHECK(owned(rt_m()->altstack));
}
