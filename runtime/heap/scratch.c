/*
 * scratch.c - blocks that live for one execution.
 *
 * Method: a span of chunks, used from its low end on. A chunk is cut into
 * blocks of one class, or begins a block of several chunks; their words, bytes
 * and lengths are as blocks.h has them, so who finds blocks finds these. Freed
 * ones wait in lists for the next of their class, or of their length, the
 * newest first. A reset clears the bytes of the chunks that were used, and
 * forgets the lists: it costs what one execution has used, and nothing for
 * what it has not.
 *
 * S1  What is handed out depends on the calls since the reset, on what the
 *     watch says, and on nothing else.
 * S2  A block is zeroed when it is handed out. Small ones always are; of large
 *     ones only chunks that have been in use: the rest is zero.
 * S3  A chunk's nfree counts the blocks of it that were ever handed out since
 *     the reset: the others' bytes are zero.
 * S4  A reset leaves the words of chunks as they are. So a chunk that was part
 *     of a large block says so for long; but its first one has no length then,
 *     for what is cut from that one is allocated too.
 * S5  What the watch does not want to be handed out again is not, as long as
 *     there is anything else: a few of the freed ones are asked for.
 *
 * Why not the caches and lists of the ordinary heap: what they give out next
 * depends on what others freed before, and so does an execution then that
 * hashes or compares addresses.
 */
#include "runtime/heap/scratch.h"

#include <string.h>
#include <sys/mman.h>

#include "runtime/heap/cache.h"
#include "runtime/heap/classes.h"
#include "runtime/heap/large.h"
#include "runtime/heap/lock.h"
#include "runtime/heap/region.h"
#include "runtime/heap/runs.h"

enum {
    LEAST = 64,   /* chunks; with fewer there is no scratch */
    LENGTHS = 13, /* of runs: up to 2^12 chunks */
    TRIES = 16,   /* freed runs that are looked at in one list */
    /* One link for each block that a chunk can have: a quarter of a chunk. */
    LINKS_SHARE = RT_CHUNK / (RT_CHUNK_BLOCKS * 4)
};

bool rt_scratch_on;
uint32_t rt_scratch_lock;

static struct {
    uintptr_t low, size; /* of the code that is served */

    uint32_t first, n; /* chunks of the span; n 0: there is none yet */
    uint32_t *links;   /* [lock] a freed block's: the next one's number + 1 */
    const struct rt_heap_watch *watch; /* [init] NULL: nobody */
    uint32_t next;  /* [lock] the first chunk not in use since the reset */
    uint32_t dirty; /* [lock] from here on no chunk was ever in use */

    struct {
        uint32_t chunk;     /* that is being cut; 0: none */
        uint32_t freed;     /* the newest one's number + 1 */
    } bins[RT_CLASSES];     /* [lock] */
    uint32_t runs[LENGTHS]; /* [lock] freed runs' first chunks, by length */
} span;

void rt_scratch_watch(const struct rt_heap_watch *by)
{
    span.watch = by;
}

static void *hand_out(char *p, size_t size)
{
    if (span.watch)
        span.watch->taken((uintptr_t)p, size);
    return p;
}

static bool may_take(const char *p, size_t size)
{
    return !span.watch || span.watch->may_take((uintptr_t)p, size);
}

void rt_scratch_giving(const void *p, const void *caller)
{
    const struct rt_heap_watch *watch = span.watch;
    struct rt_block block;
    size_t chunk;

    if (!watch || !rt_block_place(&rt_heap_blocks, (uintptr_t)p, &block) ||
        block.low != (uintptr_t)p)
        return;
    chunk = block.index >> RT_CHUNK_BLOCKS_SHIFT;
    if (chunk >= span.first && chunk < span.next)
        watch->given(block.low, block.size, rt_scratch_serves(caller), caller);
}

/* ---- chunks --------------------------------------------------------------*/

static uint8_t *state_of(uint32_t chunk)
{
    return &rt_heap_blocks.state[(size_t)chunk << RT_CHUNK_BLOCKS_SHIFT];
}

static uint32_t chunks_for(size_t size)
{
    return (uint32_t)((size + RT_CHUNK - 1) >> RT_CHUNK_SHIFT);
}

static unsigned list_of(uint32_t length)
{
    return 31u - (unsigned)__builtin_clz(length);
}

static void link_run(uint32_t first, uint32_t length)
{
    uint32_t *list = &span.runs[list_of(length)];

    rt_store(rt_heap_blocks.length[first], length);
    rt_region.chunks[first].next = *list;
    *list = first;
}

