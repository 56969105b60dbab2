/* heap_scratch_test.c - blocks of one execution: all end at once, and the next
   execution finds what the first one found. */
#include "runtime/heap/scratch.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "runtime/base/rng.h"
#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"
#include "runtime/sched/sanitize.h"
#include "tests/died.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

enum {
    LIVE = 64, /* blocks at a time, in a random program */
    CALLS = 3000
};

static void setup(void)
{
    cr_assert(rt_scratch_begin(1, 2));
}

static void teardown(void)
{
    if (rt_scratch_on)
        rt_scratch_end();
}
TestSuite(heap_scratch, .init = setup, .fini = teardown);

static bool is_filled(const void *p, unsigned char with, size_t n)
{
    const unsigned char *at = p;

    for (size_t i = 0; i < n; i++)
        if (at[i] != with)
            return false;
    return true;
}

static bool is_found(const void *p, size_t n)
{
    struct rt_block block;

    return rt_block_find(&rt_heap_blocks, (uintptr_t)p + n, &block) &&
           block.low == (uintptr_t)p && block.size > n &&
           rt_heap_blocks.state[block.index] == RT_BLOCK_SCRATCH;
}

/* ---- a program of random calls, and what it saw --------------------------*/

static struct {
    unsigned char *p;
    size_t n;
    unsigned char with;
} live[LIVE];

/* Small ones mostly, and each power of ten up to some chunks. */
static size_t some_size(struct rt_rng *rng)
{
    static const uint32_t most[] = {40, 40, 400, 4000, 40000, 400000};

    return rt_rng_below(rng, most[rt_rng_below(rng, 6)]);
}

static uint64_t one_call(struct rt_rng *rng)
{
    uint32_t i = rt_rng_below(rng, LIVE);
    size_t n = some_size(rng);
    unsigned char *p = live[i].p;

    if (p && rt_rng_below(rng, 3) == 0) {
        size_t kept = n < live[i].n ? n : live[i].n;

        p = rt_heap_realloc(p, n + 1);
        cr_assert(is_filled(p, live[i].with, kept), "moved, and not copied");
    } else {
        cr_assert(!p || is_filled(p, live[i].with, live[i].n));
        rt_heap_free(p);
        p = rt_scratch_take(n, 16u << rt_rng_below(rng, 4));
        cr_assert(is_filled(p, 0, n), "not zeroed: %zu bytes", n);
    }
    cr_assert(is_found(p, n) && rt_heap_usable(p) >= n);
    live[i].with = (unsigned char)(1 + rt_rng_below(rng, 255));
    memset(p, live[i].with, live[i].n = n);
    live[i].p = p;
    return (uintptr_t)p;
}

/* All addresses it was given, in one number. */
static uint64_t random_program(uint64_t seed)
{
    struct rt_rng rng = {seed};
    uint64_t sum = 0;

    memset(live, 0, sizeof(live));
    for (int i = 0; i < CALLS; i++)
        sum = sum * 31 + one_call(&rng);
    return sum;
}

Test(heap_scratch, a_reset_gives_the_same_addresses_again)
{
    for (uint64_t seed = 1; seed < 6; seed++) {
        uint64_t first = random_program(seed);

        rt_scratch_reset();
        cr_assert_neq(random_program(seed + 100), first);
        rt_scratch_reset();
        cr_assert_eq(random_program(seed), first, "seed %u", (unsigned)seed);
        rt_scratch_reset();
    }
}

Test(heap_scratch, a_new_begin_gives_the_same_addresses_again)
{
    void *p = rt_scratch_take(100, 0), *q = rt_scratch_take(100000, 0);

    rt_scratch_end();
    cr_assert(rt_scratch_begin(3, 4));
    cr_assert_eq(rt_scratch_take(100, 0), p);
    cr_assert_eq(rt_scratch_take(100000, 0), q);
}

