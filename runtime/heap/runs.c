/*
 * runs.c - runs of chunks, free ones coalesced and kept by their length.
 *
 * Method: a list for each power of two, the newest first. The first that fits
 * among the first few of its own list is taken, else any of a longer list,
 * else the region grows. A free run is marked at both of its ends, so its
 * neighbours find it.
 *
 * U1  No two free runs are neighbours, but for one that is being purged:
 *     that is in no list and marked nowhere until it is zero.
 * U2  dirty of a run bounds the chunks in it that may not be zero. A part of
 *     a run that has any counts as dirty as far as it can be.
 */
#include "runtime/heap/runs.h"

#include <sys/mman.h>

#include "runtime/heap/lock.h"
#include "runtime/heap/region.h"

enum {
    LISTS = 25, /* lengths up to 2^24 chunks, 1 TiB */
    TRIES = 16
};

uint32_t rt_runs_lock;
static uint32_t lists[LISTS]; /* [lock] first chunk of the newest */

static unsigned list_of(uint32_t length)
{
    return 31u - (unsigned)__builtin_clz(length);
}

static uint32_t length_of(uint32_t first)
{
    return rt_load(rt_heap_blocks.length[first]);
}

static void link_free(uint32_t first, uint32_t length, uint32_t dirty)
{
    struct rt_chunk *run = &rt_region.chunks[first];
    uint32_t *list = &lists[list_of(length)];

    rt_assert(length && dirty <= length, "runs: U2");
    rt_store(rt_heap_blocks.length[first], length);
    run->kind = RT_RUN_FREE;
    run->dirty = dirty;
    run->prev = 0;
    run->next = *list;
    if (*list)
        rt_region.chunks[*list].prev = first;
    *list = first;
    run[length - 1].kind = RT_RUN_FREE;
    run[length - 1].first = first;
}

static void unlink_free(uint32_t first)
{
    struct rt_chunk *run = &rt_region.chunks[first];
    uint32_t length = length_of(first);

    rt_check(run->kind == RT_RUN_FREE, "runs: a run that is not free");
    if (run->prev)
        rt_region.chunks[run->prev].next = run->next;
    else
        lists[list_of(length)] = run->next;
    if (run->next)
        rt_region.chunks[run->next].prev = run->prev;
    run[length - 1].kind = RT_RUN_USED;
    run->kind = RT_RUN_USED;
}

static uint32_t find_free(uint32_t length)
{
    unsigned list = list_of(length);
    uint32_t first = lists[list];

    for (int i = 0; first && i < TRIES; i++) {
        if (length_of(first) >= length)
            return first;
        first = rt_region.chunks[first].next;
    }
    while (++list < LISTS)
        if (lists[list])
            return lists[list];
    return 0;
}

/* The first `length` chunks of a free run; the rest stays free. */
static void split(uint32_t first, uint32_t length, bool *zero)
{
    uint32_t all = length_of(first), dirty = rt_region.chunks[first].dirty;
    uint32_t rest = all - length;

    rt_check(all >= length, "runs: a run is too short");
    unlink_free(first);
    *zero = dirty == 0;
    if (rest)
        link_free(first + length, rest, dirty < rest ? dirty : rest);
}

static void count(int64_t chunks)
{
    rt_store(rt_heap_blocks.used, rt_heap_blocks.used + (uint64_t)chunks);
    rt_assert(rt_heap_blocks.used <= rt_heap_blocks.high >> RT_CHUNK_SHIFT,
              "runs: more in use than there are");
}

uint32_t rt_runs_take(uint32_t length, bool *zero)
{
    uint32_t first;

    rt_check(length, "runs: a run of nothing");
    if (length >= rt_heap_blocks.limit >> RT_CHUNK_SHIFT)
        return 0;
    rt_heap_lock(&rt_runs_lock);
    first = find_free(length);
    if (first) {
        split(first, length, zero);
    } else {
        first = rt_region_grow(length);
        *zero = true;
    }
    if (first)
        count(length);
    rt_heap_unlock(&rt_runs_lock);
    return first;
}

static bool used_up_to(uint32_t chunk)
{
    return (uintptr_t)chunk << RT_CHUNK_SHIFT == rt_heap_blocks.high;
}

bool rt_runs_extend(uint32_t first, uint32_t length, uint32_t more)
{
    uint32_t next = first + length;
    bool done = false, zero;

    rt_assert(first && length && more, "runs: a run of nothing");
    rt_heap_lock(&rt_runs_lock);
    if (used_up_to(next)) {
        done = rt_region_grow(more) != 0;
    } else if (rt_region.chunks[next].kind == RT_RUN_FREE &&
               length_of(next) >= more) {
        split(next, more, &zero);
        done = true;
    }
    if (done)
        count(more);
    rt_heap_unlock(&rt_runs_lock);
    return done;
}

/* Takes in what is free on both sides. */
static void merge(uint32_t *first, uint32_t *length, uint32_t *dirty)
{
    const struct rt_chunk *chunks = rt_region.chunks;
    uint32_t next = *first + *length;

    if (!used_up_to(next) && chunks[next].kind == RT_RUN_FREE) {
        *dirty += chunks[next].dirty;
        *length += length_of(next);
        unlink_free(next);
    }
    if (chunks[*first - 1].kind == RT_RUN_FREE) {
        uint32_t before = chunks[*first - 1].first;

        *dirty += chunks[before].dirty;
        *length += length_of(before);
        *first = before;
        unlink_free(before);
    }
}

bool rt_runs_purge(uint32_t first, uint32_t length)
{
    int saved = errno;
    int failed = madvise(rt_chunk_memory(first),
                         (size_t)length << RT_CHUNK_SHIFT, MADV_DONTNEED);

    errno = saved;
    return !failed;
}

void rt_runs_give(uint32_t first, uint32_t length, uint32_t dirty)
{
    bool purges = true;

    rt_check(first && length && dirty <= length, "runs: U2: no such run");
    rt_heap_lock(&rt_runs_lock);
    count(-(int64_t)length);
    merge(&first, &length, &dirty);
    while (purges && dirty >= RT_RUNS_PURGE) {
        rt_heap_unlock(&rt_runs_lock); /* nobody waits for the kernel: U1 */
        purges = rt_runs_purge(first, length);
        rt_heap_lock(&rt_runs_lock);
        if (purges)
            dirty = 0;
        merge(&first, &length, &dirty);
    }
    link_free(first, length, dirty);
    rt_heap_unlock(&rt_runs_lock);
}
