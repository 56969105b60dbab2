/*
 * stackmap.c - the map that stacks lie in: its guards, and its memory.
 *
 * In:  stack.c, when slots are first used, or unused for long. Out: slots that
 * fault below their stacks, and pages for those that are about to run.
 *
 * Method: all of it is reserved at once, and has memory where it was touched.
 * Guards, first touches and what is given back are ranges by the dozen, for
 * one call of the kernel each (base/advise.h).
 *
 * M1  Of a slot that was taken back all reads as zero, its g's status too.
 * M2  What AddressSanitizer notes of a slot goes with its memory, and lies in
 *     pages that are of no other slot: zeros say that all may be used.
 * M3  A core has every slot that was ever given, and at most as many again, or
 *     a handful: more are let in by doubling, so a crowd costs no more calls.
 *
 * Guards: MADV_GUARD_INSTALL (Linux 6.13) costs no mapping; before, mprotect
 * makes two mappings of one, and vm.max_map_count ends it at about 32,000:
 * beyond that stacks go unguarded. Below them all nothing can be touched for
 * APRON bytes: a frame that is larger than its stack goes past the guard.
 */
#include "runtime/sched/stackmap.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "runtime/base/advise.h"
#include "runtime/base/own.h"
#include "runtime/base/reserve.h"
#include "runtime/sched/sanitize.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum {
    MPROTECT_MAX = 30000, /* guards, below vm.max_map_count / 2 */
    SLOTS_MIN = 16,
    DUMPED_MIN = 16,
};
#if defined(RT_ASAN) || defined(RT_TSAN)
#define PLAIN 0 /* shadowed memory is not written behind its back */
#else
#define PLAIN 1
#endif
#define RESERVE_MAX ((size_t)160 << 30)
#define APRON       ((size_t)8 << 20)

/*
 * valgrind takes a step of the stack pointer for a switch when it is longer
 * than 2 MB, so its slots lie further apart. Registered stacks would do too,
 * but it keeps one current stack for all threads: with several workers it
 * takes the one for the other's, and calls sound frames invalid.
 */
#define VALGRIND_STRIDE ((size_t)4 << 20)

struct rt_stackmap rt_stacks;

