/*
 * known.c - handles that the kernel, a device or another process holds.
 *
 * In:  go_known_elsewhere. Out: a look counts what they stand for as held by
 * somebody alive.
 */
#include "runtime/sync/known.h"

#include <stdlib.h>

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"

static struct {
    uint32_t lock;       /* rank RT_RANK_NAME */
    const void **handle; /* [lock] one entry for each call, in any order */
    uint32_t n, cap;     /* [lock] */
} known;

static void known_end_run(void)
{
    known.n = 0;
}

__attribute__((constructor)) static void known_register(void)
{
    rt_at_halt(known_end_run);
}

void(go_known_elsewhere)(const void *handle)
{
    bool full = false;

    rt_lock_always(&known.lock, RT_RANK_NAME);
    if (known.n == known.cap) {
        uint32_t cap = known.cap ? known.cap * 2 : 16;
        const void **more = realloc(known.handle, cap * sizeof(*more));

        full = !more;
        if (more) {
            known.handle = more;
            known.cap = cap;
        }
    }
    if (!full)
        known.handle[known.n++] = handle;
    rt_unlock_always(&known.lock);
    rt_check(!full, "no memory to note a handle known elsewhere");
}

void(go_not_known_elsewhere)(const void *handle)
{
    rt_lock_always(&known.lock, RT_RANK_NAME);
    for (uint32_t i = 0; i < known.n; i++)
        if (known.handle[i] == handle) {
            known.handle[i] = known.handle[--known.n];
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