Test(heap_scratch, blocks_of_all_sizes_come_zeroed)
{
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 9 << 20; n += n / 2 + 1) {
            unsigned char *p = rt_scratch_take(n, 0);

            cr_assert(is_filled(p, 0, n), "%zu bytes", n);
            memset(p, 0xff, rt_heap_usable(p));
            if (round == 1)
                rt_heap_free(p);
        }
        rt_scratch_reset();
    }
}

Test(heap_scratch, aligned_blocks_lie_where_they_must)
{
    for (size_t align = 16; align <= 4 << 20; align *= 2)
        for (size_t n = 1; n < 300000; n *= 7) {
            unsigned char *p = rt_scratch_take(n, align);

            cr_assert_eq((uintptr_t)p % align, 0);
            cr_assert(is_found(p, n));
        }
}

Test(heap_scratch, a_loop_of_malloc_and_free_does_not_use_it_up)
{
    for (size_t i = 0; i < 200000; i++)
        rt_heap_free(rt_scratch_take(i % 70000, 0));
    cr_assert_not_null(rt_scratch_take(1 << 20, 0));
}

Test(heap_scratch, when_it_is_used_up_there_is_no_memory_until_the_reset)
{
    size_t n = (size_t)RT_SCRATCH_CHUNKS / 2 << RT_CHUNK_SHIFT;
    void *p = rt_scratch_take(n, 0);

    cr_assert_not_null(p);
    errno = 0;
    cr_assert_null(rt_scratch_take(n, 0));
    cr_assert_eq(errno, ENOMEM);
    cr_assert_null(rt_scratch_take(SIZE_MAX, 0));
    rt_scratch_reset();
    cr_assert_eq(rt_scratch_take(n, 0), p);
}

Test(heap_scratch, a_reset_ends_every_block)
{
    size_t sizes[] = {1, 100, 5000, 32768, 100000, 1 << 20};
    char *p[6];

    for (int i = 0; i < 6; i++)
        p[i] = rt_scratch_take(sizes[i], 0);
    for (int i = 0; i < 6; i++)
        cr_assert(is_found(p[i], sizes[i]));
    rt_scratch_reset();
    for (int i = 0; i < 6; i++)
        cr_assert_not(is_found(p[i], 0));
}

/* S4: the words of a large block outlive it, and must find nothing. */
Test(heap_scratch, what_was_large_is_not_found_when_it_is_cut_anew)
{
    char *large = rt_scratch_take(8 * RT_CHUNK - 1, 0);
    char *small;

    rt_scratch_reset();
    small = rt_scratch_take(8, 0);
    cr_assert_eq(small, large);
    cr_assert(is_found(small, 8));
    cr_assert_not(is_found(small, RT_CHUNK));
    for (int i = 1; i < 8; i++)
        cr_assert_not(is_found(large + i * RT_CHUNK, 0));
}

Test(heap_scratch, the_ordinary_heap_goes_on_beside_it)
{
    char *mine = rt_heap_malloc(100), *scratch = rt_scratch_take(100, 0);

    memset(mine, 7, 100);
    rt_heap_free(scratch);
    cr_assert_neq(rt_heap_malloc(100), scratch);
    rt_scratch_reset();
    cr_assert(is_filled(mine, 7, 100));
    mine = rt_heap_realloc(mine, 200000);
    cr_assert(is_filled(mine, 7, 100));
    cr_assert_not(is_found(mine, 0));
    rt_heap_free(mine);
}

Test(heap_scratch, serves_the_code_that_it_was_begun_for)
{
    rt_scratch_end();
    cr_assert(rt_scratch_begin(4096, 8192));
    cr_assert(rt_scratch_serves((void *)4096));
    cr_assert(rt_scratch_serves((void *)8191));
    cr_assert_not(rt_scratch_serves((void *)4095));
    cr_assert_not(rt_scratch_serves((void *)8192));
}

/* ---- who is told ---------------------------------------------------------*/

static struct {
    int given, own;
    void *last;
    size_t size;
    void *shut; /* may not be taken */
    bool frees; /* while it is told */
} told;

static void taken(uintptr_t low, size_t size)
{
    (void)low;
    (void)size;
}

