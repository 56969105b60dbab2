/*
 * waits.c - main waits for what anybody may still do, in some schedules for
 * ever, beside a daemon that goes on: neither proven stuck nor clean. Each with
 * a twin where main comes to its end.
 */
#include <vigil/scenario.h>

static struct go_mutex mu;
static struct go_cond cond;
static struct go_semaphore units;
static struct go_barrier gate = {.size = 2};
static struct go_atomic set;

static void tick(void)
{
    go_expect_daemon();
    for (;;)
        go_sleep(GO_SECOND);
}

/* It may come before main waits. */
static void signal_it(void)
{
    go_mutex_lock(&mu);
    go_atomic_store(&set, 1);
    go_cond_signal(&cond);
    go_mutex_unlock(&mu);
}

static void wait_for_signal(bool cured)
{
    go(tick);
    go(signal_it);
    go_mutex_lock(&mu);
    if (!cured || !go_atomic_load(&set))
        go_cond_wait(&cond, &mu);
    go_mutex_unlock(&mu);
}

SCENARIO(waits_signal, .explore = true)
{
    wait_for_signal(false);
}

SCENARIO(waits_signal_fixed, .explore = true)
{
    wait_for_signal(true);
}

static void release(void)
{
    go_semaphore_release(&units, 1);
}

SCENARIO(waits_unit, .explore = true)
{
    go(tick);
    if (go_choose(2))
        go(release);
    go_semaphore_acquire(&units, 1);
}

SCENARIO(waits_unit_fixed, .explore = true)
{
    go(tick);
    go(release);
    go_semaphore_acquire(&units, 1);
}

static void come(void)
{
    go_barrier_wait(&gate);
}

SCENARIO(waits_gate, .explore = true)
{
    go(tick);
    if (go_choose(2))
        go(come);
    go_barrier_wait(&gate);
}

SCENARIO(waits_gate_fixed, .explore = true)
{
    go(tick);
    go(come);
    go_barrier_wait(&gate);
}

/* Main waits again and again: it is only long. */
static void give(chan(int) c)
{
    go_expect_daemon();
    for (;;) {
        go_sleep(GO_MILLISECOND);
        chan_send(c, 1);
    }
}

SCENARIO(waits_often, .explore = true)
{
    static chan(int) c;

    c = chan_make(int, 0);
    go(give, c);
    for (int n = go_choose(2) ? 1000000 : 10; n > 0; n--)
        chan_recv(c);
}
