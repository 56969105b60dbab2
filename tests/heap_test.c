/* heap_test.c - malloc and its family, as programs expect them. */
#include "runtime/heap/heap.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/rng.h"

static bool is_filled(const unsigned char *p, unsigned char with, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != with)
            return false;
    return true;
}

Test(heap, blocks_are_aligned_and_have_room)
{
    for (size_t n = 0; n < 300000; n += 1 + n / 9) {
        unsigned char *p = rt_heap_malloc(n);

        cr_assert_not_null(p);
        cr_assert_eq((uintptr_t)p % 16, 0);
        cr_assert_geq(rt_heap_usable(p), n);
        memset(p, 0xa5, rt_heap_usable(p));
        rt_heap_free(p);
    }
    rt_heap_free(NULL);
    cr_assert_eq(rt_heap_usable(NULL), 0);
}

Test(heap, calloc_clears_what_was_used_before)
{
    for (int round = 0; round < 3; round++)
        for (size_t n = 1; n < 9 << 20; n += n / 2 + 1) {
            unsigned char *p = rt_heap_calloc(n, 1);

            cr_assert(is_filled(p, 0, n), "%zu bytes", n);
            memset(p, 0xff, n);
            rt_heap_free(p);
        }
}

/* Or what is long gone keeps something reachable. */
Test(heap, a_small_block_holds_nothing_of_its_past)
{
    for (size_t n = 1; n < RT_HEAP_ZEROED; n += 13) {
        unsigned char *p = rt_heap_malloc(n);

        cr_assert(is_filled(p, 0, n));
        memset(p, 0xff, rt_heap_usable(p));
        rt_heap_free(p);
    }
}

Test(heap, realloc_keeps_what_fits)
{
    struct rt_rng rng = {.state = 9};
    size_t n = 1;
    unsigned char *p = rt_heap_realloc(NULL, n);

    *p = 1;
    for (int i = 0; i < 3000; i++) {
        size_t more = 1 + rt_rng_below(&rng, 1u << rt_rng_below(&rng, 21));
        unsigned char with = (unsigned char)(i + 1);

        p = rt_heap_realloc(p, more);
        cr_assert_not_null(p);
        cr_assert(is_filled(p, with, more < n ? more : n));
        n = more;
        memset(p, with + 1, n);
    }
    cr_assert_null(rt_heap_realloc(p, 0), "frees, as glibc's");
}

Test(heap, any_power_of_two_is_an_alignment)
{
    for (size_t align = 1; align <= 8 << 20; align *= 2)
        for (size_t n = 0; n < 100000; n += 1 + 5 * n) {
            unsigned char *p = rt_heap_aligned(align, n);

            cr_assert(p && (uintptr_t)p % align == 0);
            memset(p, 1, n);
            rt_heap_free(p);
        }
}

Test(heap, says_enomem_and_free_leaves_errno_alone)
{
    void *p = rt_heap_malloc(100);

    for (size_t n = SIZE_MAX; n > SIZE_MAX / 4; n -= SIZE_MAX / 5) {
        errno = 0;
        cr_assert_null(rt_heap_malloc(n));
        cr_assert_eq(errno, ENOMEM);
        errno = 0;
        cr_assert_null(rt_heap_realloc(p, n));
        cr_assert_eq(errno, ENOMEM);
        errno = 0;
        cr_assert_null(rt_heap_aligned(4096, n));
        cr_assert_eq(errno, ENOMEM);
    }
    errno = 0;
    cr_assert_null(rt_heap_calloc(SIZE_MAX / 8, 9));
    cr_assert_eq(errno, ENOMEM);
    errno = 42;
    rt_heap_free(p);
    rt_heap_free(rt_heap_malloc(10 << 20));
    cr_assert_eq(errno, 42);
}

enum {
    THREADS = 8,
    SLOTS = 64,
    STEPS = 3000
};

static char *churn_for(int steps, uint64_t seed)
{
    struct rt_rng rng = {.state = seed};
    struct {
        unsigned char *p;
        size_t n;
    } live[SLOTS] = {{0}};

    for (int i = 0; i < steps; i++) {
        unsigned k = rt_rng_below(&rng, SLOTS);
        size_t n = rt_rng_below(&rng, 1u << (1 + rt_rng_below(&rng, 17)));

        if (live[k].p && !is_filled(live[k].p, (unsigned char)k, live[k].n))
            return "a block has changed";
        rt_heap_free(live[k].p);
        live[k].n = n;
        live[k].p = i % 7 ? rt_heap_malloc(n) : rt_heap_aligned(256, n);
        memset(live[k].p, (int)k, n);
    }
    for (int k = 0; k < SLOTS; k++)
        rt_heap_free(live[k].p);
    return NULL;
}

static void *churn(void *seed)
{
    return churn_for(STEPS, (uintptr_t)seed);
}

Test(heap, threads_do_not_get_each_others_blocks)
{
    pthread_t t[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&t[i], NULL, churn, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;

        cr_assert_eq(pthread_join(t[i], &wrong), 0);
        cr_assert_null(wrong, "%s", (char *)wrong);
    }
}

static _Atomic(bool) done;

static void *churn_until_done(void *arg)
{
    while (!done && !churn_for(100, (uintptr_t)arg))
        ;
    return NULL;
}

Test(heap, a_child_of_a_fork_finds_it_at_rest)
{
    pthread_t t;

    cr_assert_eq(
        pthread_atfork(rt_heap_fork_begin, rt_heap_fork_end, rt_heap_fork_end),
        0);
    cr_assert_eq(pthread_create(&t, NULL, churn_until_done, (void *)1), 0);
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        int status;

        if (child == 0)
            _exit(rt_heap_busy() || churn_for(200, 3) ? 1 : 0);
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(status, 0);
    }
    done = true;
    cr_assert_eq(pthread_join(t, NULL), 0);
}

Test(heap, who_forks_may_allocate_in_other_handlers)
{
    rt_heap_fork_begin();
    cr_assert(rt_heap_busy());
    for (size_t n = 1; n < 1 << 20; n *= 2)
        rt_heap_free(rt_heap_malloc(n));
    rt_heap_fork_end();
    cr_assert_not(rt_heap_busy());
}
