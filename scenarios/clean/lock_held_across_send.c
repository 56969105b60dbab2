/*
 * lock_held_across_send - the twin: the value is taken under the lock, sent
 * without it.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct counter {
    struct go_mutex mu;
    int n;
};

static void publish(struct counter *c, chan(int) out)
{
    go_mutex_lock(&c->mu);
    int n = ++c->n;
    go_mutex_unlock(&c->mu);
    chan_send(out, n);
}

SCENARIO(lock_held_across_send, .about = "unlocks, then sends")
{
    struct counter c = {0};
    chan(int) out = chan_make(int, 0);

    go(publish, &c, out);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&c.mu);
    CHECK_EQ(chan_recv(out), 1);
    go_mutex_unlock(&c.mu);
}

SCENARIO(lock_held_across_send_unlucky,
         .about = "unlocks, then sends, whoever locks first", .explore = true)
{
    static struct counter c;
    chan(int) out = chan_make(int, 0);

    go(publish, &c, out);
    go_mutex_lock(&c.mu);
    go_mutex_unlock(&c.mu);
    CHECK_EQ(chan_recv(out), 1);
}
