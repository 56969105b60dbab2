/*
 * race_test.c - what is told of races, and what needs no primitive.
 *
 * Two that access, alone and with spawn and join between them.
 */
#include <stdlib.h>

#include "tests/told.h"

#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN /* its own library has these names there */

static void bare(void)
{
    told_both(told_write, told_write);
}

static void read_and_write(void)
{
    told_both(told_read, told_write);
}

static void two_reads(void)
{
    told_both(told_read, told_read);
}

static void write_next_to_it(void)
{
    __tsan_write4(&told_x[1]);
}

static void neighbours(void)
{
    told_both(told_write, write_next_to_it);
}

static void spawned(void)
{
    told_write();
    told_both(told_read, told_read);
    told_write();
}

static void not_joined(void)
{
    go(told_write);
    told_write();
}

Test(race, nothing_orders_what_is_bare)
{
    TOLD_SOME(bare);
    TOLD_SOME(read_and_write);
    TOLD_SOME(not_joined);
}

Test(race, reads_and_neighbours_do_not_race)
{
    TOLD_NONE(two_reads);
    TOLD_NONE(neighbours);
}

Test(race, spawn_and_join_order)
{
    TOLD_NONE(spawned);
}

Test(race, both_sites_and_goroutines_are_told)
{
    struct told t = told_run(read_and_write);

    cr_assert_gt(t.races, 0);
    cr_assert_eq(t.first.first.address, &told_x[0]);
    cr_assert_eq(t.first.first.size, 4);
    cr_assert_neq(t.first.first.task, t.first.second.task);
    cr_assert_neq(t.first.first.write, t.first.second.write);
    cr_assert(t.first.first.site && t.first.first.site->pc);
    cr_assert(t.first.second.site && t.first.second.site->pc);
}

bool __tsan_atomic32_compare_exchange_strong(volatile void *a, void *expected,
                                             uint32_t v, int order, int failed);

static void swap_if(uint32_t expected)
{
    __tsan_atomic32_compare_exchange_strong(&told_x[0], &expected, 5,
                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void swap_in_vain(void)
{
    swap_if(7);
}

static void swap_indeed(void)
{
    swap_if(0);
}

static void swaps_in_vain(void)
{
    told_x[0] = 0;
    told_both(swap_in_vain, told_read);
}

static void swaps_indeed(void)
{
    told_x[0] = 0;
    told_both(swap_indeed, told_read);
}

Test(race, a_swap_that_fails_has_only_read)
{
    TOLD_NONE(swaps_in_vain);
    TOLD_SOME(swaps_indeed);
}

static void on_heap(void)
{
    int *x = malloc(sizeof(*x));

    __tsan_write4(x);
    free(x);
}

Test(race, memory_that_is_not_known_is_told_as_unseen)
{
    struct told t = told_run(on_heap);

    cr_assert_gt(t.unseen, 0);
    cr_assert_eq(t.races, 0);
}

#endif