/* A freed run of at least so many chunks, the rest of it linked; 0: none. any:
   whether or not it may be taken. */
static uint32_t reuse_run(uint32_t length, bool any)
{
    for (unsigned list = list_of(length); list < LENGTHS; list++) {
        uint32_t *at = &span.runs[list];

        for (int i = 0; *at && i < TRIES; i++) {
            uint32_t first = *at, all = rt_heap_blocks.length[first];

            if (all >= length &&
                (any || may_take(rt_chunk_memory(first),
                                 (size_t)length << RT_CHUNK_SHIFT))) {
                *at = rt_region.chunks[first].next;
                if (all > length)
                    link_run(first + length, all - length);
                return first;
            }
            at = &rt_region.chunks[first].next;
        }
    }
    return 0;
}

/* From `next` on, at multiples of align bytes; 0: the span is used up. */
static uint32_t new_run(uint32_t length, size_t align)
{
    uint32_t first = span.next;
    uint64_t skip;

    if (align > RT_CHUNK) {
        skip = -(uintptr_t)rt_chunk_memory(first) & (align - 1);
        if (skip >> RT_CHUNK_SHIFT > span.n)
            return 0;
        first += (uint32_t)(skip >> RT_CHUNK_SHIFT);
    }
    if (length > span.n || first + length > span.first + span.n)
        return 0;
    span.next = first + length;
    return first;
}

/* S2: of a run that is about to be handed out, up to bytes. */
static void clear_run(uint32_t first, uint32_t length)
{
    uint32_t dirty = first < span.dirty ? span.dirty - first : 0;

    if (dirty > length)
        dirty = length;
    if (dirty < RT_RUNS_PURGE || !rt_runs_purge(first, dirty))
        memset(rt_chunk_memory(first), 0, (size_t)dirty << RT_CHUNK_SHIFT);
    if (span.dirty < first + length)
        span.dirty = first + length;
}

/* ---- large blocks --------------------------------------------------------*/

static void set_words(uint32_t from, uint32_t n, uint64_t word)
{
    for (uint32_t i = 0; i < n; i++)
        rt_store(rt_heap_blocks.chunk[from + i], word);
}

static void *take_large(size_t size, size_t align)
{
    uint32_t length, first = 0;

    if (size > RT_LARGE_MAX || align > RT_LARGE_MAX)
        return NULL;
    length = chunks_for(size);
    if (align <= RT_CHUNK)
        first = reuse_run(length, false);
    if (!first)
        first = new_run(length, align);
    if (!first && align <= RT_CHUNK)
        first = reuse_run(length, true);
    if (!first)
        return NULL;
    rt_check(!*state_of(first), "scratch: a run is handed out twice");
    clear_run(first, length);
    set_words(first, length, RT_CHUNK_WORD(0, first));
    rt_store(rt_heap_blocks.length[first], length);
    __atomic_store_n(state_of(first), RT_BLOCK_SCRATCH, __ATOMIC_RELEASE);
    return hand_out(rt_chunk_memory(first), (size_t)length << RT_CHUNK_SHIFT);
}

static void give_large(uint32_t first)
{
    uint32_t length = rt_heap_blocks.length[first];

    __atomic_store_n(state_of(first), 0, __ATOMIC_RELEASE);
    set_words(first, length, 0);
    link_run(first, length);
}

bool rt_scratch_resize(const struct rt_block *block, size_t size)
{
    uint32_t first = (uint32_t)(block->index >> RT_CHUNK_BLOCKS_SHIFT);
    uint32_t old = rt_heap_blocks.length[first], length;
    bool fits;

    if (size > RT_LARGE_MAX)
        return false;
    length = chunks_for(size);
    rt_heap_lock(&rt_scratch_lock);
    fits = length <= old && length > old / 2;
    if (length > old && first + old == span.next &&
        new_run(length - old, RT_CHUNK)) {
        clear_run(first + old, length - old);
        set_words(first + old, length - old, RT_CHUNK_WORD(0, first));
        __atomic_store_n(&rt_heap_blocks.length[first], length,
                         __ATOMIC_RELEASE);
        fits = true;
    }
    rt_heap_unlock(&rt_scratch_lock);
    return fits;
}

/* ---- small blocks --------------------------------------------------------*/

