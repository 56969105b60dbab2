/*
 * lock_order_rwmutex - one reads a table and writes an index, the other reads
 * the index and writes the table.
 *
 * Pattern: each holds for reading what the other wants for writing; they do
 * not meet in this run. Expected: LOCK ORDER, a hint. Origin: classic.
 */
#include <vigil/scenario.h>

static void rebuild(struct go_rwmutex *source, struct go_rwmutex *target,
                    long turn)
{
    go_sleep(turn * GO_MILLISECOND);
    go_rwmutex_rlock(source);
    go_rwmutex_lock(target);
    go_rwmutex_unlock(target);
    go_rwmutex_runlock(source);
}

SCENARIO(lock_order_rwmutex, .about = "read one, write the other, and luck",
         .expect = EXPECT_LOCK_ORDER)
{
    struct go_rwmutex table = {0}, index = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, rebuild, &table, &index, 0l);
    go_waitgroup_go(&wg, rebuild, &index, &table, 1l);
    go_waitgroup_wait(&wg);
}
