/*
 * rwmutex_upgrade - the twin: let go, lock for writing, look again.
 *
 * Pattern: double-checked fill of a cache, by two goroutines. Expected: CLEAN.
 */
#include "scenarios/check.h"

struct cache {
    struct go_rwmutex mu;
    int value, fills;
};

static void get(struct cache *c)
{
    go_rwmutex_rlock(&c->mu);
    int seen = c->value;
    go_rwmutex_runlock(&c->mu);
    if (seen)
        return;
    go_rwmutex_lock(&c->mu);
    if (!c->value) { /* somebody else may have been faster */
        c->value = 42;
        c->fills++;
    }
    go_rwmutex_unlock(&c->mu);
}

SCENARIO(rwmutex_upgrade, .about = "read unlock, write lock, look again")
{
    struct cache c = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, get, &c);
    go_waitgroup_go(&wg, get, &c);
    go_waitgroup_wait(&wg);
    CHECK_EQ(c.fills, 1);
}
