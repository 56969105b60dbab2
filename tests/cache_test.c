/* cache_test.c - the caches of threads. */
#include "runtime/heap/cache.h"

#include <criterion/criterion.h>
#include <pthread.h>

#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"

enum {
    N = 3000
};

static void allocate_and_free(void)
{
    void *p[N];

    for (int i = 0; i < N; i++)
        p[i] = rt_heap_malloc(100);
    for (int i = 0; i < N; i++)
        rt_heap_free(p[i]);
}

static void *work(void *arg)
{
    allocate_and_free();
    return arg;
}

static void in_thread(void *(*fn)(void *), void *arg)
{
    pthread_t t;

    cr_assert_eq(pthread_create(&t, NULL, fn, arg), 0);
    cr_assert_eq(pthread_join(t, NULL), 0);
}

Test(cache, is_made_at_the_first_call)
{
    cr_assert_eq(rt_cache_mine, &rt_cache_none);
    rt_heap_free(rt_heap_malloc(1));
    cr_assert_neq(rt_cache_mine, &rt_cache_none);
}

Test(cache, never_holds_more_than_its_capacity)
{
    const struct rt_bin *bin;

    allocate_and_free();
    bin = &rt_cache_mine->bins[rt_class_of(101)];
    cr_assert(bin->n > 0 && bin->n <= bin->capacity);
    cr_assert_leq(bin->capacity, RT_CACHED_MAX);
}

/* Else a program that starts threads all the time would grow for ever. */
Test(cache, of_a_thread_that_ended_serves_the_next)
{
    uintptr_t high;

    in_thread(work, NULL);
    high = rt_heap_blocks.high;
    for (int i = 0; i < 50; i++)
        in_thread(work, NULL);
    cr_assert_eq(rt_heap_blocks.high, high);
    cr_assert_leq(rt_heap_blocks.used, 1, "chunks that are empty go back");
}

static pthread_key_t late;
static void *volatile late_block;

/* Destructors run in the order of their keys: the heap's was made first. */
static void at_end(void *block)
{
    rt_heap_free(block);
    cr_assert_eq(rt_cache_mine, &rt_cache_none);
    late_block = rt_heap_malloc(64);
    rt_heap_free(rt_heap_malloc(64));
    cr_assert_eq(rt_cache_mine, &rt_cache_none);
}

static void *leave_late(void *arg)
{
    pthread_setspecific(late, rt_heap_malloc(64));
    return arg;
}

Test(cache, a_thread_may_allocate_when_its_cache_is_gone)
{
    cr_assert(rt_heap_open());
    cr_assert_eq(pthread_key_create(&late, at_end), 0);
    in_thread(leave_late, NULL);
    cr_assert_not_null(late_block);
    cr_assert_geq(rt_heap_usable(late_block), 64);
    rt_heap_free(late_block);
}

static void *hand_back(void *arg)
{
    void **p = arg;

    for (int i = 0; i < N; i++)
        rt_heap_free(p[i]);
    return NULL;
}

Test(cache, takes_blocks_of_other_threads)
{
    static void *p[N];
    uintptr_t high = 0;

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i++)
            p[i] = rt_heap_malloc(100);
        in_thread(hand_back, p);
        if (round == 2)
            high = rt_heap_blocks.high;
    }
    cr_assert_eq(rt_heap_blocks.high, high);
}
