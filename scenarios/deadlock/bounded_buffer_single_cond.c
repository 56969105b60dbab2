/*
 * bounded_buffer_single_cond - one condition for two kinds of waiters.
 *
 * Pattern: "not empty" and "not full" share a condition, and signal wakes one
 * of either kind. The first consumer makes room, its signal reaches the
 * second consumer, which finds nothing and goes back to sleep; the producer
 * that waits for room is never told. Expected: DEADLOCK, certain in a plain
 * run, which wakes the oldest waiter. Origin: classic.
 */
#include <vigil/scenario.h>

struct buffer {
    struct go_mutex mu;
    struct go_cond changed;
    int count; /* 0 or 1 */
};

static void consume(struct buffer *b)
{
    go_mutex_lock(&b->mu);
    while (b->count == 0)
        go_cond_wait(&b->changed, &b->mu);
    b->count--;
    go_cond_signal(&b->changed);
    go_mutex_unlock(&b->mu);
}

static void produce(struct buffer *b, int n)
{
    go_mutex_lock(&b->mu);
    for (int i = 0; i < n; i++) {
        while (b->count == 1)
            go_cond_wait(&b->changed, &b->mu);
        b->count++;
        go_cond_signal(&b->changed);
    }
    go_mutex_unlock(&b->mu);
}

SCENARIO(bounded_buffer_single_cond,
         .about = "signal wakes the wrong kind of waiter",
         .expect = EXPECT_DEADLOCK)
{
    struct buffer b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, consume, &b);
    go_waitgroup_go(&wg, consume, &b);
    go_sleep(GO_MILLISECOND); /* both consumers wait */
    produce(&b, 2);
    go_waitgroup_wait(&wg);
}

SCENARIO(bounded_buffer_single_cond_unlucky,
         .about = "signal may wake the wrong kind of waiter",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct buffer b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, consume, &b);
    go_waitgroup_go(&wg, consume, &b);
    produce(&b, 2);
    go_waitgroup_wait(&wg);
}
