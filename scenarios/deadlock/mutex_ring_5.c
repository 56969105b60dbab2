/*
 * mutex_ring_5 - five goroutines, each waits for the next one's lock.
 *
 * Pattern: a longer ABBA. Expected: DEADLOCK, a ring of five; main, which
 * waits for all of them, is a bystander. Origin: classic.
 */
#include <vigil/scenario.h>

enum {
    RING = 5
};

static void member(struct go_mutex *own, struct go_mutex *next)
{
    go_mutex_lock(own);
    go_sleep(GO_MILLISECOND); /* until all have their own */
    go_mutex_lock(next);
    go_mutex_unlock(next);
    go_mutex_unlock(own);
}

SCENARIO(mutex_ring_5, .about = "five locks in a ring",
         .expect = EXPECT_DEADLOCK)
{
    struct go_mutex lock[RING] = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < RING; i++)
        go_waitgroup_go(&wg, member, &lock[i], &lock[(i + 1) % RING]);
    go_waitgroup_wait(&wg);
}
