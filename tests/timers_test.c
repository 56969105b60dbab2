/* timers_test.c - timers and tickers of the program: their life and misuse. */
#include "tests/inside.h"

#include "runtime/sched/timer.h"
#include "runtime/sync/timers.h"

INSIDE_TEST(timers, after_sends_the_instant_once)
{
    chan(go_instant) c = go_after(5 * GO_SECOND);
    go_instant t;

    CHECK_EQ(chan_recv(c), 5 * GO_SECOND);
    CHECK_EQ(go_now(), 5 * GO_SECOND);
    go_sleep(GO_HOUR);
    CHECK_EQ(chan_try_recv(c, &t), 0);
}

INSIDE_TEST(timers, freeing_the_channel_stops_a_go_after)
{
    chan(go_instant) c = go_after(GO_SECOND);
    chan(go_instant) d;

    chan_free(c);
    d = chan_make(go_instant, 1); /* perhaps in the same place */
    go_sleep(GO_HOUR);
    CHECK_EQ(chan_len(d), 0);
}

INSIDE_TEST(timers, freeing_an_expired_go_after_is_fine)
{
    chan(go_instant) c = go_after(GO_SECOND);

    go_sleep(GO_HOUR);
    chan_free(c);
}

static void free_channel(chan(go_instant) c)
{
    chan_free(c);
}

INSIDE_TEST(timers, channel_of_a_timer_is_freed_with_the_timer_only)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    CHECK_PANIC(go_try(free_channel, t->c),
                "free of channel that belongs to a timer");
    go_timer_free(t);
    go_timer_free(NULL);
    go_ticker_free(NULL);
}

INSIDE_TEST(timers, address_tells_whether_it_is_a_timer)
{
    struct go_timer *t = go_timer_new(GO_SECOND);
    struct go_ticker *k = go_ticker_new(GO_SECOND);
    struct rt_timers *in = (struct rt_timers *)(void *)t;

    CHECK(rt_timers_at(t) == in && rt_timers_at(&in->timer) == in);
    CHECK((void *)rt_timers_at(k) == k && !rt_timers_at((void *)t->c));
    CHECK(rt_timers_number(in) < rt_timers_slots());
    go_timer_free(t);
    CHECK(!rt_timers_at(t) && (void *)rt_timers_at(k) == k);
}

static void stop_it(struct go_timer *t)
{
    go_timer_stop(t);
}

INSIDE_TEST(timers, use_of_a_freed_timer_panics)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    go_timer_free(t);
    CHECK_PANIC(go_try(stop_it, t), "use of freed timer");
    CHECK_PANIC(go_try(go_timer_free, t), "use of freed timer");
    CHECK_PANIC(go_try(stop_it, NULL), "use of nil timer");
}

static void receive(struct go_timer *t)
{
    chan_recv(t->c);
}

static void free_it(struct go_timer *t)
{
    go_timer_free(t);
}

INSIDE_TEST(timers, free_of_a_timer_that_is_waited_for_panics)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    go(receive, t);
    go_yield();
    CHECK_PANIC(go_try(free_it, t), "free of channel that goroutines wait on");
}

enum {
    MANY = 100000
};

INSIDE_TEST(timers, slots_and_channels_are_used_again)
{
    uint32_t before;

    go_timer_free(go_timer_new(GO_HOUR));
    before = rt_chan_slots();
    for (int i = 0; i < MANY; i++)
        go_timer_free(go_timer_new(GO_HOUR));
    for (int i = 0; i < MANY; i++)
        chan_free(go_after(GO_HOUR));
    CHECK(rt_chan_slots() < before + 10000);
    CHECK_EQ(rt_timer_next(), INT64_MAX);
}

enum {
    FEWER = 10000
};

/* Minutes, for a main that does not park for 100 ms lets the clock flow. */
INSIDE_TEST(timers, thousands_expire_in_order)
{
    static chan(go_instant) c[FEWER];
    go_instant last = 0, t;

    for (int i = 0; i < FEWER; i++)
        c[i] = go_after((1 + (i * 7919) % FEWER) * GO_MINUTE);
    for (int i = 0; i < FEWER; i++) {
        t = chan_recv(c[i]);
        CHECK_EQ(t / GO_MINUTE, 1 + (i * 7919) % FEWER);
        last = t > last ? t : last;
    }
    CHECK_EQ(go_now(), last);
}

static void count(struct go_atomic *n)
{
    go_atomic_add(n, 1);
}

