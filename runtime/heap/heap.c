/*
 * heap.c - malloc and its family.
 *
 * Method: a small block comes from the thread's cache and goes back there; an
 * empty or full cache trades half of itself with the central list of its
 * class. Other blocks are runs of chunks. All that is known of a block lies
 * elsewhere, so writing past one's end, or to a freed one, spoils the
 * program's data but not the heap, which the report of the fault needs.
 *
 * M1  A block's byte is set last before it is handed out, and cleared first
 *     when it comes back (B3 in blocks.h).
 * M2  The fast paths take no lock: a thread that is stopped in one keeps
 *     nobody else from allocating.
 *
 * M3  A block's byte says whose it is: scratch (scratch.h) takes what its code
 *     asks for, and has back what is its own, whoever gives it.
 *
 * A block that is freed twice at once, by two threads, is not noticed: that
 * would cost an atomic exchange a call.
 */
#include "runtime/heap/heap.h"

#include <stdint.h>
#include <string.h>

#include "runtime/heap/cache.h"
#include "runtime/heap/central.h"
#include "runtime/heap/large.h"
#include "runtime/heap/lock.h"
#include "runtime/heap/others.h"
#include "runtime/heap/region.h"
#include "runtime/heap/runs.h"
#include "runtime/heap/scratch.h"
#include "runtime/heap/wrong.h"

typedef char granule __attribute__((vector_size(RT_GRANULE), may_alias));

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

/* Not left to the compiler, which makes a string instruction of it that needs
   longer to start than most blocks to be cleared. */
static inline void clear(void *p, size_t size)
{
    granule *g = p, *end = (granule *)((char *)p + size);

    do {
        *g = (granule){0};
        rt_compiler_barrier();
    } while (++g < end);
}

/* M1. */
static inline void *hand_out(void *p, unsigned class)
{
    const struct rt_class *k = &rt_classes[class];
    uintptr_t at = (uintptr_t)p - rt_heap_blocks.base;
    uint64_t n = ((at & (RT_CHUNK - 1)) * (uint64_t)k->factor) >> 32;
    uint8_t *state =
        &rt_heap_blocks
             .state[(at >> RT_CHUNK_SHIFT << RT_CHUNK_BLOCKS_SHIFT) + n];

    rt_assert(!*state, "heap: a block is handed out twice");
    rt_assert((uintptr_t)p % RT_GRANULE == 0, "heap: a block out of line");
    if (k->size <= RT_HEAP_ZEROED)
        clear(p, k->size);
    __atomic_store_n(state, RT_BLOCK_USED, __ATOMIC_RELEASE);
    return p;
}

/* size is B1's; align 0: any. */
static __attribute__((noinline)) void *take_slowly(size_t size, size_t align,
                                                   bool *zero)
{
    unsigned class;
    void *p;

    *zero = false;
    if (size > PTRDIFF_MAX || !rt_heap_open())
        return no_memory();
    if (align < RT_GRANULE)
        align = RT_GRANULE;
    class = rt_class_aligned(size, align);
    if (class == RT_CLASSES) {
        p = rt_large_take(size, align, zero);
        return p ? p : no_memory();
    }
    rt_cache_make();
    if (rt_cache_mine->bins[class].n)
        p = rt_cache_mine->bins[class].slot[--rt_cache_mine->bins[class].n];
    else
        p = rt_cache_refill(class);
    if (!p)
        return no_memory();
    *zero = rt_classes[class].size <= RT_HEAP_ZEROED;
    return hand_out(p, class);
}

static inline void *take(size_t n, bool *zero)
{
    if (rt_likely(n < RT_SMALL_MAX)) {
        unsigned class = rt_class_of(n + 1);
        struct rt_bin *bin = &rt_cache_mine->bins[class];

        if (rt_likely(bin->n)) {
            *zero = rt_classes[class].size <= RT_HEAP_ZEROED;
            return hand_out(bin->slot[--bin->n], class);
        }
    }
    return take_slowly(n < PTRDIFF_MAX ? n + 1 : SIZE_MAX, 0, zero);
}

void *rt_heap_malloc(size_t n)
{
    bool zero;

    return take(n, &zero);
}

void *rt_heap_calloc(size_t n, size_t size)
{
    size_t all;
    bool zero;
    void *p;

    if (__builtin_mul_overflow(n, size, &all))
        return no_memory();
    p = take(all, &zero);
    if (p && !zero)
        memset(p, 0, all);
    return p;
}

void *rt_heap_aligned(size_t align, size_t n)
{
    bool zero;

    rt_check(align && !(align & (align - 1)), "heap: alignment");
    return take_slowly(n < PTRDIFF_MAX ? n + 1 : SIZE_MAX, align, &zero);
}

/* A full cache, or a thread that has none. */
static __attribute__((noinline)) void put_slowly(void *p, unsigned class)
{
    int saved = errno;
    struct rt_bin *bin;

    rt_cache_make();
    bin = &rt_cache_mine->bins[class];
    if (!bin->capacity) {
        rt_central_give(class, &p, 1);
    } else {
        if (bin->n == bin->capacity)
            rt_cache_flush(bin, class);
        bin->slot[bin->n++] = p;
    }
    errno = saved;
}

static struct rt_block block_of(const char *call, const void *p)
{
    struct rt_block block;