/* Another chunk to be cut; 0: the span is used up. */
static uint32_t cut(unsigned class)
{
    const struct rt_class *k = &rt_classes[class];
    uint32_t chunk = new_run(1, RT_CHUNK);

    if (!chunk)
        return 0;
    if (span.dirty < span.next)
        span.dirty = span.next;
    rt_region.chunks[chunk].nfree = 0;
    rt_store(rt_heap_blocks.chunk[chunk], RT_CHUNK_WORD(k->size, k->factor));
    return span.bins[class].chunk = chunk;
}

/* By the number of a block, from the first of the span's on. */
static char *block_memory(uint32_t number, size_t size)
{
    return rt_chunk_memory(span.first + (number >> RT_CHUNK_BLOCKS_SHIFT)) +
           (number & (RT_CHUNK_BLOCKS - 1)) * size;
}

/* The number of one that was freed, and may be taken, or is any. */
static bool reuse_block(unsigned class, bool any, uint32_t *number)
{
    uint32_t *at = &span.bins[class].freed;

    for (int i = 0; *at && i < TRIES; i++) {
        *number = *at - 1;
        if (any || may_take(block_memory(*number, rt_classes[class].size),
                            rt_classes[class].size)) {
            *at = span.links[*number];
            return true;
        }
        at = &span.links[*number];
    }
    return false;
}

/* S1, S5. */
static bool number_of_next(unsigned class, uint32_t *number)
{
    uint32_t chunk = span.bins[class].chunk;
    uint16_t *top;

    if (reuse_block(class, false, number))
        return true;
    if (!chunk || rt_region.chunks[chunk].nfree == rt_classes[class].nblock)
        chunk = cut(class);
    if (!chunk)
        return reuse_block(class, true, number);
    top = &rt_region.chunks[chunk].nfree;
    *number = ((chunk - span.first) << RT_CHUNK_BLOCKS_SHIFT) + *top;
    ++*top;
    return true;
}

static void *take_small(unsigned class)
{
    const size_t size = rt_classes[class].size;
    uint32_t number;
    uint8_t *state;
    char *p;

    if (!number_of_next(class, &number))
        return NULL;
    state = state_of(span.first) + number;
    rt_check(!*state, "scratch: a block is handed out twice");
    p = block_memory(number, size);
    memset(p, 0, size);
    __atomic_store_n(state, RT_BLOCK_SCRATCH, __ATOMIC_RELEASE);
    return hand_out(p, size);
}

static void give_small(const struct rt_block *block)
{
    unsigned class = rt_class_of(block->size);
    uint32_t number = (uint32_t)(block->index -
                                 ((size_t)span.first << RT_CHUNK_BLOCKS_SHIFT));

    __atomic_store_n(&rt_heap_blocks.state[block->index], 0, __ATOMIC_RELEASE);
    span.links[number] = span.bins[class].freed;
    span.bins[class].freed = number + 1;
}

/* ---- both ----------------------------------------------------------------*/

void *rt_scratch_take(size_t n, size_t align)
{
    size_t size = n + 1;
    unsigned class;
    void *p = NULL;

    if (n < PTRDIFF_MAX) {
        class = rt_class_aligned(size, align < RT_GRANULE ? RT_GRANULE : align);
        rt_heap_lock(&rt_scratch_lock);
        p = class < RT_CLASSES ? take_small(class) : take_large(size, align);
        rt_heap_unlock(&rt_scratch_lock);
    }
    if (!p)
        errno = ENOMEM;
    return p;
}

void rt_scratch_give(const struct rt_block *block)
{
    rt_assert(block->index >> RT_CHUNK_BLOCKS_SHIFT >= span.first &&
                  block->index >> RT_CHUNK_BLOCKS_SHIFT < span.next,
              "scratch: given back, but from elsewhere");
    rt_heap_lock(&rt_scratch_lock);
    if (block->size > RT_SMALL_MAX)
        give_large((uint32_t)(block->index >> RT_CHUNK_BLOCKS_SHIFT));
    else
        give_small(block);
    rt_heap_unlock(&rt_scratch_lock);
}

/* ---- from one execution to the next --------------------------------------*/

/* Nothing in this chunk, or run of chunks, is allocated any more; the chunk
   after it. */
static uint32_t end_chunk(uint32_t chunk)
{
    uint64_t word = rt_heap_blocks.chunk[chunk];
    uint32_t length = 1;

    if ((uint32_t)word) { /* S3 */
        memset(state_of(chunk), 0, rt_region.chunks[chunk].nfree);
    } else if (word >> 32 == chunk) {
        *state_of(chunk) = 0;
        length = rt_heap_blocks.length[chunk];
        rt_store(rt_heap_blocks.length[chunk], 0); /* S4 */
    }
    return chunk + (length ? length : 1);
}

