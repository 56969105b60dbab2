/*
 * spins.c - loops that go round for ever, one choice or a few at a time: where
 * that is seen differs from look to look, and is no part of a schedule.
 */
#include <vigil/scenario.h>

static struct go_atomic flag;

static void spin(void)
{
    while (!go_atomic_load(&flag))
        go_yield();
}

SCENARIO(spins_alone, .about = "nobody is left to set the flag",
         .expect = EXPECT_LIVELOCK)
{
    spin();
}

SCENARIO(spins_two, .about = "two wait for it", .expect = EXPECT_LIVELOCK)
{
    go(spin);
    spin();
}

static void spin_aside(void)
{
    go_expect_daemon();
    spin();
}

SCENARIO(spins_beside, .about = "and so does a daemon",
         .expect = EXPECT_LIVELOCK)
{
    go(spin_aside);
    spin();
}

static void offer(chan(int) c, int value)
{
    go_select(GO_SEND(c, value), GO_DEFAULT);
}

static void set(chan(int) c)
{
    if (chan_recv(c) == 1)
        go_atomic_store(&flag, 1);
}

SCENARIO(spins_behind, .about = "the flag is lost by a choice",
         .expect = EXPECT_LIVELOCK)
{
    chan(int) c = chan_make(int, 1);

    go(offer, c, 1);
    go(offer, c, 2);
    go(set, c);
    spin();
}

static void lock_two(struct go_mutex *one, struct go_mutex *two)
{
    go_mutex_lock(one);
    go_mutex_lock(two);
    go_mutex_unlock(two);
    go_mutex_unlock(one);
    go_atomic_add(&flag, 1);
}

SCENARIO(spins_for_ring, .about = "those who would end it are stuck",
         .expect = EXPECT_LEAK(2))
{
    static struct go_mutex a, b;

    go(lock_two, &a, &b);
    go(lock_two, &b, &a);
    while (go_atomic_load(&flag) < 2)
        go_yield();
}

static void lose(chan(int) c)
{
    chan_send(c, 1);
}

SCENARIO(spins_for_leak, .about = "and so is this one",
         .expect = EXPECT_LEAK(1))
{
    go(lose, chan_make(int, 0));
    spin();
}

static struct go_mutex kept;

static void keep(void)
{
    go_mutex_lock(&kept);
}

static void try(void)
{
    while (!go_mutex_trylock(&kept))
        go_yield();
    go_mutex_unlock(&kept);
}

SCENARIO(spins_for_abandoned, .about = "its owner has ended with the lock",
         .expect = EXPECT_LIVELOCK)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, keep);
    go_waitgroup_go(&wg, try);
    go_waitgroup_wait(&wg);
}
