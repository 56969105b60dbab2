/*
 * lock_held_across_send - sends with the lock held that the receiver needs.
 *
 * Pattern: lock and channel in one ring. Expected: DEADLOCK: main waits for
 * the lock, its owner for main to receive. Origin: the most common mixed
 * deadlock of the GoBench study.
 */
#include <vigil/scenario.h>

static void publish(struct go_mutex *mu, chan(int) out)
{
    go_mutex_lock(mu);
    chan_send(out, 1);
    go_mutex_unlock(mu);
}

SCENARIO(lock_held_across_send, .about = "sends with the lock held",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex mu = {0};
    chan(int) out = chan_make(int, 0);

    go(publish, &mu, out);
    go_sleep(GO_MILLISECOND); /* it has the lock and is in the send */
    go_mutex_lock(&mu);
    chan_recv(out);
    go_mutex_unlock(&mu);
}

/* Who has the lock first decides: main wants it but for a moment. */
SCENARIO(lock_held_across_send_unlucky,
         .about = "sends with the lock held that main may want",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex mu = {0};
    chan(int) out = chan_make(int, 0);

    go(publish, &mu, out);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    chan_recv(out);
}
