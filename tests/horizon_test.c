/* horizon_test.c - what time alone will bring, and what may come before. */
#include "runtime/monitor/horizon.h"

#include <criterion/criterion.h>

#include "tests/made.h"

static struct made m;
static struct mon_findings f;

/* Main sleeps until 500; 2 waits for what nobody sends on. */
static void sleeper_and_receiver(void)
{
    made_new(&m);
    m.g[made_g(&m, GO_WAIT_SLEEP)].until = 500;
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV),
              made_object(&m, GO_KIND_CHAN, "c"), GO_WANT_SEND);
}

/* Another who waits for a timer's channel. */
static void listener(int64_t until)
{
    uint32_t c = made_object(&m, GO_KIND_CHAN, "");

    m.o[c].timer = m.o[c].armed = 1;
    m.o[c].armed_until = until;
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
}

static const struct mon_horizon *horizon(void)
{
    made_find(&m, &f);
    return &f.horizon;
}

Test(horizon, next_is_the_first_that_wakes_somebody)
{
    sleeper_and_receiver();
    listener(400);
    listener(400);
    listener(600);
    cr_assert(horizon()->next == 400 && f.horizon.wakes == 2);
    cr_assert(f.horizon.first == 2 && f.horizon.still);
    cr_assert_eq(mon_horizon_of(&m.in, 0), 500);
    cr_assert_eq(mon_horizon_of(&m.in, 1), -1);
    cr_assert_eq(mon_horizon_of(&m.in, 4), 600);
}

Test(horizon, who_has_several_is_woken_by_the_first)
{
    sleeper_and_receiver();
    listener(600);
    m.g[2].until = 450;
    cr_assert_eq(horizon()->next, 450);
    m.o[m.in.nobject - 1].armed_until = 400;
    cr_assert_eq(mon_horizon_of(&m.in, 2), 400);
}

Test(horizon, the_runtimes_own_wake_nobody)
{
    sleeper_and_receiver();
    listener(400);
    m.g[2].system = 1;
    cr_assert(horizon()->next == 500 && f.horizon.wakes == 1);
}

/* O1 */
Test(horizon, timer_that_nobody_waits_for_brings_nothing)
{
    sleeper_and_receiver();
    m.t[m.in.ntimer++] = (struct go_inspect_timer){
        .when = 100, .object = GO_NOWHERE, .goroutine = GO_NOWHERE};
    cr_assert_eq(horizon()->next, 500);
    m.t[0].calls = 1;
    m.t[0].site = m.g[0].site;
    cr_assert(horizon()->next == 100 && f.horizon.wakes == 0);
    cr_assert(f.horizon.calls == m.g[0].site && f.horizon.still);
}

/* O2: each of these is life of another kind. */
enum life {
    RUNS,
    WAITS_FOR_FD,
    BLOCKS,
    THREAD,
    OUTSIDE,
    CLOSED,
    UNLOCKED,
    UNKNOWN,
    LIVES
};

static void add(enum life life)
{
    uint32_t g;

    if (life == THREAD || life == OUTSIDE) {
        m.in.foreign_life = life == THREAD;
        m.in.elsewhere = life == OUTSIDE;
        return;
    }
    if (life == UNLOCKED) {
        made_locker(&m, made_object(&m, GO_KIND_MUTEX, "free"));
        return;
    }
    g = made_g(&m, life == RUNS      ? GO_WAIT_NONE
                   : life == UNKNOWN ? GO_WAIT_COND
                   : life == BLOCKS  ? GO_WAIT_BLOCKING
                                     : GO_WAIT_CHAN_RECV);
    if (life == BLOCKS) {
        m.g[g].state = GO_STATE_EXTERNAL;
        m.g[g].until = 900; /* at the latest */
    }
    if (life == CLOSED || life == WAITS_FOR_FD)
        made_wait(
            &m, g,
            made_object(&m, life == CLOSED ? GO_KIND_CHAN : GO_KIND_FD, "c"),
            GO_WANT_SEND);
    if (life == CLOSED)
        m.o[m.in.nobject - 1].closed = 1;
}

Test(horizon, something_may_move_before)
{
    for (int life = 0; life <= LIVES; life++) {
        sleeper_and_receiver();
        if (life < LIVES)
            add((enum life)life);
        cr_assert_eq(horizon()->next, 500, "%d", life);
        cr_assert_eq(f.horizon.still, life == LIVES, "%d", life);
        made_free(&m);
    }
}

Test(horizon, without_timers_there_is_none)
{
    made_new(&m);
    made_abba(&m);
    cr_assert(horizon()->next == -1 && !f.horizon.still);
    cr_assert_eq(f.horizon.first, GO_NOWHERE);
}
