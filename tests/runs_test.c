/* runs_test.c - runs of chunks: taken, merged, grown, zero when said so. */
#include "runtime/heap/runs.h"

#include <criterion/criterion.h>
#include <string.h>

#include "runtime/base/rng.h"
#include "runtime/heap/region.h"

static uint32_t take(uint32_t length)
{
    bool zero;
    uint32_t first = rt_runs_take(length, &zero);
    char *memory = rt_chunk_memory(first);
    size_t size = (size_t)length << RT_CHUNK_SHIFT;

    cr_assert(first);
    if (zero)
        for (size_t i = 0; i < size; i += 4096)
            cr_assert_eq(memory[i], 0);
    for (size_t i = 0; i < size; i += 4096)
        memory[i] = 1;
    return first;
}

static void open_region(void)
{
    cr_assert_eq(rt_region_open(), 0);
}

Test(runs, neighbours_are_merged_whatever_the_order, .init = open_region)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (int o = 0; o < 6; o++) {
        uint32_t run[3], last;

        for (int i = 0; i < 3; i++)
            run[i] = take(4);
        last = take(1); /* keeps them from growing */
        for (int i = 0; i < 3; i++)
            rt_runs_give(run[orders[o][i]], 4, 4);
        cr_assert_eq(take(12), run[0], "order %d", o);
        rt_runs_give(run[0], 12, 12);
        rt_runs_give(last, 1, 1);
    }
    cr_assert_eq(rt_heap_blocks.used, 0);
}

Test(runs, a_run_grows_into_what_is_free_after_it, .init = open_region)
{
    uint32_t a = take(2), b = take(3), c = take(1);

    cr_assert_not(rt_runs_extend(a, 2, 1));
    rt_runs_give(b, 3, 3);
    cr_assert_not(rt_runs_extend(a, 2, 4));
    cr_assert(rt_runs_extend(a, 2, 2));
    cr_assert_eq(take(1), b + 2); /* what was left of it */
    cr_assert(rt_runs_extend(c, 1, 5), "the last one has the region");
    cr_assert_eq(rt_heap_blocks.used, 4u + 1 + 6);
}

Test(runs, a_long_dirty_run_goes_back_to_the_kernel, .init = open_region)
{
    uint32_t run[RT_RUNS_PURGE];
    bool zero;

    for (int i = 0; i < RT_RUNS_PURGE; i++)
        run[i] = take(1);
    for (int i = 0; i < RT_RUNS_PURGE; i++)
        rt_runs_give(run[i], 1, 1);
    cr_assert_eq(rt_runs_take(RT_RUNS_PURGE, &zero), run[0]);
    cr_assert(zero);
    cr_assert_eq(*rt_chunk_memory(run[0]), 0);
}

Test(runs, refuses_what_cannot_be, .init = open_region)
{
    bool zero;

    cr_assert_eq(rt_runs_take(UINT32_MAX, &zero), 0);
    cr_assert_eq(
        rt_runs_take((uint32_t)(rt_heap_blocks.limit >> RT_CHUNK_SHIFT), &zero),
        0);
}

enum {
    LIVE = 64,
    STEPS = 20000
};

/* Against a map of who has which chunk. */
Test(runs, at_random_no_two_overlap_and_all_comes_back, .init = open_region)
{
    static uint8_t owner[1 << 16];
    struct {
        uint32_t first, length;
    } live[LIVE] = {{0}};
    struct rt_rng rng = {.state = 5};

    for (int step = 0; step < STEPS; step++) {
        unsigned k = rt_rng_below(&rng, LIVE);

        if (live[k].length) {
            memset(owner + live[k].first, 0, live[k].length);
            rt_runs_give(live[k].first, live[k].length, live[k].length);
            live[k].length = 0;
            continue;
        }
        live[k].length = 1 + rt_rng_below(&rng, rt_rng_below(&rng, 2) ? 3 : 20);
        live[k].first = take(live[k].length);
        for (uint32_t i = 0; i < live[k].length; i++)
            cr_assert_eq(owner[live[k].first + i]++, 0, "step %d", step);
    }
    for (unsigned k = 0; k < LIVE; k++)
        if (live[k].length)
            rt_runs_give(live[k].first, live[k].length, live[k].length);
    cr_assert_eq(rt_heap_blocks.used, 0);
}
