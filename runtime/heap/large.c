/*
 * large.c - blocks of whole chunks.
 *
 * Each chunk's word names the first; that one's length is the block's, and its
 * byte says whether it is allocated. For B3 they change in this order: growing
 * and taking, words, length, byte; shrinking and giving, the other way round.
 */
#include "runtime/heap/large.h"

#include "runtime/heap/region.h"
#include "runtime/heap/runs.h"

static uint32_t chunks_for(size_t size)
{
    return (uint32_t)((size + RT_CHUNK - 1) >> RT_CHUNK_SHIFT);
}

static void set_words(uint32_t from, uint32_t n, uint64_t word)
{
    for (uint32_t i = 0; i < n; i++)
        rt_store(rt_heap_blocks.chunk[from + i], word);
}

static void set_length(uint32_t first, uint32_t length)
{
    __atomic_store_n(&rt_heap_blocks.length[first], length, __ATOMIC_RELEASE);
}

static uint8_t *state_of(uint32_t first)
{
    return &rt_heap_blocks.state[(size_t)first << RT_CHUNK_BLOCKS_SHIFT];
}

/* More than is needed, and what is too much on both sides given back. */
static uint32_t take_aligned(uint32_t length, size_t align, bool *zero)
{
    uint32_t extra = (uint32_t)(align >> RT_CHUNK_SHIFT) - 1;
    uint32_t first = rt_runs_take(length + extra, zero), before;

    if (!first)
        return 0;
    before = (uint32_t)((-(uintptr_t)rt_chunk_memory(first) & (align - 1)) >>
                        RT_CHUNK_SHIFT);
    if (before)
        rt_runs_give(first, before, *zero ? 0 : before);
    if (extra - before)
        rt_runs_give(first + before + length, extra - before,
                     *zero ? 0 : extra - before);
    return first + before;
}

void *rt_large_take(size_t size, size_t align, bool *zero)
{
    uint32_t length, first;

    rt_assert(size && !(align & (align - 1)), "large: asked for nothing");
    if (size > RT_LARGE_MAX || align > RT_LARGE_MAX)
        return NULL;
    length = chunks_for(size);
    first = align > RT_CHUNK ? take_aligned(length, align, zero)
                             : rt_runs_take(length, zero);
    if (!first)
        return NULL;
    rt_check(!*state_of(first), "large: a free chunk has an allocated block");
    set_words(first, length, RT_CHUNK_WORD(0, first));
    set_length(first, length);
    __atomic_store_n(state_of(first), RT_BLOCK_USED, __ATOMIC_RELEASE);
    return rt_chunk_memory(first);
}

void rt_large_give(uint32_t first)
{
    uint32_t length = rt_heap_blocks.length[first];
    bool zero = false;

    rt_assert(*state_of(first), "large: given back, but not allocated");
    __atomic_store_n(state_of(first), 0, __ATOMIC_RELEASE);
    set_words(first, length, 0);
    if (length >= RT_RUNS_PURGE)
        zero = rt_runs_purge(first, length);
    rt_runs_give(first, length, zero ? 0 : length);
}

bool rt_large_resize(uint32_t first, size_t size)
{
    uint32_t old = rt_heap_blocks.length[first], length;

    rt_assert(*state_of(first), "large: resized, but not allocated");
    if (size > RT_LARGE_MAX)
        return false;
    length = chunks_for(size);
    if (length > old) {
        if (!rt_runs_extend(first, old, length - old))
            return false;
        set_words(first + old, length - old, RT_CHUNK_WORD(0, first));
        set_length(first, length);
    } else if (length < old) {
        set_length(first, length);
        set_words(first + length, old - length, 0);
        rt_runs_give(first + length, old - length, old - length);
    }
    return true;
}
