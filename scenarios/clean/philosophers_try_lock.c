/*
 * philosophers_try_lock - the twin: one of them insists.
 *
 * Pattern: four put their fork down, the fifth waits for its second one: so
 * there is always somebody who eats. Expected: CLEAN. Origin: Dijkstra 1965.
 */
#include <vigil/scenario.h>

enum {
    SEATS = 5
};

static void dine(struct go_mutex *left, struct go_mutex *right)
{
    go_mutex_lock(left);
    while (!go_mutex_trylock(right)) {
        go_mutex_unlock(left);
        go_yield();
        go_mutex_lock(left);
    }
    go_mutex_unlock(right);
    go_mutex_unlock(left);
}

static void insist(struct go_mutex *left, struct go_mutex *right)
{
    go_mutex_lock(left);
    go_mutex_lock(right);
    go_mutex_unlock(right);
    go_mutex_unlock(left);
}

SCENARIO(philosophers_try_lock, .about = "five philosophers, one insisting",
         .explore = true, .origin = "Dijkstra 1965")
{
    struct go_mutex fork[SEATS] = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, insist, &fork[0], &fork[1]);
    for (int i = 1; i < SEATS; i++)
        go_waitgroup_go(&wg, dine, &fork[i], &fork[(i + 1) % SEATS]);
    go_waitgroup_wait(&wg);
}
