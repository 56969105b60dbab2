/*
 * rwmutex_upgrade - a reader asks for the write lock without letting go.
 *
 * Pattern: read, find that something is missing, write. Expected: DEADLOCK, a
 * ring of one: the writer waits for every reader, itself included. Origin:
 * classic; Go's RWMutex can not be upgraded.
 */
#include <vigil/scenario.h>

SCENARIO(rwmutex_upgrade, .about = "read lock upgraded to a write lock",
         .expect = EXPECT_DEADLOCK)
{
    struct go_rwmutex cache = {0};

    go_rwmutex_rlock(&cache);
    go_rwmutex_lock(&cache);
    go_rwmutex_unlock(&cache);
    go_rwmutex_runlock(&cache);
}