void *rt_stackmap_reserve(size_t bytes)
{
    void *p =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

/* From a multiple of the grain on: what lies before is not kept. */
static char *map_slots(size_t bytes)
{
    size_t over = rt_stacks.grain - rt_stacks.page;
    char *p = rt_reserve(APRON + bytes + over, PROT_READ | PROT_WRITE);
    size_t before = -(uintptr_t)p % rt_stacks.grain;

    if (!p)
        return NULL;
    if (before)
        munmap(p, before);
    p += before;
    if (over > before)
        munmap(p + APRON + bytes, over - before);
    mprotect(p, APRON, PROT_NONE); /* or it is memory that nobody uses */
    return p + APRON;
}

static size_t map_size(void)
{
    return (size_t)rt_stacks.slots * rt_stacks.stride;
}

/* Of a slot whose stack has so many bytes. */
static size_t stride_for(size_t size)
{
    size_t page = rt_stacks.page, grain = rt_stacks.grain;
    /* With the guard: an odd number of pages, where a grain is one. */
    size_t stride = (((size + page - 1) / page + 1) | 1) * page;

    stride = (stride + grain - 1) & ~(grain - 1);
    if (RUNNING_ON_VALGRIND && stride < VALGRIND_STRIDE)
        stride = VALGRIND_STRIDE + page;
    return stride;
}

int rt_stackmap_open(size_t size)
{
    size_t reserve;

    rt_stacks.protects = rt_stacks.dumped = 0; /* may be left of a run before */
    rt_stacks.plain = PLAIN && !RUNNING_ON_VALGRIND;
    rt_stacks.page = (size_t)sysconf(_SC_PAGESIZE);
    rt_stacks.grain = RT_SAN_PAGES * rt_stacks.page;
    rt_stacks.stride = stride_for(size);
    rt_stacks.size = rt_stacks.stride - rt_stacks.page - RT_SLOT_G;
    reserve = rt_reserve_size(RESERVE_MAX, SLOTS_MIN * rt_stacks.stride,
                              PROT_READ | PROT_WRITE);
    /* Whole slots: what is over would not be given back. */
    reserve -= reserve % rt_stacks.stride;
    rt_stacks.base = map_slots(reserve);
    if (!rt_stacks.base)
        return -ENOMEM;
    /* A huge page would be memory of many, and a copy for each fork. */
    madvise(rt_stacks.base, reserve, MADV_NOHUGEPAGE);
    rt_stacks.slots = (uint32_t)(reserve / rt_stacks.stride);
    rt_own_add(rt_stacks.base, map_size());
    return 0;
}

void rt_stackmap_close(void)
{
    rt_own_remove(rt_stacks.base);
    munmap(rt_stacks.base - APRON, APRON + map_size());
    rt_stacks.base = NULL;
}

/* The page below a stack faults, if the system lets us. */
static void guard_install(char *low)
{
    if (__atomic_fetch_add(&rt_stacks.protects, 1, __ATOMIC_RELAXED) >=
            MPROTECT_MAX ||
        mprotect(low, rt_stacks.page, PROT_NONE))
        __atomic_fetch_sub(&rt_stacks.protects, 1, __ATOMIC_RELAXED);
}

/* M3: so many slots, from the first on. */
static void let_dump(uint32_t n)
{
    uint32_t from = rt_load(rt_stacks.dumped), to;

    while (from < n) {
        to = 2 * from < DUMPED_MIN ? DUMPED_MIN : 2 * from;
        to = to < n ? n : to;
        to = to > rt_stacks.slots ? rt_stacks.slots : to;
        if (__atomic_compare_exchange_n(&rt_stacks.dumped, &from, to, false,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            rt_reserve_dump(rt_slot_low(from), (to - from) * rt_stacks.stride);
            return;
        }
    }
}

void rt_stackmap_give(const uint32_t *slots, uint32_t n, bool fresh)
{
    struct iovec guards[RT_ADVISE_MAX];
    struct iovec tops[RT_ADVISE_MAX];
    uint32_t guarded = 0;

    rt_check(n > 0 && n <= RT_ADVISE_MAX, "stackmap: no slots, or too many");
    for (uint32_t i = 0; i < n; i++) {
        char *low = rt_slot_low(slots[i]);
        char *top = rt_slot_low(slots[i] + 1) - rt_stacks.page;

        guards[i] = (struct iovec){low, rt_stacks.page};
        tops[i] = (struct iovec){top, rt_stacks.page};
    }
    if (fresh) {
        let_dump(slots[n - 1] + 1);
        guarded = (uint32_t)rt_advise(guards, (int)n, MADV_GUARD_INSTALL);
    }
    for (uint32_t i = guarded; i < n && fresh; i++)
        guard_install(guards[i].iov_base);
    rt_advise(tops, (int)n, MADV_POPULATE_WRITE);
}

/* M2 */
static void take_notes(const uint32_t *slots, uint32_t n)
{
#ifdef RT_ASAN
    struct iovec notes[RT_ADVISE_MAX];
    size_t scale, offset;

    __asan_get_shadow_mapping(&scale, &offset);
    for (uint32_t i = 0; i < n; i++) {
        uintptr_t low = (uintptr_t)rt_slot_low(slots[i]);

        notes[i] = (struct iovec){(char *)(low >> scale) + offset,
                                  rt_stacks.stride >> scale};
    }
    rt_advise(notes, (int)n, MADV_DONTNEED);
#else
    (void)slots;
    (void)n;
#endif
}

void rt_stackmap_take(const uint32_t *slots, uint32_t n)
{
    struct iovec idle[RT_ADVISE_MAX];

    rt_check(n <= RT_ADVISE_MAX, "stackmap: too many slots");
    if (n == 0)
        return;
    for (uint32_t i = 0; i < n; i++)
        idle[i] = (struct iovec){rt_slot_low(slots[i]) + rt_stacks.page,
                                 rt_stacks.stride - rt_stacks.page};
    rt_advise(idle, (int)n, MADV_DONTNEED);
    take_notes(slots, n);
}
