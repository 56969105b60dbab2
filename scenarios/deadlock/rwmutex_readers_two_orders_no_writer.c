/*
 * rwmutex_readers_two_orders_no_writer - ABBA of read locks only.
 *
 * Pattern: read locks do not exclude each other, so their order does not
 * matter as long as nobody writes. Expected: CLEAN. Has no twin.
 */
#include <vigil/scenario.h>

static void both(struct go_rwmutex *first, struct go_rwmutex *second)
{
    go_rwmutex_rlock(first);
    go_sleep(GO_MILLISECOND); /* both have their first one now */
    go_rwmutex_rlock(second);
    go_rwmutex_runlock(second);
    go_rwmutex_runlock(first);
}

SCENARIO(rwmutex_readers_two_orders_no_writer,
         .about = "read locks in two orders, no writer")
{
    struct go_rwmutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}