INSIDE_TEST(timers, functions_take_arguments_and_may_be_set_again)
{
    struct go_atomic n = {0};
    struct go_timer *t = go_after_func(GO_SECOND, count, &n);

    CHECK(t->c == NULL);
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(go_atomic_load(&n), 1);
    CHECK(!go_timer_reset(t, GO_SECOND));
    CHECK(go_timer_stop(t));
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(go_atomic_load(&n), 1);
    CHECK(!go_timer_reset(t, 0));
    go_sleep(1);
    CHECK_EQ(go_atomic_load(&n), 2);
    go_timer_free(t);
}

static struct go_timer *self;

static void free_myself(struct go_atomic *n)
{
    go_timer_free(self);
    go_atomic_add(n, 1);
}

INSIDE_TEST(timers, a_function_may_free_its_own_timer)
{
    struct go_atomic n = {0};

    self = go_after_func(GO_SECOND, free_myself, &n);
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(go_atomic_load(&n), 1);
}

/* Set, stopped and freed by several at once, while they expire: real time. */
static void churn(struct go_timer *shared, int seed)
{
    for (int i = 0; i < 2000; i++) {
        struct go_timer *own = go_timer_new(((i * 31 + seed) % 5) * 1000);

        go_timer_reset(shared, (i + seed) % 3 * 500);
        if (i % 3 == 0)
            go_timer_stop(shared);
        if (i % 16 == 0)
            chan_recv(own->c);
        go_timer_free(own);
    }
}

static void churn_all(void)
{
    struct go_timer *shared = go_timer_new(0);
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 8; i++)
        go_waitgroup_go(&wg, churn, shared, i);
    go_waitgroup_wait(&wg);
    go_timer_stop(shared);
    CHECK_EQ(chan_try_recv(shared->c, NULL), 0);
    go_timer_free(shared);
}

Test(timers, may_be_set_and_stopped_by_many_at_once)
{
    INSIDE_REAL(churn_all, 4);
}

/* Free and expiry of a go_after race: exactly one gives it back. */
static void free_in_time(int us)
{
    chan(go_instant) c = go_after(us * GO_MICROSECOND);
    go_instant end = go_add(go_now(), us * GO_MICROSECOND);

    while (go_instant_before(go_now(), end))
        go_yield();
    chan_free(c);
}

static void free_all(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 2000; i++) {
        go_waitgroup_go(&wg, free_in_time, i % 30);
        if (i % 10 == 0)
            go_waitgroup_wait(&wg);
    }
    go_waitgroup_wait(&wg);
}

Test(timers, a_channel_may_be_freed_while_its_timer_expires)
{
    INSIDE_REAL(free_all, 4);
}

enum {
    CROWD = 3000
};
static int called, last;

static void call(int i)
{
    CHECK_EQ(called++, i);
    last = i;
}

/* All due at one instant. */
INSIDE_TEST(timers, a_crowd_that_is_due_runs_in_order_on_few_stacks)
{
    for (int i = 0; i < CROWD; i++)
        go_after_func(GO_HOUR, call, i);
    go_sleep(GO_HOUR + 1);
    CHECK_EQ(called, CROWD);
    CHECK_EQ(last, CROWD - 1);
#ifndef __SANITIZE_THREAD__ /* there a goroutine takes longer than a tick */
    CHECK(rt_g_slots() < CROWD / 4);
#endif
}

/* ---- what time brings ----------------------------------------------------*/

static struct rt_timer *only_armed(void)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);

    CHECK_EQ(n, 1);
    return all[0];
}

static void hears(chan(go_instant) c, bool daemon)
{
    if (daemon)
        go_expect_daemon();
    chan_recv(c);
}

INSIDE_TEST(timers, whom_only_daemons_hear_nobody_awaits)
{
    struct go_timer *t = go_timer_new(GO_HOUR);
    const struct rt_timer *timer = only_armed();

    CHECK(!timer->is_awaited(timer));
    go(hears, t->c, true);
    go_yield();
    CHECK(!timer->is_awaited(timer));
    go(hears, t->c, false);
    go_yield();
    CHECK(timer->is_awaited(timer));
}

INSIDE_TEST(timers, a_tick_behind_one_that_nobody_took_is_in_vain)
{
    struct go_ticker *t = go_ticker_new(GO_SECOND);
    const struct rt_timer *timer = only_armed();

    CHECK(!timer->is_vain(timer));
    go_sleep(3 * GO_SECOND / 2);
    CHECK(timer->is_vain(timer));
    chan_recv(t->c);
    CHECK(!timer->is_vain(timer));
}
