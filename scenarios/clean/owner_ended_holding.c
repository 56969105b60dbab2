/*
 * owner_ended_holding - the twin: the lock is handed over before the end.
 *
 * Pattern: go_mutex_hand_over makes another goroutine the owner, also one
 * that does not wait for it; that one unlocks. Expected: CLEAN.
 */
#include "scenarios/check.h"

static void visit(struct go_mutex *mu, uint64_t heir)
{
    go_mutex_lock(mu);
    go_mutex_hand_over(mu, heir);
}

SCENARIO(owner_ended_holding, .about = "the lock is handed over first")
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, visit, &mu, go_self());
    go_waitgroup_wait(&wg);
    CHECK(!go_mutex_trylock(&mu));
    go_mutex_unlock(&mu);
}