    if (!rt_block_find(&rt_heap_blocks, (uintptr_t)p, &block) ||
        block.low != (uintptr_t)p)
        rt_heap_wrong(call, p);
    return block;
}

static bool is_scratch(const struct rt_block *block)
{
    return rt_load(rt_heap_blocks.state[block->index]) == RT_BLOCK_SCRATCH;
}

static bool is_others(const struct rt_block *block)
{
    return rt_load(rt_heap_blocks.state[block->index]) == RT_BLOCK_OTHERS;
}

/* What is no small block of this heap's: large, scratch, a library's, or none
   at all. */
static __attribute__((noinline)) void free_slowly(void *p)
{
    struct rt_block block = block_of("free()", p);

    if (is_scratch(&block)) {
        rt_scratch_give(&block);
    } else if (is_others(&block)) {
        rt_others_end(&block);
        rt_heap_free(p);
    } else {
        rt_large_give((uint32_t)(block.index >> RT_CHUNK_BLOCKS_SHIFT));
    }
}

void rt_heap_free(void *p)
{
    uintptr_t at;
    uint32_t size, offset;
    uint64_t word, n;
    uint8_t *state;
    struct rt_bin *bin;

    if (!p)
        return;
    at = (uintptr_t)p - rt_heap_blocks.base;
    offset = at & (RT_CHUNK - 1);
    if (rt_unlikely(at >= rt_load(rt_heap_blocks.high)))
        rt_heap_wrong("free()", p);
    word = rt_load(rt_heap_blocks.chunk[at >> RT_CHUNK_SHIFT]);
    size = (uint32_t)word;
    n = (offset * (word >> 32)) >> 32;
    state = &rt_heap_blocks
                 .state[(at >> RT_CHUNK_SHIFT << RT_CHUNK_BLOCKS_SHIFT) + n];
    if (rt_unlikely(!size || rt_load(*state) != RT_BLOCK_USED ||
                    n * size != offset)) {
        free_slowly(p);
        return;
    }
    __atomic_store_n(state, 0, __ATOMIC_RELEASE); /* M1 */
    bin = &rt_cache_mine->bins[rt_class_of(size)];
    if (rt_unlikely(bin->n == bin->capacity))
        put_slowly(p, rt_class_of(size));
    else
        bin->slot[bin->n++] = p;
}

/* As it lies; size is B1's. */
static bool fits(const struct rt_block *block, size_t size)
{
    if (block->size > RT_SMALL_MAX && is_scratch(block))
        return size > RT_SMALL_MAX && rt_scratch_resize(block, size);
    if (block->size > RT_SMALL_MAX)
        return size > RT_SMALL_MAX &&
               rt_large_resize(
                   (uint32_t)(block->index >> RT_CHUNK_BLOCKS_SHIFT), size);
    return size <= block->size &&
           (size > block->size / 2 || block->size <= RT_GRANULE);
}

/* Before a block goes, or might have gone, which others may notice; they may
   even have freed it when this comes back. */
static void tell_given(const char *call, const void *p, const void *caller)
{
    if (!caller)
        return;
    rt_scratch_giving(p, caller);
    block_of(call, p);
}

void *rt_heap_realloc_by(void *p, size_t n, const void *caller)
{
    static const char call[] = "realloc()";
    struct rt_block block;
    void *moved;

    if (!p)
        return rt_heap_malloc(n);
    block = block_of(call, p);
    if (n >= PTRDIFF_MAX)
        return no_memory();
    if (!n || fits(&block, n + 1)) {
        tell_given(call, p, caller);
        if (!n)
            rt_heap_free(p);
        return n ? p : NULL;
    }
    moved = is_scratch(&block) ? rt_scratch_take(n, 0) : rt_heap_malloc(n);
    if (!moved)
        return NULL;
    rt_assert(moved != p, "heap: an allocated block is handed out");
    tell_given(call, p, caller);
    memcpy(moved, p, n < block.size ? n : block.size);
    if (is_others(&block))
        rt_others_note(moved);
    rt_heap_free(p);
    return moved;
}

void *rt_heap_realloc(void *p, size_t n)
{
    return rt_heap_realloc_by(p, n, NULL);
}

size_t rt_heap_usable(const void *p)
{
    return p ? block_of("malloc_usable_size()", p).size - 1 : 0;
}

bool rt_heap_busy(void)
{
    return rt_central_locked() ||
           __atomic_load_n(&rt_scratch_lock, __ATOMIC_ACQUIRE) ||
           __atomic_load_n(&rt_runs_lock, __ATOMIC_ACQUIRE) ||
           __atomic_load_n(&rt_caches_lock, __ATOMIC_ACQUIRE);
}

void rt_heap_fork_begin(void)
{
    rt_check(!rt_heap_forking, "heap: a fork within a fork");
    rt_central_lock_all();
    rt_heap_lock(&rt_scratch_lock);
    rt_heap_lock(&rt_runs_lock);
    rt_heap_lock(&rt_caches_lock);
    rt_heap_forking = true;
}

void rt_heap_fork_end(void)
{
    rt_check(rt_heap_forking, "heap: the end of no fork");
    rt_heap_forking = false;
    rt_heap_unlock(&rt_caches_lock);
    rt_heap_unlock(&rt_runs_lock);
    rt_heap_unlock(&rt_scratch_lock);
    rt_central_unlock_all();
}
