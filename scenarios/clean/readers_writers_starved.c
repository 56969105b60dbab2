/*
 * readers_writers_starved - the twin: a pending writer stops new readers.
 *
 * Pattern: the same readers on a go_rwmutex. Expected: CLEAN; the writer gets
 * in as soon as those are out who were in before it.
 */
#include "scenarios/check.h"

struct room {
    struct go_rwmutex mu;
    struct go_atomic closing, written_at;
};

static void reader(struct room *r, go_duration start)
{
    go_sleep(start);
    while (!go_atomic_load(&r->closing)) {
        go_rwmutex_rlock(&r->mu);
        go_sleep(6 * GO_MILLISECOND);
        go_rwmutex_runlock(&r->mu);
        go_sleep(2 * GO_MILLISECOND);
    }
}

static void writer(struct room *r)
{
    go_sleep(5 * GO_MILLISECOND);
    go_rwmutex_lock(&r->mu);
    go_atomic_store(&r->written_at, go_now());
    go_rwmutex_unlock(&r->mu);
}

SCENARIO(readers_writers_starved, .about = "a pending writer stops readers")
{
    struct room r = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, reader, &r, 0);
    go_waitgroup_go(&wg, reader, &r, 4 * GO_MILLISECOND);
    go_waitgroup_go(&wg, writer, &r);
    go_sleep(GO_SECOND);
    /* The second reader came in at 4 ms and left at 10. */
    CHECK_EQ(go_atomic_load(&r.written_at), 10 * GO_MILLISECOND);
    go_atomic_store(&r.closing, 1);
    go_waitgroup_wait(&wg);
}
