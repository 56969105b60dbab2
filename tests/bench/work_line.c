/*
 * work_line.c - what a line of the cache takes from one processor to another:
 * less than that no two workers can need who meet.
 */
#include <pthread.h>
#include <stdlib.h>

#include "tests/bench/work.h"

enum {
    TIMES = 400, /* that throws are timed */
    THROWS = 500,
};

static uint32_t ball __attribute__((aligned(64)));

static void throw_from(uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + 2 * n; i += 2) {
        while (__atomic_load_n(&ball, __ATOMIC_ACQUIRE) != i)
            ;
        __atomic_store_n(&ball, i + 1, __ATOMIC_RELEASE);
    }
}

static void *throw_back(void *arg)
{
    throw_from(1, TIMES * THROWS);
    return arg;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The median, for one of the two may lose its processor. */
double work_line(void)
{
    static int64_t ns[TIMES];
    pthread_t other;

    if (pthread_create(&other, NULL, throw_back, NULL))
        abort();
    for (uint32_t i = 0; i < TIMES; i++) {
        int64_t begin = on_clock(CLOCK_MONOTONIC);

        throw_from(i * 2 * THROWS, THROWS);
        ns[i] = on_clock(CLOCK_MONOTONIC) - begin;
    }
    pthread_join(other, NULL);
    qsort(ns, TIMES, sizeof(*ns), by_size);
    return (double)ns[TIMES / 2] / THROWS;
}
