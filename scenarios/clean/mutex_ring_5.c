/*
 * mutex_ring_5 - the twin: the last one takes its locks the other way round.
 *
 * Pattern: a total order breaks the ring. Expected: CLEAN.
 */
#include <vigil/scenario.h>

enum {
    RING = 5
};

static void member(struct go_mutex *lower, struct go_mutex *higher)
{
    go_mutex_lock(lower);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(higher);
    go_mutex_unlock(higher);
    go_mutex_unlock(lower);
}

SCENARIO(mutex_ring_5, .about = "five locks, lower index first")
{
    struct go_mutex lock[RING] = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < RING - 1; i++)
        go_waitgroup_go(&wg, member, &lock[i], &lock[i + 1]);
    go_waitgroup_go(&wg, member, &lock[0], &lock[RING - 1]);
    go_waitgroup_wait(&wg);
}
