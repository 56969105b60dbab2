/* stack_test.c - what is on a stack, and what must not be there any more. */
#include <stdlib.h>

#include "runtime/base/peek.h"
#include "runtime/sched/park.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/stackmap.h"
#include "tests/dumped.h"
#include "tests/inside.h"
#include "tests/ran.h"

static uintptr_t secret(void)
{
    return ~(uintptr_t)0x5eced3c0ffee5678;
}

/* Reads what is no object of C's: the words of a stack. Told the complement,
   for its own frame may be among them. */
static __attribute__((noinline, no_sanitize("address"))) uint32_t
times_in(uintptr_t low, uintptr_t high, uintptr_t complement)
{
    uint32_t n = 0;

    for (volatile uintptr_t *p = (void *)low; (uintptr_t)(p + 1) <= high; p++)
        n += *p == ~complement;
    return n;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static struct ran ran;
static struct rt_span left; /* the stack of the one that ended */

/* As printf does: most of its buffer is never written. */
static __attribute__((noinline)) void write_deep(void)
{
    volatile uintptr_t words[200];

    words[0] = words[100] = words[199] = secret();
    left.low = (uintptr_t)rt_stack_low(rt_g());
    left.high = (uintptr_t)rt_stack_top(rt_g());
}

static void leave_and_look(void)
{
    go(write_deep);
    while (!left.high)
        go_yield();
    go_yield();
    CHECK_EQ(times_in(left.low, left.high, ~secret()), 0);
}

Test(stack, nothing_is_left_for_the_next_goroutine)
{
    ran_run(&ran, RAN_RUN(leave_and_look));
    cr_assert_str_eq(ran.outcome.panic, "");
    cr_assert_gt(left.high, left.low);
}
#endif

/* Deeper than the frames of a call that parks. */
static __attribute__((noinline)) void write_far_below(void)
{
    volatile uintptr_t words[400] = {~secret()};

    CHECK(words[0]);
}

/* Its own word is above the saved stack pointer, its callee's is not. */
static __attribute__((noinline)) void park_holding(chan(int) c)
{
    volatile uintptr_t word = secret();

    write_far_below();
    chan_recv(c);
    CHECK_EQ(word, secret());
}

static void look_at_parked(void)
{
    chan(int) c = chan_make(int, 0);
    struct rt_span used;

    go(park_holding, c);
    let_all_park();
    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        struct g *g = rt_g_at(i);

        if (!g || g == rt_g())
            continue;
        used = rt_saved_stack(g);
        CHECK(used.low == (uintptr_t)g->sp);
        CHECK(used.high == (uintptr_t)rt_stack_top(g));
        CHECK(times_in(used.low, used.high, ~secret()) > 0);
        CHECK_EQ(times_in(used.low, used.high, secret()), 0);
    }
    chan_send(c, 1);
}

Test(stack, of_one_that_is_parked_only_what_is_in_use_counts)
{
    INSIDE(look_at_parked);
}

INSIDE_TEST(stack, of_one_that_runs_all_counts_unless_it_is_known)
{
    struct rt_span all = rt_saved_stack(rt_g());

    CHECK(all.low == (uintptr_t)rt_stack_low(rt_g()));
    CHECK(all.high == (uintptr_t)rt_stack_top(rt_g()));
}

/* Sanitizers lay out frames, and keep copies, in their own ways. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/* What go() was given lies where a caller that never calls again leaves it. */
static void give_away(uintptr_t a, uintptr_t b)
{
    CHECK(a && b);
}

static __attribute__((noinline)) uint32_t go_with_secret(void)
{
    uintptr_t here = (uintptr_t)RT_FRAME_HERE();

    go(give_away, ~(uintptr_t)0x5eced3c0ffee5678,
       ~(uintptr_t)0x5eced3c0ffee5678);
    return times_in(here - 512, here - 64, ~secret());
}

INSIDE_TEST(stack, what_go_was_given_is_not_left_below_its_caller)
{
    CHECK_EQ(go_with_secret(), 0);
}
#endif

/* ---- many are opened at a time ---------------------------------------------- */

enum {
    CROWD = 500
};

/* The page below each of them can not be read, its lowest word can. Slots come
   in groups: some of the last are nobody's yet. */
