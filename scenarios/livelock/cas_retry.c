/*
 * cas_retry - two compare-and-swaps, each of which waits for the other's.
 *
 * Pattern: a hand-over by state, where both sides wait for a state that the
 * other one makes. Nobody sleeps, so no detector of deadlocks sees it.
 * Expected: LIVELOCK, in every schedule. Origin: classic.
 */
#include <vigil/scenario.h>

enum state {
    EMPTY,
    FULL,
    TAKEN
};

static void move(struct go_atomic *state, int from, int to)
{
    while (!go_atomic_cas(state, from, to))
        go_yield();
}

SCENARIO(cas_retry, .about = "both wait for a state that the other makes",
         .expect = EXPECT_LIVELOCK, .explore = true)
{
    struct go_atomic state = {EMPTY};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, move, &state, FULL, TAKEN);
    go_waitgroup_go(&wg, move, &state, TAKEN, EMPTY);
    go_waitgroup_wait(&wg);
}
