/*
 * beside.c - what is stuck beside somebody who goes on for ever: a heartbeat, a
 * daemon, a loop that polls; each with a twin that is not.
 */
#include <vigil/scenario.h>

static void take_both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

/* Both locks in two orders; cured: in one. */
static void transfer(bool cured)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, take_both, &a, &b);
    go_waitgroup_go(&wg, take_both, cured ? &a : &b, cured ? &b : &a);
    go_waitgroup_wait(&wg);
}

static void heartbeat(chan(bool) quit)
{
    struct go_ticker *t = go_ticker_new(GO_SECOND);

    while (go_select(GO_RECV(t->c, NULL), GO_RECV(quit, NULL)) == 0)
        continue;
    go_ticker_free(t);
}

static void sleeper(void)
{
    go_expect_daemon();
    for (;;)
        go_sleep(100 * GO_MILLISECOND);
}

static void yielder(void)
{
    go_expect_daemon();
    for (;;)
        go_yield();
}

static void poller(chan(bool) quit)
{
    while (go_select(GO_RECV(quit, NULL), GO_DEFAULT) != 0)
        continue;
}

static void spinner(struct go_atomic *flag)
{
    while (!go_atomic_load(flag))
        go_yield();
}

static void beside_heartbeat(bool cured)
{
    chan(bool) quit = chan_make(bool, 0);

    go(heartbeat, quit);
    transfer(cured);
    chan_close(quit);
}

static void beside_poller(bool cured)
{
    chan(bool) quit = chan_make(bool, 0);

    go(poller, quit);
    transfer(cured);
    chan_close(quit);
}

static void beside_spinner(bool cured)
{
    static struct go_atomic flag;

    go(spinner, &flag);
    transfer(cured);
    go_atomic_store(&flag, 1);
}

/* Whoever is the second to add waits for what nobody sends. */
static void second_waits(chan(int) c, struct go_atomic *adds)
{
    if (go_atomic_add(adds, 1) == 2)
        chan_recv(c);
}

static void forget(bool cured)
{
    static struct go_atomic adds;
    chan(int) c = chan_make(int, 0);

    go(second_waits, c, &adds);
    go_yield();
    if (!cured)
        go_atomic_add(&adds, 1);
}

/* Says that it is over, if nobody else has said so before. */
static void say_over(struct go_atomic *claims, struct go_atomic *over)
{
    if (go_atomic_add(claims, 1) == 1)
        go_atomic_store(over, 1);
}

static void return_while_it_spins(bool cured)
{
    static struct go_atomic claims, over;

    go(say_over, &claims, &over);
    go(spinner, &over);
    if (!cured)
        go_atomic_add(&claims, 1);
}

#define BESIDE(name, ...) SCENARIO(name, .explore = true, __VA_ARGS__)

BESIDE(heartbeat, .expect = EXPECT_DEADLOCK)
{
    beside_heartbeat(false);
}

BESIDE(heartbeat_fixed)
{
    beside_heartbeat(true);
}

BESIDE(sleeper, .expect = EXPECT_DEADLOCK)
{
    go(sleeper);
    transfer(false);
}

BESIDE(sleeper_fixed)
{
    go(sleeper);
    transfer(true);
}

BESIDE(yielder, .expect = EXPECT_DEADLOCK)
{
    go(yielder);
    transfer(false);
}

BESIDE(yielder_fixed)
{
    go(yielder);
    transfer(true);
}

BESIDE(poller, .expect = EXPECT_DEADLOCK)
{
    beside_poller(false);
}

BESIDE(poller_fixed)
{
    beside_poller(true);
}

BESIDE(spinner, .expect = EXPECT_DEADLOCK)
{
    beside_spinner(false);
}

BESIDE(spinner_fixed)
{
    beside_spinner(true);
}

BESIDE(leak_sleeper, .expect = EXPECT_LEAK(1))
{
    go(sleeper);
    forget(false);
}

BESIDE(leak_sleeper_fixed)
{
    go(sleeper);
    forget(true);
}

BESIDE(leak_yielder, .expect = EXPECT_LEAK(1))
{
    go(yielder);
    forget(false);
}

BESIDE(leak_yielder_fixed)
{
    go(yielder);
    forget(true);
}

BESIDE(left, .expect = EXPECT_LEFT(1))
{
    return_while_it_spins(false);
}

BESIDE(left_fixed)
{
    return_while_it_spins(true);
}
