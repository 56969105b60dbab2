/* blocks_test.c - every allocated block is found, and nothing else is. */
#include "runtime/base/blocks.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/rng.h"
#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"

enum {
    LIVE = 400,
    STEPS = 40000,
    GONE = 64, /* freed blocks that are asked for again */
    FEW = 16   /* addresses tried in one block */
};

static struct live {
    uintptr_t p;
    size_t n; /* as asked for */
} live[LIVE];
static struct live gone[GONE]; /* the last freed, newest anywhere */

static bool is_found(uintptr_t address, struct rt_block *block)
{
    return rt_block_find(&rt_heap_blocks, address, block);
}

/* From its ends, one past what was asked for, and some of its inside. */
static void check_live(const struct live *l, struct rt_rng *rng)
{
    struct rt_block first, block;

    cr_assert(is_found(l->p, &first));
    cr_assert_eq(first.low, l->p);
    cr_assert_gt(first.size, l->n);
    cr_assert_lt(first.index, rt_blocks_indices(&rt_heap_blocks));
    for (int i = 0; i < FEW; i++) {
        size_t at = i == 0   ? l->n
                    : i == 1 ? first.size - 1
                             : rt_rng_next(rng) % first.size;

        cr_assert(is_found(l->p + at, &block));
        cr_assert(block.low == first.low && block.size == first.size &&
                  block.index == first.index);
    }
}

/* What is found there is a live block of the model, if anything is. */
static void check_address(uintptr_t address)
{
    struct rt_block block;
    bool known = false;

    if (!is_found(address, &block))
        return;
    for (int i = 0; i < LIVE && !known; i++)
        known = live[i].p == block.low;
    cr_assert(known, "a block is found that is not allocated");
    cr_assert(address - block.low < block.size);
}

static size_t some_size(struct rt_rng *rng)
{
    size_t n = rt_rng_below(rng, 1u << rt_rng_below(rng, 19));

    return rt_rng_below(rng, 4) ? n : n & ~(size_t)15; /* as programs ask */
}

static void step(struct live *l, struct rt_rng *rng)
{
    size_t n = some_size(rng);

    if (l->p && rt_rng_below(rng, 3) == 0) {
        l->p = (uintptr_t)rt_heap_realloc((void *)l->p, n + 1);
        l->n = n + 1;
        return;
    }
    if (l->p) {
        gone[rt_rng_below(rng, GONE)] = *l;
        rt_heap_free((void *)l->p);
        l->p = 0;
        return;
    }
    l->p = (uintptr_t)(rt_rng_below(rng, 8)
                           ? rt_heap_malloc(n)
                           : rt_heap_aligned((size_t)1 << rt_rng_below(rng, 18),
                                             n));
    l->n = n;
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = ((const struct live *)a)->p, y = ((const struct live *)b)->p;

    return x < y ? -1 : x > y;
}

/* No two overlap, by what the heap itself says of their sizes. */
static void check_apart(void)
{
    static struct live sorted[LIVE];
    uintptr_t end = 0;

    memcpy(sorted, live, sizeof(live));
    qsort(sorted, LIVE, sizeof(*sorted), by_address);
    for (int i = 0; i < LIVE; i++) {
        struct rt_block block;

        if (!sorted[i].p)
            continue;
        cr_assert(is_found(sorted[i].p, &block));
        cr_assert_geq(block.low, end);
        end = block.low + block.size;
    }
}

static void run_model(uint64_t seed)
{
    struct rt_rng rng = {.state = seed};

    for (int i = 0; i < STEPS; i++) {
        struct live *l = &live[rt_rng_below(&rng, LIVE)];
        const struct live *g = &gone[rt_rng_below(&rng, GONE)];

        step(l, &rng);
        if (l->p)
            check_live(l, &rng);
        if (g->p)
            check_address(g->p + rt_rng_next(&rng) % (g->n + 1));
        check_address(rt_heap_blocks.base +
                      rt_rng_next(&rng) % (rt_heap_blocks.high + RT_CHUNK));
        if (i % 500 == 0)
            check_apart();
    }
}

Test(blocks, the_model_agrees_at_random_1)
{
    run_model(1);
}

Test(blocks, the_model_agrees_at_random_2)
{
    run_model(20261121);
}

Test(blocks, indices_are_different)
{
    static uint8_t seen[1 << 22];

    for (int i = 0; i < 20000; i++) {
        struct rt_block block;
        uintptr_t p = (uintptr_t)rt_heap_malloc((size_t)i % 3000);

        cr_assert(is_found(p, &block));
        cr_assert_lt(block.index, sizeof(seen));
        cr_assert_eq(seen[block.index]++, 0);
    }
    cr_assert_geq(rt_heap_blocks.used << RT_CHUNK_SHIFT, 20000u * 1500);
}

Test(blocks, none_is_found_outside_or_before)
{
    struct rt_block block;

    cr_assert_not(is_found(0, &block));
    cr_assert_not(is_found((uintptr_t)&block, &block));
    rt_heap_free(rt_heap_malloc(1));
    cr_assert_not(is_found(0, &block));
    cr_assert_not(is_found(rt_heap_blocks.base, &block), "the table's pointer");
    cr_assert_not(is_found(rt_heap_blocks.base - 1, &block));
    cr_assert_not(is_found(rt_heap_blocks.base + rt_heap_blocks.high, &block));
    cr_assert_not(is_found((uintptr_t)&block, &block));
}
