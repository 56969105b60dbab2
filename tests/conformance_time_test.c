/*
 * conformance_time_test.c - what Go's time package promises (1.23 and later),
 * where vigil has the same.
 */
#include "tests/inside.h"

INSIDE_TEST(conformance_time, stop_tells_whether_it_stopped)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    CHECK(go_timer_stop(t));
    CHECK(!go_timer_stop(t));
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(chan_try_recv(t->c, NULL), 0);
    go_timer_reset(t, GO_SECOND);
    CHECK_EQ(chan_recv(t->c), 3 * GO_SECOND);
    CHECK(!go_timer_stop(t));
    go_timer_free(t);
}

INSIDE_TEST(conformance_time, stop_of_an_expired_timer_that_nobody_read)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    go_sleep(2 * GO_SECOND);
    CHECK(go_timer_stop(t)); /* in time, as far as anybody can see */
    CHECK_EQ(chan_try_recv(t->c, NULL), 0);
    CHECK(!go_timer_stop(t));
}

INSIDE_TEST(conformance_time, reset_leaves_no_old_value)
{
    struct go_timer *t = go_timer_new(GO_SECOND);

    go_sleep(2 * GO_SECOND);
    CHECK(go_timer_reset(t, 5 * GO_SECOND));
    CHECK_EQ(chan_recv(t->c), 7 * GO_SECOND);
    CHECK(!go_timer_reset(t, GO_SECOND));
    CHECK(go_timer_reset(t, 3 * GO_SECOND));
    CHECK_EQ(chan_recv(t->c), 10 * GO_SECOND);
    CHECK_EQ(chan_try_recv(t->c, NULL), 0);
}

INSIDE_TEST(conformance_time, reset_moves_a_timer_both_ways)
{
    struct go_timer *t = go_timer_new(GO_HOUR);

    CHECK(go_timer_reset(t, GO_SECOND));
    CHECK_EQ(chan_recv(t->c), GO_SECOND);
    go_timer_reset(t, GO_SECOND);
    CHECK(go_timer_reset(t, GO_HOUR));
    CHECK_EQ(chan_recv(t->c), GO_HOUR + GO_SECOND);
}

INSIDE_TEST(conformance_time, zero_and_negative_delays_expire_at_once)
{
    struct go_timer *t = go_timer_new(0);

    CHECK_EQ(chan_recv(t->c), 0);
    go_timer_reset(t, -5);
    CHECK_EQ(chan_recv(t->c), 0);
    go_timer_reset(t, INT64_MIN);
    CHECK_EQ(chan_recv(t->c), 0);
    CHECK_EQ(chan_recv(go_after(0)), 0);
    CHECK_EQ(chan_recv(go_after(-GO_HOUR)), 0);
}

INSIDE_TEST(conformance_time, extreme_delays_saturate)
{
    struct go_timer *t;

    go_sleep(GO_SECOND);
    t = go_timer_new(INT64_MAX); /* the sum overflows */
    go_sleep(100 * 365 * 24 * GO_HOUR);
    CHECK_EQ(chan_try_recv(t->c, NULL), 0);
    CHECK(go_timer_stop(t));
    CHECK(!go_timer_reset(t, INT64_MAX));
    CHECK(go_timer_reset(t, GO_SECOND));
    chan_recv(t->c);
}

INSIDE_TEST(conformance_time, channels_of_timers_have_no_len_and_cap)
{
    struct go_timer *t = go_timer_new(GO_SECOND);
    struct go_ticker *k = go_ticker_new(GO_SECOND);
    chan(go_instant) c = go_after(GO_SECOND);

    for (int i = 0; i < 2; i++) {
        CHECK_EQ(chan_len(t->c) + chan_cap(t->c), 0);
        CHECK_EQ(chan_len(k->c) + chan_cap(k->c), 0);
        CHECK_EQ(chan_len(c) + chan_cap(c), 0);
        go_sleep(2 * GO_SECOND); /* again with a value in each */
    }
    CHECK_EQ(chan_try_recv(c, NULL), 1);
}

INSIDE_TEST(conformance_time, ticker_ticks_at_exact_instants)
{
    struct go_ticker *k = go_ticker_new(10 * GO_MILLISECOND);

    for (int i = 1; i <= 1000; i++)
        CHECK_EQ(chan_recv(k->c), i * 10 * GO_MILLISECOND);
    go_ticker_stop(k);
    go_sleep(GO_SECOND);
    CHECK_EQ(chan_try_recv(k->c, NULL), 0);
    go_ticker_free(k);
}

