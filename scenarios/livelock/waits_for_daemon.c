/*
 * waits_for_daemon - a loop that a daemon ends, when it comes to it.
 *
 * Pattern: two poll for what a daemon makes, which takes its time: it counts.
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

enum {
    WORK = 200
};

static void serve(struct go_atomic *ready)
{
    go_expect_daemon();
    for (int i = 0; i < WORK; i++)
        go_yield();
    go_atomic_store(ready, 1);
}

static void await(struct go_atomic *ready)
{
    while (!go_atomic_load(ready))
        go_yield();
}

SCENARIO(waits_for_daemon, .about = "two poll for what a daemon makes",
         .explore = true)
{
    static struct go_atomic ready;
    struct go_waitgroup wg = {0};

    go(serve, &ready);
    go_waitgroup_go(&wg, await, &ready);
    go_waitgroup_go(&wg, await, &ready);
    go_waitgroup_wait(&wg);
}