void rt_scratch_reset(void)
{
    uint32_t used = span.next - span.first;

    if (!used)
        return; /* nothing was allocated, as in most executions */
    for (uint32_t chunk = span.first; chunk < span.next;)
        chunk = end_chunk(chunk);
    /* So much memory is cheaper to be had anew than cleared bit by bit. */
    if (used > 2 * RT_RUNS_PURGE &&
        rt_runs_purge(span.first + RT_RUNS_PURGE,
                      span.dirty - span.first - RT_RUNS_PURGE))
        span.dirty = span.first + RT_RUNS_PURGE;
    span.next = span.first;
    memset(span.bins, 0, sizeof(span.bins));
    memset(span.runs, 0, sizeof(span.runs));
}

/* What a chunk, or a run, holds; the one after it. */
static uint32_t
tell_chunk(uint32_t chunk,
           void (*each)(void *arg, const void *low, size_t size), void *arg)
{
    uint64_t word = rt_heap_blocks.chunk[chunk];
    uint32_t length = 1;

    each(arg, &word, sizeof(word));
    each(arg, &rt_region.chunks[chunk], sizeof(rt_region.chunks[chunk]));
    if ((uint32_t)word) { /* S3 */
        size_t n = rt_region.chunks[chunk].nfree;
        size_t first = (size_t)(chunk - span.first) << RT_CHUNK_BLOCKS_SHIFT;

        each(arg, state_of(chunk), n);
        each(arg, span.links + first, n * sizeof(*span.links));
        each(arg, rt_chunk_memory(chunk), n * (uint32_t)word);
    } else if (word >> 32 == chunk) {
        length = rt_heap_blocks.length[chunk];
        each(arg, &length, sizeof(length));
        each(arg, rt_chunk_memory(chunk), (size_t)length << RT_CHUNK_SHIFT);
    } else {
        each(arg, &rt_heap_blocks.length[chunk], sizeof(uint32_t));
    }
    return chunk + (length ? length : 1);
}

/* Freed blocks, too: so this tells more states apart than there are, and never
   takes two for one. */
bool rt_scratch_memory(void (*each)(void *arg, const void *low, size_t size),
                       void *arg, size_t most)
{
    if ((size_t)(span.next - span.first) << RT_CHUNK_SHIFT > most)
        return false;
    each(arg, &span.next, sizeof(span.next));
    each(arg, span.bins, sizeof(span.bins));
    each(arg, span.runs, sizeof(span.runs));
    for (uint32_t chunk = span.first; chunk < span.next;)
        chunk = tell_chunk(chunk, each, arg);
    return true;
}

/* The links lie in the chunks before the first: nothing finds blocks there. A
   small region is not used up by it: half of that is the others'. */
static bool make_span(void)
{
    uint32_t n = RT_SCRATCH_CHUNKS, links, first = 0;
    bool zero;

    if (span.n)
        return true;
    if (!rt_heap_open())
        return false;
    while (n + n / LINKS_SHARE > rt_heap_blocks.limit >> RT_CHUNK_SHIFT >> 1)
        n /= 2;
    for (; n >= LEAST && !first; n /= 2)
        first = rt_runs_take(n + n / LINKS_SHARE, &zero);
    if (!first)
        return false;
    n *= 2;
    links = n / LINKS_SHARE;
    span.links = (uint32_t *)(void *)rt_chunk_memory(first);
    span.first = span.next = first + links;
    span.dirty = zero ? span.first : span.first + n;
    span.n = n;
    /* A huge page would be cleared for the first byte that is touched. */
    madvise(rt_chunk_memory(first), (size_t)(links + n) << RT_CHUNK_SHIFT,
            MADV_NOHUGEPAGE);
    return true;
}

bool rt_scratch_begin(uintptr_t low, uintptr_t high)
{
    rt_check(low < high && !rt_scratch_on, "scratch: begun twice");
    if (!make_span())
        return false;
    rt_scratch_reset();
    span.low = low;
    span.size = high - low;
    rt_store(rt_scratch_on, true);
    return true;
}

void rt_scratch_end(void)
{
    rt_store(rt_scratch_on, false);
    rt_scratch_reset();
}

bool rt_scratch_serves(const void *caller)
{
    return (uintptr_t)caller - span.low < span.size;
}
