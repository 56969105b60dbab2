/* census_test.c - numbers are given once, and all who exist are counted. */
#include <pthread.h>
#include <stdlib.h>
#include <vigil/go.h>

#include "tests/driven.h"
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

/* What is at hand stays where a processor is not used for a while. */
static void count_with(bool change);

static void count(void)
{
    count_with(false);
}

static void count_while_procs_change(void)
{
    count_with(true);
}

/* All stand, on whatever worker; then all have ended. */
static void count_with(bool change)
{
    chan(int) there = chan_make(int, 0), end = chan_make(int, 0);

    for (int i = 0; i < SPAWNERS; i++)
        go(spawn_waits, there, end);
    for (int i = 0; i < ALL + SPAWNERS; i++) {
        chan_recv(there);
        if (change && i % EACH == 0)
            go_set_procs(1 + 3 * (i / EACH % 2));
    }
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
    run_on(4, count_while_procs_change);
    cr_assert_eq(counted, 1 + ALL + SPAWNERS);
    cr_assert_eq(left, 1);
}

/* ---- from threads --------------------------------------------------------*/

static void *count_from_thread(void *to)
{
    *(size_t *)to = go_count();
    return NULL;
}

static void count_beside(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, count_from_thread, &counted);
    pthread_join(thread, NULL);
}

Test(census, from_anywhere)
{
    cr_assert_eq(go_count(), 0);
    run_on(2, count_beside);
    cr_assert_eq(counted, 1);
    cr_assert_eq(go_count(), 0);
}

/* ---- executions ----------------------------------------------------------*/

enum {
    EXECUTIONS = 50
};
static uint32_t executions, firsts;

static uint32_t first_step(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg, (void)steps, (void)n;
    return 0;
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg, (void)e;
    return ++executions < EXECUTIONS;
}

static void *send_from_thread(void *c)
{
    chan_send((chan(int))c, 1);
    return NULL;
}

/* A thread has been there: from then on more than one may take numbers. */
static void spawn_beside_thread(void)
{
    chan(int) c = chan_make(int, 2);
    struct go_waitgroup wg = {0};
    pthread_t thread;

    firsts += go_self() == 1 && go_count() == 1;
    pthread_create(&thread, NULL, send_from_thread, (void *)c);
    pthread_join(thread, NULL);
    for (int i = 0; i < 20; i++)
        go_waitgroup_go(&wg, note, &numbers[0]);
    go_waitgroup_wait(&wg);
    chan_close(c);
}

Test(census, each_execution_begins_anew)
{
    struct go_control control = {
        .choose = first_step, .over = over, .steps = 10000};

    driven_run_by(&control, spawn_beside_thread);
    cr_assert_eq(executions, EXECUTIONS);
    cr_assert_eq(firsts, EXECUTIONS);
}
