/*
 * reserve.c - addresses that are reserved: how many, and what a core has of them.
 *
 * In:  whoever reserves a map to be opened later. Out: a size that leaves room
 * for others; a map of it.
 *
 * Method: mappings are tried, and taken back, until it is known how much there
 * is: neither a limit nor /proc says what counts against it. The map is none of
 * what a core has, until it is opened.
 *
 * V1  What is left grows with what there is, for of more a quarter more is
 *     taken: so what runs under one limit runs under any higher one.
 *
 * Why not half as much until it can be mapped: that takes nearly all where
 * there is a little more than a power of two, and who comes behind has nothing.
 *
 * Why a core must not have it: the kernel leaves out what was never touched, as
 * a hole; but a pipe to who keeps cores has none, and is written 160 GiB of
 * zeros; and gdb's gcore reads it all.
 */
#include "runtime/base/reserve.h"

#include <stdbool.h>
#include <sys/mman.h>

enum {
    SHARE = 4,
    GRAIN = 64 << 10
};

static bool fits(size_t size, int protection)
{
    void *p = mmap(NULL, size, protection,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return false;
    munmap(p, size);
    return true;
}

/* What can be mapped, up to a grain: most, or less. */
static size_t room(size_t most, int protection)
{
    size_t low = 0, high = most;

    if (fits(most, protection))
        return most;
    while (high - low > GRAIN) {
        size_t middle = low + (high - low) / 2;

        if (fits(middle, protection))
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t rt_reserve_size(size_t most, size_t least, int protection)
{
    size_t size = room(SHARE * most, protection) / SHARE / GRAIN * GRAIN;

    return size < least ? least : size;
}

void *rt_reserve(size_t size, int protection)
{
    void *p = mmap(NULL, size, protection,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return NULL;
    madvise(p, size, MADV_DONTDUMP);
    return p;
}

void rt_reserve_dump(void *low, size_t size)
{
    madvise(low, size, MADV_DODUMP);
}

bool rt_reserve_open(void *low, size_t size)
{
    rt_reserve_dump(low, size);
    return mprotect(low, size, PROT_READ | PROT_WRITE) == 0;
}
