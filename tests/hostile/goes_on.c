/*
 * goes_on.c - what is stuck beside a main that goes on, as a server's does; each
 * with a twin where nobody is. Main comes to its end so late that an execution
 * is cut off before, but an ordinary run is not.
 */
#include <vigil/scenario.h>

enum {
    LONG = 60000 /* rounds of main */
};

static void take_both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

/* Both locks in two orders; cured: in one. */
static void begin_transfer(bool cured)
{
    static struct go_mutex a, b;

    go(take_both, &a, &b);
    go(take_both, cured ? &a : &b, cured ? &b : &a);
}

static void sleeps(bool cured)
{
    begin_transfer(cured);
    for (int i = 0; i < LONG; i++)
        go_sleep(GO_MILLISECOND);
}

static void ticks(bool cured)
{
    struct go_ticker *t = go_ticker_new(GO_MILLISECOND);

    begin_transfer(cured);
    for (int i = 0; i < LONG; i++)
        chan_recv(t->c);
    go_ticker_free(t);
}

static void sleeper(void)
{
    go_expect_daemon();
    for (;;)
        go_sleep(100 * GO_MILLISECOND);
}

static void polls(bool cured)
{
    static struct go_atomic never;

    go(sleeper);
    begin_transfer(cured);
    for (int i = 0; i < LONG && !go_atomic_load(&never); i++)
        go_yield();
}

#define GOES_ON(name, ...) SCENARIO(name, .explore = true, __VA_ARGS__)

GOES_ON(sleeps, .expect = EXPECT_LEAK(2))
{
    sleeps(false);
}

GOES_ON(sleeps_fixed)
{
    sleeps(true);
}

GOES_ON(ticks, .expect = EXPECT_LEAK(2))
{
    ticks(false);
}

GOES_ON(ticks_fixed)
{
    ticks(true);
}

GOES_ON(polls, .expect = EXPECT_LEAK(2))
{
    polls(false);
}

GOES_ON(polls_fixed)
{
    polls(true);
}
