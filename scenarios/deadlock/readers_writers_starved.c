/*
 * readers_writers_starved - readers who relieve each other keep a writer out.
 *
 * Pattern: the readers' preference of the first readers-writers problem: the
 * first reader takes the room, the last one gives it back, and with two that
 * overlap there is never a last one. Expected: CLEAN: the writer waits a
 * whole second, but those who can let it in live, so starvation is no
 * deadlock and must not be called one. Origin: Courtois and others 1971.
 */
#include "scenarios/check.h"

struct room {
    struct go_mutex turn;
    struct go_semaphore free;
    int readers; /* [turn] */
    struct go_atomic closing, written;
};

static void enter(struct room *r)
{
    go_mutex_lock(&r->turn);
    if (++r->readers == 1)
        go_semaphore_acquire(&r->free, 1);
    go_mutex_unlock(&r->turn);
}

static void leave(struct room *r)
{
    go_mutex_lock(&r->turn);
    if (--r->readers == 0)
        go_semaphore_release(&r->free, 1);
    go_mutex_unlock(&r->turn);
}

/* Is outside for 2 of 8 ms; the other one is inside then. */
static void reader(struct room *r, go_duration start)
{
    go_sleep(start);
    while (!go_atomic_load(&r->closing)) {
        enter(r);
        go_sleep(6 * GO_MILLISECOND);
        leave(r);
        go_sleep(2 * GO_MILLISECOND);
    }
}

static void writer(struct room *r)
{
    go_sleep(5 * GO_MILLISECOND);
    go_semaphore_acquire(&r->free, 1);
    go_atomic_store(&r->written, 1);
    go_semaphore_release(&r->free, 1);
}

SCENARIO(readers_writers_starved, .about = "two readers starve a writer",
         .origin = "Courtois, Heymans, Parnas 1971")
{
    struct room r = {.free = GO_SEMAPHORE(1)};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, reader, &r, 0);
    go_waitgroup_go(&wg, reader, &r, 4 * GO_MILLISECOND);
    go_waitgroup_go(&wg, writer, &r);
    go_sleep(GO_SECOND);
    CHECK_EQ(go_atomic_load(&r.written), 0);
    go_atomic_store(&r.closing, 1);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&r.written), 1);
}
