/* region_test.c - the address space of the heap. */
#include "runtime/heap/region.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/sched/sanitize.h"
#include "tests/dumped.h"

Test(region, grows_in_order_and_is_zero)
{
    uint32_t next = 1; /* never chunk 0 */

    cr_assert_eq(rt_region_open(), 0);
    for (uint32_t n = 1; n < 40; n++) {
        uint32_t first = rt_region_grow(n);
        const char *memory = rt_chunk_memory(first);

        cr_assert_eq(first, next);
        next += n;
        cr_assert_eq(rt_heap_blocks.high, (uintptr_t)next << RT_CHUNK_SHIFT);
        cr_assert_eq(memory[0] | memory[n * RT_CHUNK - 1], 0);
        memset(rt_chunk_memory(first), 0xff, n * RT_CHUNK);
    }
}

Test(region, tables_lie_beside_the_region_and_in_what_is_own)
{
    const struct rt_blocks *b = &rt_heap_blocks;
    uintptr_t end, tables[4];

    cr_assert_eq(rt_region_open(), 0);
    end = b->base + b->limit;
    tables[0] = (uintptr_t)b->chunk;
    tables[1] = (uintptr_t)b->length;
    tables[2] = (uintptr_t)b->state;
    tables[3] = (uintptr_t)rt_region.caches + rt_region.caches_size - 1;
    cr_assert(b->own_low <= b->base && b->base % (2 << 20) == 0);
    for (int i = 0; i < 4; i++)
        cr_assert(tables[i] >= end && tables[i] < b->own_high);
}

Test(region, a_core_has_what_was_handed_out)
{
    const struct rt_blocks *b = &rt_heap_blocks;

    cr_assert_eq(rt_region_open(), 0);
    cr_assert(dumped(rt_chunk_memory(rt_region_grow(1))));
    cr_assert(dumped(b->chunk + 1) && dumped(b->state + RT_CHUNK_BLOCKS));
    cr_assert(!dumped((void *)(b->base + b->limit - 1)));
}

Test(region, is_smaller_where_address_space_is_limited)
{
    struct rlimit l;

    cr_assert_eq(getrlimit(RLIMIT_AS, &l), 0);
    l.rlim_cur = (rlim_t)6 << 30;
    cr_assert_eq(setrlimit(RLIMIT_AS, &l), 0);
#if defined(RT_ASAN) || defined(RT_TSAN) /* they have reserved more already */
    cr_assert_eq(rt_region_open(), -ENOMEM);
#else
    cr_assert_eq(rt_region_open(), 0);
    cr_assert_leq(rt_heap_blocks.limit, l.rlim_cur / 4);
    cr_assert_neq(rt_region_grow(1), 0);
    cr_assert_eq(rt_region_grow(UINT32_MAX / 2), 0);
#endif
}

/* The kernel says whether it can be read. */
Test(region, what_was_never_used_cannot_be_touched)
{
    const char *last;
    int ends[2];

    cr_assert_eq(rt_region_open(), 0);
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], rt_chunk_memory(rt_region_grow(1)), 1), 1);
    last = (const char *)(rt_heap_blocks.base + rt_heap_blocks.limit - 1);
    cr_assert_eq(write(ends[1], last, 1), -1);
    cr_assert_eq(errno, EFAULT);
}
