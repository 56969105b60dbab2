/*
 * others.c - blocks that libraries allocate while scratch is on: see the
 * header.
 *
 * Method: their byte says so. Few programs have any, so they are in no list:
 * who wants them looks through the bytes, if they were ever noted.
 */
#define _GNU_SOURCE
#include "runtime/heap/others.h"

#include <link.h>
#include <string.h>

#include "runtime/heap/region.h"

enum {
    RANGES = 16
};

static struct {
    struct range {
        uintptr_t low, size;
    } vigil[RANGES]; /* its code */
    uint32_t n;
    uint64_t calls; /* [atomic] noted, or not any more */
} others;

static bool is_vigils(const char *file)
{
    const char *slash = strrchr(file, '/');

    return strncmp(slash ? slash + 1 : file, "libvigil", 8) == 0;
}

static int collect(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    (void)arg;
    if (!is_vigils(info->dlpi_name))
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum && others.n < RANGES; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD &&
            info->dlpi_phdr[i].p_flags & PF_X)
            others.vigil[others.n++] = (struct range){
                info->dlpi_addr + info->dlpi_phdr[i].p_vaddr,
                info->dlpi_phdr[i].p_memsz,
            };
    return 0;
}

void rt_others_begin(void)
{
    others.n = 0;
    rt_store(others.calls, 0);
    dl_iterate_phdr(collect, NULL);
}

void rt_others_note(void *p)
{
    struct rt_block block;

    if (!rt_block_find(&rt_heap_blocks, (uintptr_t)p, &block))
        return; /* a tool has taken malloc's place */
    __atomic_store_n(&rt_heap_blocks.state[block.index], RT_BLOCK_OTHERS,
                     __ATOMIC_RELEASE);
    __atomic_fetch_add(&others.calls, 1, __ATOMIC_RELAXED);
}

void *rt_others_by(void *p, const void *caller)
{
    for (uint32_t i = 0; i < others.n; i++)
        if ((uintptr_t)caller - others.vigil[i].low < others.vigil[i].size)
            return p;
    if (p)
        rt_others_note(p);
    return p;
}

void rt_others_end(const struct rt_block *block)
{
    __atomic_store_n(&rt_heap_blocks.state[block->index], RT_BLOCK_USED,
                     __ATOMIC_RELEASE);
    __atomic_fetch_add(&others.calls, 1, __ATOMIC_RELAXED);
}

/* Of the blocks in a chunk, or the one that begins there. */
static bool tell_chunk(uint32_t chunk,
                       void (*each)(void *arg, const void *low, size_t size),
                       void *arg, size_t *left)
{
    const uint8_t *states =
        &rt_heap_blocks.state[(size_t)chunk << RT_CHUNK_BLOCKS_SHIFT];
    uint32_t size = (uint32_t)rt_load(rt_heap_blocks.chunk[chunk]);
    size_t n = size ? RT_CHUNK / size : 1;
    size_t bytes =
        size ? size : (size_t)rt_heap_blocks.length[chunk] << RT_CHUNK_SHIFT;

    for (size_t i = 0; i < n; i++) {
        char *low = rt_chunk_memory(chunk) + i * bytes;

        if (states[i] != RT_BLOCK_OTHERS)
            continue;
        if (bytes > *left)
            return false;
        *left -= bytes;
        each(arg, &low, sizeof(low));
        each(arg, low, bytes);
    }
    return true;
}

bool rt_others_memory(void (*each)(void *arg, const void *low, size_t size),
                      void *arg, size_t most)
{
    uint64_t calls = rt_load(others.calls);
    uint32_t n = (uint32_t)(rt_load(rt_heap_blocks.high) >> RT_CHUNK_SHIFT);

    each(arg, &calls, sizeof(calls));
    for (uint32_t chunk = 1; calls && chunk < n; chunk++)
        if (!tell_chunk(chunk, each, arg, &most))
            return false;
    return true;
}
