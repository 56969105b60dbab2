/* central_test.c - blocks that no thread caches. */
#include "runtime/heap/central.h"

#include <criterion/criterion.h>

#include "runtime/heap/cache.h"
#include "runtime/heap/region.h"

static void open_heap(void)
{
    cr_assert(rt_heap_open());
}

Test(central, all_blocks_of_a_chunk_are_given_out_once, .init = open_heap)
{
    static void *got[RT_CHUNK_BLOCKS];
    unsigned class = rt_class_of(48), all = rt_classes[class].nblock, n = 0;

    while (n < all) {
        unsigned more = rt_central_take(class, got + n, 50);

        cr_assert(more && more <= 50);
        n += more;
    }
    cr_assert_eq(rt_heap_blocks.used, 1);
    for (unsigned i = 0; i < n; i++)
        cr_assert_eq((uintptr_t)got[i], (uintptr_t)got[0] + i * 48);
    rt_central_give(class, got, n);
}

Test(central, empty_chunks_go_back_but_for_one, .init = open_heap)
{
    static void *got[40];
    unsigned class = rt_class_of(8192), n = 0;

    while (n < 40)
        n += rt_central_take(class, got + n, 40 - n);
    cr_assert_eq(rt_heap_blocks.used, 5);
    rt_central_give(class, got, n);
    cr_assert_eq(rt_heap_blocks.used, 1);
}

Test(central, a_chunk_given_back_serves_another_class, .init = open_heap)
{
    void *a[16], *b[1];
    unsigned n = 0;

    while (n < 16)
        n += rt_central_take(rt_class_of(8192), a + n, 16 - n);
    rt_central_give(rt_class_of(8192), a, 16);
    cr_assert_eq(rt_central_take(rt_class_of(16), b, 1), 1);
    cr_assert_eq(rt_heap_blocks.high >> RT_CHUNK_SHIFT, 3);
}

Test(central, says_when_a_lock_is_held, .init = open_heap)
{
    cr_assert_not(rt_central_locked());
    rt_central_lock_all();
    cr_assert(rt_central_locked());
    rt_central_unlock_all();
    cr_assert_not(rt_central_locked());
}
