/* arena_test.c - memory that does not come from malloc. */
#include "runtime/base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(arena, gives_zeroed_memory_aligned_to_16)
{
    struct rt_arena a = {0};

    for (size_t n = 1; n < 5000; n += 37) {
        unsigned char *p = rt_arena_alloc(&a, n);

        cr_assert_not_null(p);
        cr_assert_eq((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            cr_assert_eq(p[i], 0);
        memset(p, 0xff, n); /* the next one must not see it */
    }
    rt_arena_free(&a);
}

Test(arena, a_request_beyond_a_chunk_gets_its_own)
{
    struct rt_arena a = {0};
    char *small = rt_arena_alloc(&a, 10);
    char *big = rt_arena_alloc(&a, 5 << 20);

    cr_assert_not_null(big);
    memset(big, 1, 5 << 20);
    cr_assert_eq(small[0], 0);
    rt_arena_free(&a);
    cr_assert_null(a.chunks);
}

Test(arena, refuses_what_cannot_be)
{
    struct rt_arena a = {0};

    cr_assert_null(rt_arena_alloc(&a, SIZE_MAX - 4));
    cr_assert_null(rt_arena_alloc(&a, SIZE_MAX / 2));
    rt_arena_free(&a);
}

Test(arena, a_growing_array_keeps_its_elements)
{
    struct rt_arena a = {0};
    int *v = NULL;
    size_t cap = 0;

    for (size_t n = 0; n < 10000; n++) {
        cr_assert(rt_arena_grow(&a, &v, n, &cap, sizeof(*v)));
        v[n] = (int)n;
    }
    for (size_t n = 0; n < 10000; n++)
        cr_assert_eq(v[n], (int)n);
    rt_arena_free(&a);
}

Test(arena, a_fixed_one_stays_in_its_memory)
{
    static _Alignas(16) char memory[4096];
    struct rt_arena a = {0};
    char *p, *last = NULL;

    rt_arena_fixed(&a, memory, sizeof(memory));
    while ((p = rt_arena_alloc(&a, 100))) {
        cr_assert(p > last && p >= memory);
        cr_assert_leq(p + 100, memory + sizeof(memory));
        last = p;
    }
    cr_assert_geq(last, memory + 3900);
    rt_arena_free(&a);
    memory[0] = 1; /* still there */
}
