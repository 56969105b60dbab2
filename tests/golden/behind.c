/* behind - left behind a lock of somebody who is alive, and behind who asks. */
#include <vigil/scenario.h>

static void keep(struct go_rwmutex *table)
{
    go_name("keeper");
    go_expect_daemon();
    go_rwmutex_rlock(table);
    for (;;)
        go_sleep(GO_SECOND);
}

static void change(struct go_rwmutex *table)
{
    go_name("writer");
    go_rwmutex_lock(table);
    go_rwmutex_unlock(table);
}

static void look_up(struct go_rwmutex *table)
{
    go_name("reader");
    go_rwmutex_rlock(table); /* a writer has asked */
    go_rwmutex_runlock(table);
}

SCENARIO(behind, .about = "a read lock that is kept", .expect = EXPECT_LEFT(2))
{
    static struct go_rwmutex table;

    go(keep, &table);
    go_sleep(GO_MILLISECOND);
    go(change, &table);
    go_sleep(GO_MILLISECOND);
    go(look_up, &table);
}
