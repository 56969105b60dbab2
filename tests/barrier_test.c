/* barrier_test.c - all come, then all go on. */
#include "tests/parked.h"

static struct go_barrier barrier = GO_BARRIER(3);
static int passed, last;

static void comes(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        last += go_barrier_wait(&barrier);
        passed++;
    }
}

static void opens(void)
{
    go(comes, 1);
    go(comes, 1);
    until_parked(2, GO_WAIT_BARRIER);
    CHECK_EQ(barrier.arrived, 2);
    CHECK_EQ(passed, 0);
    CHECK(go_barrier_wait(&barrier));
    CHECK_EQ(barrier.arrived, 0);
    CHECK_EQ(barrier.last.goroutine, 1);
    while (passed < 2)
        go_yield();
    CHECK_EQ(last, 0);
}
Test(barrier, the_last_to_come_opens_it)
{
    INSIDE(opens);
}

static void again(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, comes, 100);
    go_waitgroup_wait(&wg);
    CHECK_EQ(passed, 300);
    CHECK_EQ(last, 100);
}
Test(barrier, it_serves_again_and_again)
{
    INSIDE(again);
}

static void alone(void)
{
    struct go_barrier none = {0}, one = GO_BARRIER(1);

    CHECK(go_barrier_wait(&none));
    CHECK(go_barrier_wait(&one));
    CHECK((go_barrier_wait)(&one));
}
Test(barrier, size_zero_counts_as_one)
{
    INSIDE(alone);
}

static void one_too_few(void)
{
    go(comes, 1);
    comes(1);
}
Test(barrier, one_too_few_is_a_deadlock)
{
    expect_deadlock(one_too_few);
}