INSIDE_TEST(conformance_time, ticker_drops_ticks_for_a_slow_receiver)
{
    struct go_ticker *k = go_ticker_new(GO_SECOND);

    go_sleep(5 * GO_SECOND + 1);
    CHECK_EQ(chan_recv(k->c), GO_SECOND); /* the first that had room */
    CHECK_EQ(chan_recv(k->c), 6 * GO_SECOND);
    CHECK_EQ(chan_recv(k->c), 7 * GO_SECOND);
    CHECK_EQ(chan_try_recv(k->c, NULL), 0);
    go_ticker_free(k);
}

INSIDE_TEST(conformance_time, ticker_reset_begins_anew_and_drains)
{
    struct go_ticker *k = go_ticker_new(GO_SECOND);

    go_sleep(2 * GO_SECOND + 5);
    go_ticker_reset(k, 10 * GO_SECOND);
    CHECK_EQ(chan_try_recv(k->c, NULL), 0);
    CHECK_EQ(chan_recv(k->c), 12 * GO_SECOND + 5);
    go_ticker_stop(k);
    go_ticker_reset(k, GO_SECOND);
    CHECK_EQ(chan_recv(k->c), 13 * GO_SECOND + 5);
    go_ticker_free(k);
}

INSIDE_TEST(conformance_time, stop_does_not_close_a_tickers_channel)
{
    struct go_ticker *k = go_ticker_new(GO_SECOND);

    go_ticker_stop(k);
    CHECK_EQ(chan_try_recv(k->c, NULL), 0); /* -EPIPE if it were closed */
}

static void tick(go_duration d)
{
    go_ticker_new(d);
}

static void tick_again(struct go_ticker *k, go_duration d)
{
    go_ticker_reset(k, d);
}

INSIDE_TEST(conformance_time, ticker_of_nothing_panics)
{
    struct go_ticker *k = go_ticker_new(1);

    CHECK_PANIC(go_try(tick, 0), "non-positive interval for go_ticker_new");
    CHECK_PANIC(go_try(tick, -1), "non-positive interval for go_ticker_new");
    CHECK_PANIC(go_try(tick_again, k, 0),
                "non-positive interval for go_ticker_reset");
    go_ticker_free(k);
}

static int order[8], norder;

static void note(int i)
{
    order[norder++] = i;
}

INSIDE_TEST(conformance_time, equal_deadlines_fire_in_arming_order)
{
    for (int i = 0; i < 8; i++)
        go_after_func(GO_SECOND, note, i);
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(norder, 8);
    for (int i = 0; i < 8; i++)
        CHECK_EQ(order[i], i);
}

static uint64_t ran_as;

static void run(chan(bool) done)
{
    ran_as = go_self();
    go_sleep(GO_SECOND); /* so it may park */
    chan_send(done, true);
}

INSIDE_TEST(conformance_time, after_func_runs_in_a_goroutine_of_its_own)
{
    chan(bool) done = chan_make(bool, 0);
    struct go_timer *t = go_after_func(GO_SECOND, run, done);

    CHECK(chan_recv(done));
    CHECK(ran_as != 0 && ran_as != go_self());
    CHECK_EQ(go_now(), 2 * GO_SECOND);
    CHECK(!go_timer_stop(t));
}

INSIDE_TEST(conformance_time, a_timer_wakes_the_select_that_waits_for_it)
{
    chan(int) never = chan_make(int, 0);
    int i = go_select(GO_RECV(never, NULL), GO_RECV(go_after(GO_SECOND), NULL),
                      GO_RECV(go_after(GO_HOUR), NULL));

    CHECK_EQ(i, 1);
    CHECK_EQ(go_now(), GO_SECOND);
}

static void work(chan(int) c)
{
    go_sleep(GO_SECOND);
    chan_send(c, 7);
}

INSIDE_TEST(conformance_time, a_timer_that_loses_a_select_can_be_set_again)
{
    chan(int) c = chan_make(int, 0);
    struct go_timer *t = go_timer_new(2 * GO_SECOND);
    int v = 0;

    go(work, c);
    CHECK_EQ(go_select(GO_RECV(t->c, NULL), GO_RECV(c, &v)), 1);
    CHECK_EQ(v, 7);
    CHECK(go_timer_reset(t, 2 * GO_SECOND));
    CHECK_EQ(chan_recv(t->c), 3 * GO_SECOND);
}
