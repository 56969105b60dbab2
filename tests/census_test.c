/* census_test.c - numbers are given once, and all who exist are counted. */
#include <stdlib.h>
#include <vigil/go.h>

#include "tests/inside.h"
#include "tests/ran.h"

enum {
    SPAWNERS = 8,
    EACH = 500,
    ALL = SPAWNERS * EACH
};

static struct ran ran;
static uint64_t numbers[ALL];
static size_t counted, left;

static void run_on(int procs, void (*body)(void))
{
    struct go_run run = RAN_RUN(body);

    run.procs = procs;
    ran_run(&ran, run);
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN, "%s", ran.text);
}

static void note(uint64_t *to)
{
    *to = go_self();
}

static void spawn_notes(uint64_t *to, struct go_waitgroup *wg)
{
    for (int i = 0; i < EACH; i++)
        go_waitgroup_go(wg, note, to + i);
}

static void number(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < SPAWNERS; i++)
        go_waitgroup_go(&wg, spawn_notes, numbers + i * EACH, &wg);
    go_waitgroup_wait(&wg);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

Test(census, no_number_twice)
{
    run_on(4, number);
    qsort(numbers, ALL, sizeof(numbers[0]), by_number);
    cr_assert_gt(numbers[0], 1, "main is 1");
    for (int i = 1; i < ALL; i++)
        cr_assert_neq(numbers[i], numbers[i - 1]);
}

Test(census, one_after_the_other_by_one_worker)
{
    run_on(1, number);
    qsort(numbers, ALL, sizeof(numbers[0]), by_number);
    for (int i = 1; i < ALL; i++)
        cr_assert_leq(numbers[i] - numbers[i - 1], 1 + SPAWNERS);
    cr_assert_eq(numbers[ALL - 1], 1 + SPAWNERS + ALL);
}

static void wait_for(chan(int) there, chan(int) end)
{
    chan_send(there, 1);
    chan_recv(end);
}

static void spawn_waits(chan(int) there, chan(int) end)
{
    for (int i = 0; i < EACH; i++)
        go(wait_for, there, end);
    wait_for(there, end);
}

/* All stand, on whatever worker; then all have ended. */
static void count(void)
{
    chan(int) there = chan_make(int, 0), end = chan_make(int, 0);

    for (int i = 0; i < SPAWNERS; i++)
        go(spawn_waits, there, end);
    for (int i = 0; i < ALL + SPAWNERS; i++)
        chan_recv(there);
    counted = go_count();
    chan_close(end);
    while ((left = go_count()) > 1)
        go_yield();
}

Test(census, all_who_exist)
{
    run_on(4, count);
    cr_assert_eq(counted, 1 + ALL + SPAWNERS);
    cr_assert_eq(left, 1);
}
