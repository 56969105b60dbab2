/*
 * unlock_of_unlocked - the twin: one lock, one unlock.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_mutex mu;

static void update(void)
{
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
}

SCENARIO(unlock_of_unlocked, .about = "one lock, one unlock")
{
    update();
    update();
    CHECK(go_mutex_trylock(&mu));
    go_mutex_unlock(&mu);
}
