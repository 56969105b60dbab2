/*
 * heapdoor.c - finds the heap that knows its blocks, and tries it.
 *
 * The library's one public name is looked up by the loader, as a weak
 * reference: nothing is opened, and a static program can have it too. A
 * dynamic program that has vigil's archive inside it must name it when it is
 * linked; preloading is then too late, and its blocks are not known.
 *
 * The heap's own memory is declared the runtime's: in its caches are old
 * addresses of blocks, which are nobody's references.
 */
#include "runtime/monitor/heapdoor.h"

#include <stdlib.h>
#include <vigil/scratch.h>

#include "runtime/base/own.h"
#include "runtime/sched/race.h"
#include "runtime/sched/sched.h"

extern const struct rt_heap_door vigil_heap
    __attribute__((weak, visibility("default")));

static const struct rt_heap_door *door; /* [world] NULL: none, or not in use */

bool mon_heap_knows(const struct rt_heap_door *d, void *(*allocate)(size_t),
                    void (*release)(void *))
{
    void *volatile probe; /* or the compiler leaves the call out */
    struct rt_block block;
    bool found;

    if (!d || d->version != RT_HEAP_VERSION)
        return false;
    probe = allocate(1);
    found = rt_block_find(d->blocks, (uintptr_t)probe, &block) &&
            block.low == (uintptr_t)probe;
    release(probe);
    return found;
}

void mon_heap_open(void)
{
    const struct rt_blocks *b;

    rt_check(!door, "heap: opened in an open run");
    if (!mon_heap_knows(&vigil_heap, malloc, free))
        return;
    b = vigil_heap.blocks;
    rt_check(b->own_low < b->own_high && b->base >= b->own_low,
             "heap: it does not know what is its own");
    if (!rt_own_add((const void *)b->own_low, b->own_high - b->own_low))
        return; /* as any other heap: all of it counts as reached */
    door = &vigil_heap;
    rt_world_heap_is_at((uintptr_t)door->busy);
}

void mon_heap_close(void)
{
    if (!door)
        return;
    rt_world_heap_is_at(0);
    rt_own_remove((const void *)door->blocks->own_low);
    door = NULL;
}

const struct rt_blocks *mon_heap(void)
{
    return door ? door->blocks : NULL;
}

bool mon_heap_busy(void)
{
    return door && door->busy();
}

/* ---- scratch: the door's other half, for who explores --------------------*/

bool go_scratch_begin(const void *low, const void *high)
{
    if (!mon_heap_knows(&vigil_heap, malloc, free) ||
        !vigil_heap.scratch_begin((uintptr_t)low, (uintptr_t)high))
        return false;
    vigil_heap.scratch_watch(&rt_race_watch);
    rt_race_heap(vigil_heap.blocks);
    return true;
}

void go_scratch_reset(void)
{
    vigil_heap.scratch_reset();
}

void go_scratch_end(void)
{
    rt_race_heap(NULL);
    vigil_heap.scratch_watch(NULL);
    vigil_heap.scratch_end();
}

bool go_scratch_memory(void (*each)(void *arg, const void *low, size_t size),
                       void *arg, size_t most)
{
    return vigil_heap.scratch_memory(each, arg, most);
}

void go_scratch_aside(const void *low, size_t size)
{
    rt_own_add(low, size);
}

void go_scratch_back(const void *low)
{
    rt_own_remove(low);
}

bool go_scratch_misses(const void *low, size_t size)
{
    const uintptr_t *word = low, *end = word + size / sizeof(*word);
    struct rt_block block;

    if (!mon_heap_knows(&vigil_heap, malloc, free))
        return false;
    while (word < end &&
           !(rt_block_find(vigil_heap.blocks, *word, &block) &&
             vigil_heap.blocks->state[block.index] == RT_BLOCK_USED))
        word++;
    return word < end;
}
