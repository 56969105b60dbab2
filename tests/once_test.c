/* once_test.c - once, whoever comes and however it ends. */
#include "runtime/sync/held.h"
#include "tests/parked.h"

static struct go_once once;
static int runs, returned;
static chan(int) gate;

static void count(int by)
{
    runs += by;
}

static void twice(void)
{
    go_once_do(&once, count, 1);
    go_once_do(&once, count, 1);
    CHECK_EQ(runs, 1);
    CHECK_EQ(rt_g()->nheld, 0);
}
Test(once, runs_once)
{
    INSIDE(twice);
}

static void slow(void)
{
    CHECK(rt_holds(rt_g(), &once.obj, false));
    chan_recv(gate);
    runs++;
}
static void comes(void)
{
    go_once_do(&once, slow);
    CHECK_EQ(runs, 1);
    returned++;
}
static void meanwhile(void)
{
    gate = chan_make(int, 0);
    go(comes);
    until_parked(1, GO_WAIT_CHAN_RECV);
    go(comes);
    go(comes);
    until_parked(2, GO_WAIT_ONCE);
    CHECK_EQ(once.runner != 0, 1);
    chan_send(gate, 1);
    while (returned < 3)
        go_yield();
    CHECK_EQ(once.done, 1);
}
Test(once, who_comes_meanwhile_waits_for_the_end)
{
    INSIDE(meanwhile);
}

static void panics(void)
{
    runs++;
    go_panic("no");
}
static void does(void)
{
    go_once_do(&once, panics);
}
static void after_panic(void)
{
    CHECK_PANIC(go_try(does), "no");
    CHECK_EQ(once.done, 1);
    CHECK_EQ(rt_g()->nheld, 0);
    CHECK(go_try(does) == NULL);
    CHECK_EQ(runs, 1);
}
Test(once, it_is_done_after_a_panic)
{
    INSIDE(after_panic);
}

static void exits(void)
{
    runs++;
    go_exit();
}
static void does_exit(void)
{
    go_once_do(&once, exits);
}
static void after_exit(void)
{
    go(does_exit);
    while (go_count() > 1)
        go_yield();
    go_once_do(&once, exits);
    CHECK_EQ(runs, 1);
}
Test(once, it_is_done_after_go_exit)
{
    INSIDE(after_exit);
}

static void again(void)
{
    go_once_do(&once, count, 1);
}
static void reenters(void)
{
    go_once_do(&once, again);
}
Test(once, a_once_that_calls_itself_is_a_deadlock)
{
    expect_deadlock(reenters);
}
