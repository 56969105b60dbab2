/* sema_test.c - the weighted semaphore. */
#include "runtime/sched/park.h"
#include "tests/parked.h"

static struct go_semaphore sema = GO_SEMAPHORE(3);
static char order[16];
static int norder;

static void take_say(int64_t n, int who)
{
    go_semaphore_acquire(&sema, n);
    order[norder++] = (char)who;
}

static void units(void)
{
    go_semaphore_acquire(&sema, 2);
    CHECK(!go_semaphore_tryacquire(&sema, 2));
    CHECK(go_semaphore_tryacquire(&sema, 1));
    CHECK_EQ(sema.free, 0);
    CHECK(go_semaphore_tryacquire(&sema, 0));
    go_semaphore_release(&sema, 5);
    CHECK_EQ(sema.free, 5);
    CHECK_EQ(sema.acquired.goroutine, 1);
    CHECK_EQ(sema.released.goroutine, 1);
}
Test(sema, units_are_taken_and_added)
{
    INSIDE(units);
}

static void order_of_arrival(void)
{
    go_semaphore_acquire(&sema, 2);
    go(take_say, (int64_t)3, 'b');
    until_parked(1, GO_WAIT_SEMAPHORE);
    go(take_say, (int64_t)1, 's');
    until_parked(2, GO_WAIT_SEMAPHORE);
    CHECK(!go_semaphore_tryacquire(&sema, 1));
    CHECK(!go_semaphore_tryacquire(&sema, 0));
    go_semaphore_release(&sema, 1);
    CHECK_EQ(parked(GO_WAIT_SEMAPHORE), 2);
    go_semaphore_release(&sema, 1);
    CHECK_EQ(parked(GO_WAIT_SEMAPHORE), 1);
    while (norder < 1)
        go_yield();
    go_semaphore_release(&sema, 1);
    while (norder < 2)
        go_yield();
    CHECK(strcmp(order, "bs") == 0);
}
Test(sema, a_small_request_does_not_pass_a_big_one)
{
    INSIDE(order_of_arrival);
}

static void several(void)
{
    go_semaphore_acquire(&sema, 3);
    for (int i = 0; i < 4; i++) {
        go(take_say, (int64_t)1, 'a' + i);
        until_parked((size_t)i + 1, GO_WAIT_SEMAPHORE);
    }
    go_semaphore_release(&sema, 3);
    CHECK_EQ(parked(GO_WAIT_SEMAPHORE), 1);
    CHECK_EQ(sema.free, 0);
}
Test(sema, one_release_serves_as_many_as_it_can)
{
    INSIDE(several);
}

static void wrong(void)
{
    static const char negative[] = "sync: negative semaphore count";

    CHECK_PANIC(go_try(go_semaphore_acquire_at, &sema, (int64_t)-1, NULL),
                negative);
    CHECK_PANIC(go_try(go_semaphore_tryacquire_at, &sema, (int64_t)-1, NULL),
                negative);
    CHECK_PANIC(go_try(go_semaphore_release_at, &sema, (int64_t)-1, NULL),
                negative);
    CHECK_PANIC(go_try(go_semaphore_release_at, &sema, INT64_MAX, NULL),
                "sync: semaphore count overflows");
    CHECK_EQ(sema.free, 3);
}
Test(sema, negative_and_overflowing_counts_panic)
{
    INSIDE(wrong);
}

static void too_many(void)
{
    struct go_semaphore none = {0};

    go_semaphore_acquire(&none, 1);
}
Test(sema, zero_value_has_no_units)
{
    expect_deadlock(too_many);
}
