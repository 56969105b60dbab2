/*
 * after_you - the twin: it is somebody's turn.
 *
 * Pattern: Dekker's algorithm. Only who does not have the turn steps back, and
 * waits until it has. Expected: CLEAN. Origin: Dijkstra 1965.
 */
#include <vigil/scenario.h>

static void pass(struct go_atomic *mine, struct go_atomic *other,
                 struct go_atomic *turn, int me)
{
    go_atomic_store(mine, 1);
    while (go_atomic_load(other)) {
        if (go_atomic_load(turn) == me)
            continue;
        go_atomic_store(mine, 0);
        while (go_atomic_load(turn) != me)
            go_yield();
        go_atomic_store(mine, 1);
    }
    go_atomic_store(turn, 1 - me);
    go_atomic_store(mine, 0);
}

SCENARIO(after_you, .about = "two flags, and a turn", .explore = true,
         .origin = "Dijkstra 1965")
{
    struct go_atomic a = {0}, b = {0}, turn = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, pass, &a, &b, &turn, 0);
    go_waitgroup_go(&wg, pass, &b, &a, &turn, 1);
    go_waitgroup_wait(&wg);
}
