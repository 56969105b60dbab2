/*
 * lock_order_rwmutex - the twin: what is read is let go before the write.
 *
 * Expected: CLEAN, and no lock-order hint.
 */
#include <vigil/scenario.h>

static void rebuild(struct go_rwmutex *source, struct go_rwmutex *target,
                    long turn)
{
    go_sleep(turn * GO_MILLISECOND);
    go_rwmutex_rlock(source);
    go_rwmutex_runlock(source);
    go_rwmutex_lock(target);
    go_rwmutex_unlock(target);
}

SCENARIO(lock_order_rwmutex, .about = "read one, then write the other")
{
    struct go_rwmutex table = {0}, index = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, rebuild, &table, &index, 0l);
    go_waitgroup_go(&wg, rebuild, &index, &table, 1l);
    go_waitgroup_wait(&wg);
}
