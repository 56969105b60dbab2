/* large_test.c - blocks of whole chunks. */
#include "runtime/heap/large.h"

#include <criterion/criterion.h>
#include <string.h>

#include "runtime/heap/cache.h"
#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"

static void open_heap(void)
{
    cr_assert(rt_heap_open());
}

static uint32_t number(const void *p)
{
    return (uint32_t)(((uintptr_t)p - rt_heap_blocks.base) >> RT_CHUNK_SHIFT);
}

static bool found(const char *p, struct rt_block *block)
{
    return rt_block_find(&rt_heap_blocks, (uintptr_t)p, block);
}

Test(large, is_found_from_every_chunk_until_given_back, .init = open_heap)
{
    struct rt_block block;
    bool zero;
    char *p = rt_large_take(5 * RT_CHUNK - 7, 1, &zero);

    cr_assert(p && zero);
    for (size_t at = 0; at < 5 * RT_CHUNK; at += 997) {
        cr_assert(found(p + at, &block));
        cr_assert_eq(block.low, (uintptr_t)p);
        cr_assert_eq(block.size, 5u * RT_CHUNK);
    }
    cr_assert_not(found(p + 5 * RT_CHUNK, &block));
    rt_large_give(number(p));
    for (size_t at = 0; at < 5 * RT_CHUNK; at += 997)
        cr_assert_not(found(p + at, &block));
}

Test(large, its_place_serves_small_ones_and_is_not_found, .init = open_heap)
{
    struct rt_block block;
    bool zero;
    char *p = rt_large_take(5 * RT_CHUNK, 1, &zero), *small;

    rt_large_give(number(p));
    do
        small = rt_heap_malloc(100);
    while (small != p); /* its very first block */
    for (size_t at = RT_CHUNK; at < 5 * RT_CHUNK; at += 997)
        cr_assert_not(found(p + at, &block));
}

Test(large, lies_at_multiples_of_any_alignment, .init = open_heap)
{
    bool zero;

    for (size_t align = 1; align <= (64 << 20); align *= 2) {
        void *p = rt_large_take(100000, align, &zero);
        void *q = rt_large_take(70000, align, &zero);

        cr_assert(p && (uintptr_t)p % align == 0);
        cr_assert(q && (uintptr_t)q % align == 0);
        rt_large_give(number(p));
        rt_large_give(number(q));
    }
    cr_assert_eq(rt_heap_blocks.used, 0);
}

Test(large, changes_its_size_in_place, .init = open_heap)
{
    struct rt_block block;
    bool zero;
    char *p = rt_large_take(3 * RT_CHUNK, 1, &zero), *q;

    cr_assert(rt_large_resize(number(p), 9 * RT_CHUNK));
    cr_assert(found(p + 9 * RT_CHUNK - 1, &block) &&
              block.low == (uintptr_t)p && block.size == 9u * RT_CHUNK);
    q = rt_large_take(RT_CHUNK, 1, &zero);
    cr_assert_not(rt_large_resize(number(p), 10 * RT_CHUNK));
    cr_assert(rt_large_resize(number(p), 2 * RT_CHUNK));
    cr_assert_not(found(p + 2 * RT_CHUNK, &block));
    cr_assert(found(p + 2 * RT_CHUNK - 1, &block));
    rt_large_give(number(p));
    rt_large_give(number(q));
    cr_assert_eq(rt_heap_blocks.used, 0);
}

Test(large, refuses_what_cannot_be, .init = open_heap)
{
    bool zero;

    cr_assert_null(rt_large_take(RT_LARGE_MAX + 1, 1, &zero));
    cr_assert_null(rt_large_take(RT_LARGE_MAX, RT_LARGE_MAX, &zero));
    cr_assert_null(rt_large_take(1, RT_LARGE_MAX * 2, &zero));
    cr_assert_eq(rt_heap_blocks.used, 0);
}
