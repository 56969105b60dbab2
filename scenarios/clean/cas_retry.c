/*
 * cas_retry - the twin: somebody begins.
 *
 * Pattern: three steps of a hand-over, each retried until the one before is
 * done. Expected: CLEAN.
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

SCENARIO(cas_retry, .about = "each waits for a state that another makes",
         .explore = true)
{
    struct go_atomic state = {EMPTY};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, move, &state, FULL, TAKEN);
    go_waitgroup_go(&wg, move, &state, TAKEN, EMPTY);
    go_waitgroup_go(&wg, move, &state, EMPTY, FULL);
    go_waitgroup_wait(&wg);
}
