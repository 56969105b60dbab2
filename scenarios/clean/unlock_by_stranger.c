/*
 * unlock_by_stranger - the twin: the lock is handed over first.
 *
 * Pattern: go_mutex_hand_over makes the transfer of ownership visible.
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void heir(struct go_mutex *mu, chan(uint64_t) id, chan(bool) yours)
{
    chan_send(id, go_self());
    chan_recv(yours);
    go_mutex_unlock(mu);
}

SCENARIO(unlock_by_stranger, .about = "unlock after a handing over")
{
    struct go_mutex mu = {0};
    struct go_waitgroup wg = {0};
    chan(uint64_t) id = chan_make(uint64_t, 0);
    chan(bool) yours = chan_make(bool, 0);

    go_mutex_lock(&mu);
    go_waitgroup_go(&wg, heir, &mu, id, yours);
    go_mutex_hand_over(&mu, chan_recv(id));
    chan_send(yours, true);
    go_waitgroup_wait(&wg);
    CHECK(go_mutex_trylock(&mu));
    go_mutex_unlock(&mu);
}
