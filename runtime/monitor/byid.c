/*
 * byid.c - finding records by their id.
 *
 * Method: a radix sort, byte by byte of the largest id and stable, so linear
 * for the small numbers that ids are; then binary search. A snapshot lists
 * goroutines by stack slot, and whatever a person reads goes by id: the same
 * index gives the order of all output, which must not depend on the schedule.
 */
#include "runtime/monitor/byid.h"

#include <errno.h>
#include <string.h>
#include <vigil/inspect.h>

#include "runtime/base/throw.h"

struct pass {
    uint64_t *id;
    uint32_t *index;
};

/* One stable pass over the byte at shift. */
static void sort_byte(const struct pass *from, const struct pass *to,
                      uint32_t n, unsigned shift)
{
    uint32_t start[257] = {0};

    for (uint32_t i = 0; i < n; i++)
        start[(from->id[i] >> shift & 255) + 1]++;
    for (unsigned c = 0; c < 256; c++)
        start[c + 1] += start[c];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = start[from->id[i] >> shift & 255]++;

        to->id[at] = from->id[i];
        to->index[at] = from->index[i];
    }
}

static int pass_new(struct pass *p, uint32_t n, struct rt_arena *arena)
{
    p->id = rt_arena_alloc(arena, n * sizeof(*p->id));
    p->index = rt_arena_alloc(arena, n * sizeof(*p->index));
    return p->id && p->index ? 0 : -ENOMEM;
}

int mon_byid_build(struct mon_byid *b, const void *records, size_t stride,
                   uint32_t n, struct rt_arena *arena)
{
    struct pass now, next;
    uint64_t all = 0;

    b->rank = rt_arena_alloc(arena, n * sizeof(*b->rank));
    if (!b->rank || pass_new(&now, n, arena) || pass_new(&next, n, arena))
        return -ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(&now.id[i], (const char *)records + i * stride,
               sizeof(now.id[i]));
        now.index[i] = i;
        all |= now.id[i];
    }
    for (unsigned shift = 0; shift < 64 && all >> shift; shift += 8) {
        struct pass was = now;

        sort_byte(&now, &next, n, shift);
        now = next;
        next = was;
    }
    for (uint32_t r = 0; r < n; r++)
        b->rank[now.index[r]] = r;
    b->n = n;
    b->id = now.id;
    b->index = now.index;
    return 0;
}

uint32_t mon_byid_find(const struct mon_byid *b, uint64_t id)
{
    uint32_t low = 0, high = b->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (b->id[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    rt_assert(low <= b->n, "byid: beyond the end");
    return low < b->n && b->id[low] == id ? b->index[low] : GO_NOWHERE;
}