static bool may_take(uintptr_t low, size_t size)
{
    return (uintptr_t)told.shut - low >= size;
}

static void given(uintptr_t low, size_t size, bool own, const void *pc)
{
    (void)pc;
    told.given++;
    told.own += own;
    told.last = (void *)low;
    told.size = size;
    if (told.frees)
        rt_heap_free((void *)low);
}

static const struct rt_heap_watch watch = {taken, may_take, given};
#define OWN   ((void *)1) /* code that scratch serves: see setup */
#define OTHER ((void *)2)

Test(heap_scratch, what_is_given_back_or_resized_is_told)
{
    char *p = rt_scratch_take(100, 0), *mine = rt_heap_malloc(100), *large;

    rt_scratch_watch(&watch);
    rt_scratch_giving(p + 8, OWN);
    rt_scratch_giving(mine, OWN);
    cr_assert_eq(rt_heap_realloc_by(mine, 50000, OWN) == mine, false);
    cr_assert_eq(told.given, 0);
    cr_assert_eq(rt_heap_realloc_by(p, 101, OWN), p);
    cr_assert(told.given == 1 && told.own == 1 && told.last == p);
    cr_assert_eq(told.size, 112);
    large = rt_heap_realloc_by(p, 100000, OTHER);
    cr_assert(told.given == 2 && told.own == 1 && told.last == p);
    cr_assert_null(rt_heap_realloc_by(large, SIZE_MAX, OWN));
    cr_assert_null(rt_heap_realloc_by(large, (size_t)1 << 40, OWN));
    cr_assert_eq(told.given, 2, "it is what it was");
    cr_assert_null(rt_heap_realloc_by(large, 0, OWN));
    cr_assert(told.given == 3 && told.last == large);
    rt_scratch_giving(p, OWN);
    cr_assert(told.given == 4 && told.last == p, "freed already");
    rt_scratch_watch(NULL);
}

Test(heap_scratch, what_may_not_be_taken_is_not_while_there_is_more)
{
    size_t half = (size_t)RT_SCRATCH_CHUNKS / 2 << RT_CHUNK_SHIFT;

    rt_scratch_watch(&watch);
    for (size_t n = 100; n < 1 << 20; n *= 100) {
        void *p = told.shut = rt_scratch_take(n, 0);

        rt_heap_free(p);
        cr_assert_neq(rt_scratch_take(n, 0), p);
        told.shut = NULL;
        cr_assert_eq(rt_scratch_take(n, 0), p);
    }
    rt_scratch_reset();
    told.shut = rt_scratch_take(half, 0);
    rt_heap_free(told.shut);
    cr_assert_eq(rt_scratch_take(half, 0), told.shut);
    rt_scratch_watch(NULL);
}

static void move_what_goes(void *p)
{
    rt_scratch_watch(&watch);
    told.frees = true;
    rt_heap_realloc_by(p, 100000, OWN);
}

Test(heap_scratch, who_is_told_may_free_it_and_then_it_is_not_moved)
{
    cr_assert(strstr(died_saying(move_what_goes, rt_scratch_take(100, 0)),
                     "realloc(): double free detected"));
}

/* ---- wrong calls ---------------------------------------------------------*/

static void free_twice(void *p)
{
    rt_heap_free(p);
    rt_heap_free(p);
}

static void free_inside(void *p)
{
    rt_heap_free((char *)p + 8);
}

static void free_of_the_last_execution(void *p)
{
    rt_scratch_reset();
    rt_heap_free(p);
}

Test(heap_scratch, wrong_calls_are_told)
{
    void *p = rt_scratch_take(100, 0), *large = rt_scratch_take(100000, 0);

    cr_assert(strstr(died_saying(free_twice, p), "double free detected"));
    cr_assert(
        strstr(died_saying(free_inside, p), "8 bytes inside a block of 112"));
    cr_assert(strstr(died_saying(free_of_the_last_execution, large),
                     "which is not allocated"));
}

#endif
