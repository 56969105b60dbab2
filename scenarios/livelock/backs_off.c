/*
 * backs_off - many rounds for nothing, and then an end.
 *
 * Pattern: bounded back-off: each round that fails waits longer, and the last
 * one insists. Looks like a livelock for long, and is none. Expected: CLEAN.
 */
#include <vigil/scenario.h>

enum {
    ROUNDS = 6
};

static void back_off(int rounds)
{
    for (int i = 0; i < 1 << rounds; i++)
        go_yield();
}

static void take(struct go_mutex *m)
{
    int i = 0;

    while (i < ROUNDS && !go_mutex_trylock(m))
        back_off(i++);
    if (i == ROUNDS)
        go_mutex_lock(m);
    go_yield();
    go_mutex_unlock(m);
}

SCENARIO(backs_off, .about = "tries that become fewer, and end",
         .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_mutex_lock(&m);
    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, take, &m);
    for (int i = 0; i < 50; i++)
        go_yield();
    go_mutex_unlock(&m);
    go_waitgroup_wait(&wg);
}
