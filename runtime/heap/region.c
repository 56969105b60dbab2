/*
 * region.c - reserves the heap's address space, and makes it usable as needed.
 *
 * Method: one mapping that nobody may touch: the region, then its tables, each
 * with an entry for each chunk or block. Made writable STEP chunks at a time,
 * the tables along with them. So an address outside of what was ever used
 * faults, and a kernel that accounts strictly is asked for no more than that.
 *
 * The first address is not handed out (chunk 0): the tables' own pointer to
 * the region is no pointer to a block.
 *
 * Why not mmap for each large block: its number would have to be searched.
 */
#include "runtime/heap/region.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/base/reserve.h"

static const size_t LARGEST = (size_t)1 << 40;
static const size_t SMALLEST = (size_t)1 << 28;
enum {
    ALIGN = 2 << 20,      /* of the region: what the kernel's huge pages need */
    STEP = 1024,          /* chunks */
    CACHE_SHARE = 1 << 9, /* of the region, for the caches of threads */
};

struct rt_blocks rt_heap_blocks;
struct rt_region rt_region;
static uint32_t top;       /* [runs lock] chunks ever used, chunk 0 included */
static uint32_t committed; /* [runs lock] chunks that are readable */

/* Not more than a quarter of what the process may have at all. */
static size_t largest(void)
{
    struct rlimit l;
    size_t size = LARGEST;

    if (getrlimit(RLIMIT_AS, &l) == 0 && l.rlim_cur != RLIM_INFINITY)
        while (size > SMALLEST && size > l.rlim_cur / 4)
            size /= 2;
    return size;
}

/* Places the tables of n chunks one after another from `at`. */
static char *lay_out(char *at, size_t n, size_t caches)
{
    rt_heap_blocks.chunk = (uint64_t *)at;
    at += n * sizeof(*rt_heap_blocks.chunk);
    rt_heap_blocks.length = (uint32_t *)at;
    at += n * sizeof(*rt_heap_blocks.length);
    rt_heap_blocks.state = (uint8_t *)at;
    at += n * RT_CHUNK_BLOCKS;
    rt_region.bitmap = (uint64_t *)at;
    at += n * RT_BITMAP_WORDS * sizeof(*rt_region.bitmap);
    rt_region.chunks = (struct rt_chunk *)at;
    at += n * sizeof(*rt_region.chunks);
    rt_region.caches = at;
    rt_region.caches_size = caches;
    return at + caches;
}

static bool reserve(size_t size)
{
    size_t n = size >> RT_CHUNK_SHIFT, caches = size / CACHE_SHARE;
    size_t all = ALIGN + size + (size_t)lay_out(NULL, n, caches);
    char *low = rt_reserve(all, PROT_NONE);
    char *base;

    if (!low)
        return false;
    base = low + (-(uintptr_t)low & (ALIGN - 1));
    lay_out(base + size, n, caches);
    rt_heap_blocks.own_low = (uintptr_t)low;
    rt_heap_blocks.own_high = (uintptr_t)low + all;
    rt_heap_blocks.limit = size;
    rt_heap_blocks.base = (uintptr_t)base;
    return true;
}

/*
 * A small program stays small, where huge pages are given unasked too. A big
 * one has them: marking it waits for the TLB more than for anything else, and
 * a fork copies its page tables. Only advice: a kernel may know none of it.
 */
static void advise_huge(void)
{
    size_t step = (size_t)STEP << RT_CHUNK_SHIFT;

    madvise((void *)rt_heap_blocks.base, step, MADV_NOHUGEPAGE);
    madvise((void *)(rt_heap_blocks.base + step), rt_heap_blocks.limit - step,
            MADV_HUGEPAGE);
    madvise(rt_heap_blocks.state + STEP * RT_CHUNK_BLOCKS,
            (rt_heap_blocks.limit >> RT_CHUNK_SHIFT) * RT_CHUNK_BLOCKS -
                STEP * RT_CHUNK_BLOCKS,
            MADV_HUGEPAGE);
}

int rt_region_open(void)
{
    size_t size = largest();

    rt_check(!rt_heap_blocks.base, "heap: opened twice");
    rt_region.page = (size_t)sysconf(_SC_PAGESIZE);
    while (size >= SMALLEST && !reserve(size))
        size /= 2;
    if (!rt_heap_blocks.base)
        return -ENOMEM;
    top = 1;
    advise_huge();
    return 0;
}

bool rt_region_commit(void *low, size_t size)
{
    uintptr_t from = (uintptr_t)low & ~(rt_region.page - 1);
    uintptr_t to =
        ((uintptr_t)low + size + rt_region.page - 1) & ~(rt_region.page - 1);

    rt_assert(from >= rt_heap_blocks.own_low && to <= rt_heap_blocks.own_high,
              "heap: not its memory");
    return rt_reserve_open((void *)from, to - from);
}

/* Chunks up to `to` and all that is noted of them. */
static bool commit_chunks(uint32_t to)
{
    uint32_t from = committed, n;

    to = (to + STEP - 1) / STEP * STEP;
    n = to - from;
    if (!rt_region_commit(rt_chunk_memory(from), (size_t)n << RT_CHUNK_SHIFT) ||
        !rt_region_commit(rt_heap_blocks.chunk + from,
                          n * sizeof(*rt_heap_blocks.chunk)) ||
        !rt_region_commit(rt_heap_blocks.length + from,
                          n * sizeof(*rt_heap_blocks.length)) ||
        !rt_region_commit(rt_heap_blocks.state + (size_t)from * RT_CHUNK_BLOCKS,
                          (size_t)n * RT_CHUNK_BLOCKS) ||
        !rt_region_commit(rt_region.bitmap + (size_t)from * RT_BITMAP_WORDS,
                          n * RT_BITMAP_WORDS * sizeof(*rt_region.bitmap)) ||
        !rt_region_commit(rt_region.chunks + from,
                          n * sizeof(*rt_region.chunks)))
        return false;
    committed = to;
    return true;
}

uint32_t rt_region_grow(uint32_t n)
{
    uint32_t first = top;

    rt_check(n && top && (top <= committed || !committed),
             "region: out of step");
    if (n > (rt_heap_blocks.limit >> RT_CHUNK_SHIFT) - top ||
        (top + n > committed && !commit_chunks(top + n)))
        return 0;
    top += n;
    rt_assert(top <= committed, "region: handed out, but not readable");
    /* Only now may the tables be read there. */
    __atomic_store_n(&rt_heap_blocks.high, (uintptr_t)top << RT_CHUNK_SHIFT,
                     __ATOMIC_RELEASE);
    return first;
}
