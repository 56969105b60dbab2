/*
 * known.c - handles that the kernel, a device or another process holds.
 *
 * In:  go_known_elsewhere. Out: a look counts what they stand for as held by
 * somebody alive.
 *
 * W1  A look reads the list without the lock, wherever somebody who changes it
 *     was stopped: at every instruction all that is known stands in it. An
 *     entry is there before it counts, a copy before the old one goes.
 */
#include "runtime/sync/known.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"

static struct {
    uint32_t lock;       /* rank RT_RANK_NAME */
    const void **handle; /* [lock] one entry for each call, in any order; W1 */
    uint32_t n;          /* [lock] W1 */
    uint32_t cap;        /* [lock] */
} known;

static void known_end_run(void)
{
    known.n = 0;
}

__attribute__((constructor)) static void known_register(void)
{
    rt_at_halt(known_end_run);
}

/* Not realloc, which frees what a look may be about to read. */
static bool grow_locked(void)
{
    uint32_t cap = known.cap ? known.cap * 2 : 16;
    const void **more = malloc(cap * sizeof(*more)), **old = known.handle;

    rt_assert_held(&known.lock);
    if (!more)
        return false;
    if (known.n)
        memcpy(more, old, known.n * sizeof(*more));
    __atomic_store_n(&known.handle, more, __ATOMIC_RELEASE);
    known.cap = cap;
    free(old);
    return true;
}

void(go_known_elsewhere)(const void *handle)
{
    bool room;

    rt_lock_always(&known.lock, RT_RANK_NAME);
    room = known.n < known.cap || grow_locked();
    if (room) {
        rt_store(known.handle[known.n], handle);
        __atomic_store_n(&known.n, known.n + 1, __ATOMIC_RELEASE);
    }
    rt_unlock_always(&known.lock);
    rt_need(room, "no memory to note a handle known elsewhere");
}

void(go_not_known_elsewhere)(const void *handle)
{
    rt_lock_always(&known.lock, RT_RANK_NAME);
    for (uint32_t i = 0; i < known.n; i++)
        if (known.handle[i] == handle) {
            rt_store(known.handle[i], known.handle[known.n - 1]);
            __atomic_store_n(&known.n, known.n - 1, __ATOMIC_RELEASE);
            break;
        }
    rt_unlock_always(&known.lock);
}

uint32_t rt_known_elsewhere(const void *const **list)
{
    if (list)
        *list = known.handle;
    return known.n;
}
