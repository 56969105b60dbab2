/* race_atomic_test.c - what the compiler's atomics order is what they ask for. */
#include <pthread.h>

#include "tests/told.h"

#include "runtime/sched/sanitize.h"
#include "runtime/sched/wide.h"

#ifndef RT_TSAN /* its own library has these names there */

uint32_t __tsan_atomic32_load(const volatile void *a, int order);
void __tsan_atomic32_store(volatile void *a, uint32_t v, int order);
uint32_t __tsan_atomic32_fetch_add(volatile void *a, uint32_t v, int order);
bool __tsan_atomic32_compare_exchange_strong(volatile void *a, void *expected,
                                             uint32_t v, int order, int failed);
void __tsan_atomic_thread_fence(int order);
rt_wide __tsan_atomic128_load(const volatile void *a, int order);
void __tsan_atomic128_store(volatile void *a, rt_wide v, int order);
rt_wide __tsan_atomic128_fetch_add(volatile void *a, rt_wide v, int order);
rt_wide __tsan_atomic128_compare_exchange_val(volatile void *a, rt_wide was,
                                              rt_wide v, int order, int failed);

enum {
    RELAXED = __ATOMIC_RELAXED,
    CONSUME = __ATOMIC_CONSUME,
    ACQUIRE = __ATOMIC_ACQUIRE,
    RELEASE = __ATOMIC_RELEASE,
    BOTH = __ATOMIC_ACQ_REL,
    STRONGEST = __ATOMIC_SEQ_CST,
    NONE = -1
};

static struct {
    int fence_before, store, load, fence_after;
} how;
static uint32_t flag;

static void fence(int order)
{
    if (order != NONE)
        __tsan_atomic_thread_fence(order);
}

static void publish(void)
{
    told_write();
    fence(how.fence_before);
    __tsan_atomic32_store(&flag, 1, how.store);
}

static void publish_by_update(void)
{
    told_write();
    fence(how.fence_before);
    __tsan_atomic32_fetch_add(&flag, 1, how.store);
}

static void use(void)
{
    uint32_t saw = __tsan_atomic32_load(&flag, how.load);

    fence(how.fence_after);
    if (saw)
        told_read();
}

static void published(void)
{
    flag = 0;
    told_both(publish, use);
}

static void updated(void)
{
    flag = 0;
    told_both(publish_by_update, use);
}

static void expect(bool race, int fence_before, int store, int load,
                   int fence_after)
{
    how.fence_before = fence_before;
    how.store = store;
    how.load = load;
    how.fence_after = fence_after;
    for (int i = 0; i < 2; i++) {
        struct told t = told_run(i ? published : updated);

        cr_assert(t.complete && !t.unseen);
        cr_assert_eq(t.races > 0, race, "%d %d %d %d", fence_before, store,
                     load, fence_after);
    }
}

Test(race_atomic, who_acquires_comes_after_who_released)
{
    expect(false, NONE, RELEASE, ACQUIRE, NONE);
    expect(false, NONE, RELEASE, CONSUME, NONE);
    expect(false, NONE, STRONGEST, STRONGEST, NONE);
}

Test(race_atomic, what_is_relaxed_orders_nothing)
{
    expect(true, NONE, RELAXED, RELAXED, NONE);
    expect(true, NONE, RELEASE, RELAXED, NONE);
    expect(true, NONE, RELAXED, ACQUIRE, NONE);
    expect(true, NONE, RELAXED, STRONGEST, NONE);
}

Test(race_atomic, fences_stand_for_the_order_of_others)
{
    expect(false, RELEASE, RELAXED, RELAXED, ACQUIRE);
    expect(false, STRONGEST, RELAXED, RELAXED, STRONGEST);
    expect(false, BOTH, RELAXED, ACQUIRE, NONE);
    expect(false, NONE, RELEASE, RELAXED, BOTH);
    expect(true, ACQUIRE, RELAXED, ACQUIRE, NONE);
    expect(true, NONE, RELEASE, RELAXED, RELEASE);
    expect(true, RELEASE, RELAXED, RELAXED, NONE);
    expect(true, NONE, RELAXED, RELAXED, ACQUIRE);
}

