/*
 * after_you - each steps back for the other, for ever.
 *
 * Pattern: mutual exclusion by two flags; who sees the other's lowers its own
 * and raises it again. Expected: LIVELOCK, when both do so in step. Origin:
 * Dijkstra 1965, the fourth attempt before Dekker's.
 */
#include <vigil/scenario.h>

static void pass(struct go_atomic *mine, struct go_atomic *other)
{
    go_atomic_store(mine, 1);
    while (go_atomic_load(other)) {
        go_atomic_store(mine, 0);
        go_yield();
        go_atomic_store(mine, 1);
    }
    go_atomic_store(mine, 0);
}

SCENARIO(after_you, .about = "two flags, each lowered for the other",
         .expect = EXPECT_LIVELOCK, .explore = true, .origin = "Dijkstra 1965")
{
    struct go_atomic a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, pass, &a, &b);
    go_waitgroup_go(&wg, pass, &b, &a);
    go_waitgroup_wait(&wg);
}
