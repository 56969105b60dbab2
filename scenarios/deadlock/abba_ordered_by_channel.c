/*
 * abba_ordered_by_channel - two orders, the second after a message that the
 * first sends when it is done.
 *
 * Pattern: the message keeps the two apart. Expected: CLEAN, and no lock-order
 * hint. Has no twin.
 */
#include <vigil/scenario.h>

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void before(struct go_mutex *a, struct go_mutex *b, chan(int) done)
{
    both(a, b);
    chan_send(done, 1);
}

static void after(struct go_mutex *a, struct go_mutex *b, chan(int) done)
{
    chan_recv(done);
    both(b, a);
}

SCENARIO(abba_ordered_by_channel, .about = "two orders, a message between")
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};
    chan(int) done = chan_make(int, 1);

    go_waitgroup_go(&wg, before, &a, &b, done);
    go_waitgroup_go(&wg, after, &a, &b, done);
    go_waitgroup_wait(&wg);
}