static void publish_behind_it(void)
{
    __tsan_atomic_thread_fence(RELEASE);
    told_write();
    __tsan_atomic32_store(&flag, 1, RELAXED);
}

static void published_behind_it(void)
{
    how.load = ACQUIRE;
    how.fence_after = NONE;
    flag = 0;
    told_both(publish_behind_it, use);
}

Test(race_atomic, what_comes_behind_a_fence_is_not_ordered_by_it)
{
    TOLD_SOME(published_behind_it);
}

/* Between the two somebody else updates what the one has stored. */
static void pass_on(void)
{
    uint32_t was = 1;

    __tsan_atomic32_compare_exchange_strong(&flag, &was, 2, RELAXED, RELAXED);
}

static void use_what_was_passed(void)
{
    if (__tsan_atomic32_load(&flag, ACQUIRE) == 2)
        told_read();
}

static void passed_on(void)
{
    how.fence_before = NONE;
    how.store = RELEASE;
    flag = 0;
    told_wg = (struct go_waitgroup){0};
    go_waitgroup_go(&told_wg, publish);
    go_waitgroup_go(&told_wg, pass_on);
    go_waitgroup_go(&told_wg, use_what_was_passed);
    go_waitgroup_wait(&told_wg);
}

Test(race_atomic, an_update_keeps_what_was_released_before)
{
    TOLD_NONE(passed_on);
}

/* ---- 16 bytes ------------------------------------------------------------*/

static rt_wide wide;

#define WIDE(high, low) ((rt_wide)(high) << 64 | (low))

Test(race_atomic, sixteen_bytes_are_one)
{
    const rt_wide carry = WIDE(1, ~UINT64_C(0));

    __tsan_atomic128_store(&wide, carry, STRONGEST);
    cr_assert(__tsan_atomic128_fetch_add(&wide, 1, STRONGEST) == carry);
    cr_assert(__tsan_atomic128_load(&wide, STRONGEST) == WIDE(2, 0));
    cr_assert(__tsan_atomic128_compare_exchange_val(&wide, 5, 7, STRONGEST,
                                                    STRONGEST) == WIDE(2, 0));
    cr_assert(__tsan_atomic128_compare_exchange_val(&wide, WIDE(2, 0),
                                                    WIDE(3, 5), STRONGEST,
                                                    STRONGEST) == WIDE(2, 0));
    cr_assert(rt_wide_fetch_and(&wide, WIDE(1, 12), 0) == WIDE(3, 5));
    cr_assert(rt_wide_fetch_or(&wide, WIDE(2, 3), 0) == WIDE(1, 4));
    cr_assert(rt_wide_fetch_xor(&wide, WIDE(1, 1), 0) == WIDE(3, 7));
    cr_assert(rt_wide_fetch_sub(&wide, 7, 0) == WIDE(2, 6));
    cr_assert(rt_wide_fetch_nand(&wide, 0, 0) == WIDE(1, ~UINT64_C(0)));
    cr_assert(rt_wide_exchange_n(&wide, 9, 0) == ~(rt_wide)0);
    cr_assert(wide == 9);
}

enum {
    TIMES = 100000
};

static void *count(void *unused)
{
    for (int i = 0; i < TIMES; i++)
        rt_wide_fetch_add(&wide, WIDE(1, 1), 0);
    return unused;
}

Test(race_atomic, sixteen_bytes_lose_nothing)
{
    pthread_t other;

    cr_assert_eq(pthread_create(&other, NULL, count, NULL), 0);
    count(NULL);
    pthread_join(other, NULL);
    cr_assert(wide == WIDE(2 * TIMES, 2 * TIMES));
}

static void add_wide(void)
{
    __tsan_atomic128_fetch_add(&told_x[0], 1, STRONGEST);
}

static void wide_and_bare(void)
{
    told_both(add_wide, told_read);
}

Test(race_atomic, sixteen_bytes_race_with_what_is_plain)
{
    TOLD_SOME(wide_and_bare);
}

#endif
