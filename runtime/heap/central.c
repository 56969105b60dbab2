/*
 * central.c - chunks cut into blocks, and the blocks that no thread caches.
 *
 * Method: a class lists the chunks that have free blocks; in each, a bitmap
 * says which. A thread takes the free ones of one or more words of it: blocks
 * that lie together, and whose bytes share a cache line with few others'.
 *
 * N1  A bit is 1, or the block is in a cache, or it is allocated.
 * N2  A chunk is in its class's list when it has a free block; when all are
 *     free it is given back, unless it is the only one in the list: a program
 *     that allocates one block and frees it must not cut a chunk each time.
 *
 * Why not a list through the blocks: a program that writes to what it freed
 * would break the heap, which the report of its fault needs. So nothing that
 * is known of a block lies in it.
 */
#include "runtime/heap/central.h"

#include "runtime/heap/classes.h"
#include "runtime/heap/lock.h"
#include "runtime/heap/region.h"
#include "runtime/heap/runs.h"

static struct class_list {
    uint32_t lock;
    uint32_t first; /* [lock] a chunk with free blocks; 0: none */
} __attribute__((aligned(64))) lists[RT_CLASSES];

static uint64_t *bitmap_of(uint32_t chunk)
{
    return rt_region.bitmap + (size_t)chunk * RT_BITMAP_WORDS;
}

static void link_chunk(struct class_list *l, uint32_t chunk)
{
    struct rt_chunk *c = &rt_region.chunks[chunk];

    c->prev = 0;
    c->next = l->first;
    if (l->first)
        rt_region.chunks[l->first].prev = chunk;
    l->first = chunk;
}

static void unlink_chunk(struct class_list *l, uint32_t chunk)
{
    struct rt_chunk *c = &rt_region.chunks[chunk];

    if (c->prev)
        rt_region.chunks[c->prev].next = c->next;
    else
        l->first = c->next;
    if (c->next)
        rt_region.chunks[c->next].prev = c->prev;
}

/* A new chunk, all its blocks free, in the list. 0: no memory. */
static uint32_t cut(struct class_list *l, unsigned class)
{
    const struct rt_class *k = &rt_classes[class];
    bool zero;
    uint32_t chunk = rt_runs_take(1, &zero);
    uint64_t *bits = bitmap_of(chunk);

    if (!chunk)
        return 0;
    for (uint32_t i = 0; i < RT_BITMAP_WORDS; i++)
        bits[i] = 0;
    for (uint32_t i = 0; i < k->nblock; i++)
        bits[i / 64] |= (uint64_t)1 << i % 64;
    rt_region.chunks[chunk].nfree = (uint16_t)k->nblock;
    rt_region.chunks[chunk].class = (uint8_t) class;
    rt_store(rt_heap_blocks.chunk[chunk], RT_CHUNK_WORD(k->size, k->factor));
    link_chunk(l, chunk);
    return chunk;
}

/* From the words of one chunk's bitmap. */
static unsigned take_from(uint32_t chunk, uint32_t size, void **to,
                          unsigned want)
{
    uint64_t *bits = bitmap_of(chunk);
    char *memory = rt_chunk_memory(chunk);
    unsigned n = 0;

    for (unsigned i = 0; i < RT_BITMAP_WORDS && n < want; i++)
        while (bits[i] && n < want) {
            unsigned bit = (unsigned)__builtin_ctzll(bits[i]);

            bits[i] &= bits[i] - 1;
            to[n++] = memory + (i * 64 + bit) * size;
        }
    rt_check(rt_region.chunks[chunk].nfree >= n, "central: N1: miscounted");
    rt_region.chunks[chunk].nfree -= (uint16_t)n;
    return n;
}

unsigned rt_central_take(unsigned class, void **to, unsigned want)
{
    struct class_list *l = &lists[class];
    unsigned n = 0;
    uint32_t chunk;

    rt_assert(class < RT_CLASSES && want, "central: asked for nothing");
    rt_heap_lock(&l->lock);
    chunk = l->first ? l->first : cut(l, class);
    if (chunk) {
        n = take_from(chunk, rt_classes[class].size, to, want);
        rt_check(n, "central: N2: a listed chunk has no free block");
        if (!rt_region.chunks[chunk].nfree)
            unlink_chunk(l, chunk);
    }
    rt_heap_unlock(&l->lock);
    return n;
}

/* N2. A free chunk finds no block: its word goes before the chunk does. */
static void give_one(struct class_list *l, unsigned class, uintptr_t address)
{
    const struct rt_class *k = &rt_classes[class];
    uintptr_t at = address - rt_heap_blocks.base;
    uint32_t chunk = (uint32_t)(at >> RT_CHUNK_SHIFT);
    struct rt_chunk *c = &rt_region.chunks[chunk];
    unsigned i = ((at & (RT_CHUNK - 1)) * (uint64_t)k->factor) >> 32;
    uint64_t *word = bitmap_of(chunk) + i / 64;

    rt_check(c->class == class && i < k->nblock, "central: of another class");
    rt_check(!(*word >> i % 64 & 1), "central: N1: a block is free twice");
    *word |= (uint64_t)1 << i % 64;
    if (c->nfree++ == 0)
        link_chunk(l, chunk);
    if (c->nfree < k->nblock || (l->first == chunk && !c->next))
        return;
    unlink_chunk(l, chunk);
    rt_store(rt_heap_blocks.chunk[chunk], 0);
    rt_runs_give(chunk, 1, 1);
}

void rt_central_give(unsigned class, void *const *from, unsigned n)
{
    struct class_list *l = &lists[class];

    rt_heap_lock(&l->lock);
    for (unsigned i = 0; i < n; i++)
        give_one(l, class, (uintptr_t)from[i]);
    rt_heap_unlock(&l->lock);
}

void rt_central_lock_all(void)
{
    for (int i = 0; i < RT_CLASSES; i++)
        rt_heap_lock(&lists[i].lock);
}

void rt_central_unlock_all(void)
{
    for (int i = 0; i < RT_CLASSES; i++)
        rt_heap_unlock(&lists[i].lock);
}

bool rt_central_locked(void)
{
    for (int i = 0; i < RT_CLASSES; i++)
        if (__atomic_load_n(&lists[i].lock, __ATOMIC_ACQUIRE))
            return true;
    return false;
}
