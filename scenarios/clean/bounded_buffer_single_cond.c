/*
 * bounded_buffer_single_cond - the twin: a condition for each kind.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct buffer {
    struct go_mutex mu;
    struct go_cond not_empty, not_full;
    int count; /* 0 or 1 */
};

static void consume(struct buffer *b)
{
    go_mutex_lock(&b->mu);
    while (b->count == 0)
        go_cond_wait(&b->not_empty, &b->mu);
    b->count--;
    go_cond_signal(&b->not_full);
    go_mutex_unlock(&b->mu);
}

static void produce(struct buffer *b, int n)
{
    go_mutex_lock(&b->mu);
    for (int i = 0; i < n; i++) {
        while (b->count == 1)
            go_cond_wait(&b->not_full, &b->mu);
        b->count++;
        go_cond_signal(&b->not_empty);
    }
    go_mutex_unlock(&b->mu);
}

SCENARIO(bounded_buffer_single_cond, .about = "a condition for each kind")
{
    struct buffer b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, consume, &b);
    go_waitgroup_go(&wg, consume, &b);
    go_sleep(GO_MILLISECOND);
    produce(&b, 2);
    go_waitgroup_wait(&wg);
    CHECK_EQ(b.count, 0);
}

SCENARIO(bounded_buffer_single_cond_unlucky,
         .about = "a condition for each kind, whoever is first",
         .explore = true)
{
    struct buffer b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, consume, &b);
    go_waitgroup_go(&wg, consume, &b);
    produce(&b, 2);
    go_waitgroup_wait(&wg);
    CHECK_EQ(b.count, 0);
}