static void look_at_guards(void)
{
    chan(int) c = chan_make(int, 0);
    uint32_t seen = 0;
    char byte;

    for (int i = 0; i < CROWD; i++)
        go(park_holding, c);
    let_all_park();
    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        struct g *g = rt_g_at(i);
        char *low = g ? rt_stack_low(g) : NULL;

        if (!g)
            continue;
        seen++;
        CHECK(rt_peek(&byte, low, 1));
        CHECK(!rt_peek(&byte, low - 1, 1));
        CHECK(rt_stack_guarded(low - 1) == g);
    }
    CHECK(seen > CROWD);
    CHECK(rt_g_slots() <= seen + 64);
    for (int i = 0; i < CROWD; i++)
        chan_send(c, 1);
}

Test(stack, each_of_a_crowd_has_its_guard)
{
    INSIDE(look_at_guards);
}

/* ---- what is given back ------------------------------------------------------ */

enum {
    MANY = 4000,
    KEPT = 2000 /* more than are kept with their memory */
};

/* After all that the tick will ever say. */
#define LATE (1000000 * GO_SECOND)

static void wait_for(chan(int) c)
{
    chan_recv(c);
}

/* Pages that are in memory; of both: a multiple of a page. */
static uint32_t pages_in(uintptr_t low, uintptr_t high)
{
    size_t n = (high - low) / 4096;
    unsigned char *there = malloc(n);
    uint32_t in = 0;

    CHECK(there && !mincore((void *)low, high - low, there));
    for (size_t i = 0; i < n; i++)
        in += there[i] & 1;
    free(there);
    return in;
}

/* Of all stacks, and of what a checker notes of them. */
static uint32_t pages_of_stacks(void)
{
    uintptr_t low, high;
    uint32_t n;

    rt_stack_map(&low, &high);
    n = pages_in(low, high);
#ifdef __SANITIZE_ADDRESS__
    {
        size_t scale, offset;

        __asan_get_shadow_mapping(&scale, &offset);
        n += pages_in((low >> scale) + offset, (high >> scale) + offset);
    }
#endif
    return n;
}

static void crowd(void)
{
    chan(int) c = chan_make(int, 0);
    struct go_waitgroup wg = {0};
    uint32_t alive = 0;
    size_t most, some;

    rt_stack_trim(LATE);
    for (int i = 0; i < MANY; i++)
        go_waitgroup_go(&wg, wait_for, c);
    let_all_park();
    chan_close(c);
    go_waitgroup_wait(&wg);
    most = pages_of_stacks();
    for (int i = 0; i < 3; i++)
        rt_stack_trim(LATE + 2 * GO_SECOND);
    CHECK(pages_of_stacks() > most * KEPT / MANY);
    rt_stack_trim(LATE + 4 * GO_SECOND);
    some = pages_of_stacks();
    CHECK(some < most);
    rt_stack_trim(LATE + 4 * GO_SECOND); /* no time has passed: S4 */
    CHECK_EQ(pages_of_stacks(), some);
    for (int i = 1; i < 4; i++)
        rt_stack_trim(LATE + (4 + i * 1000) * GO_SECOND);
    CHECK(pages_of_stacks() < most * KEPT / MANY);
    for (uint32_t i = 0; i < rt_g_slots(); i++) /* a look gives none of it */
        alive += rt_g_at(i) != NULL;
    CHECK(alive < KEPT);
    CHECK(pages_of_stacks() < most * KEPT / MANY);
}

Test(stack, memory_is_given_back_when_nobody_took_it_for_a_turn)
{
    INSIDE(crowd);
}

static void wait_for_close(chan(int) c)
{
    chan_recv(c);
}

/* M3 of stackmap.c */
INSIDE_TEST(stack, a_core_has_those_in_use_and_not_all_that_there_could_be)
{
    chan(int) c = chan_make(int, 0);

    for (int i = 0; i < 100; i++)
        go(wait_for_close, c);
    let_all_park();
    CHECK(rt_g_slots() > 100);
    for (uint32_t i = 0; i < rt_g_slots(); i++)
        CHECK(dumped(rt_slot_g(i)) && dumped(rt_slot_low(i)));
    CHECK(!dumped(rt_slot_low(rt_stacks.slots - 1)));
    CHECK(!dumped(rt_slot_low(2 * rt_g_slots())));
    chan_close(c);
}
