/*
 * memory.c - blocks in a mapping that forks share.
 *
 * Method: sizes are powers of two, with a list of free blocks for each; what
 * is on no list comes from the end of what is in use. The mapping is as large
 * as addresses allow: only what is touched is there.
 *
 * M1  Everything that is known about blocks lies in the mapping itself.
 */
#include "harness/explore/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    CLASSES = 40,
    FIRST = 5, /* the smallest has 32 bytes */
    HEAD = 16, /* before each block: its class */
    LARGEST = 36,
    SMALLEST = 26, /* what is tried, as powers of two */
};

struct block {
    union {
        uint64_t class;
        struct block *next; /* of a free one */
    };
};

static struct arena {
    size_t size, used;
    struct block *free[CLASSES];
} * arena; /* NULL: malloc's */

bool hn_memory_share(void)
{
    for (int bits = LARGEST; bits >= SMALLEST && !arena; bits--) {
        void *p = mmap(NULL, (size_t)1 << bits, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (p == MAP_FAILED)
            continue;
        arena = p; /* M1 */
        arena->size = (size_t)1 << bits;
        arena->used = (sizeof(*arena) + HEAD - 1) / HEAD * HEAD;
    }
    return arena != NULL;
}

static bool is_shared(const void *p)
{
    return arena && (const char *)p > (const char *)arena &&
           (const char *)p < (const char *)arena + arena->size;
}

static struct block *block_of(void *p)
{
    return (struct block *)((char *)p - HEAD);
}

static void *take_shared(size_t size)
{
    uint32_t class = FIRST;
    struct block *b;

    while (class < CLASSES - 1 && ((size_t)1 << class) < size + HEAD)
        class ++;
    b = arena->free[class];
    if (b) {
        arena->free[class] = b->next;
    } else {
        if (((size_t)1 << class) > arena->size - arena->used)
            return NULL;
        b = (struct block *)((char *)arena + arena->used);
        arena->used += (size_t)1 << class;
    }
    b->class = class;
    return (char *)b + HEAD;
}

void *hn_memory_take(size_t size)
{
    void *p = arena ? take_shared(size) : calloc(1, size);

    if (p && arena)
        memset(p, 0, size);
    return p;
}

void *hn_memory_grow(void *p, size_t size)
{
    size_t had;
    void *to;

    if (!arena || (p && !is_shared(p)))
        return realloc(p, size);
    had = p ? ((size_t)1 << block_of(p)->class) - HEAD : 0;
    if (size <= had)
        return p;
    to = take_shared(size);
    if (to && p) {
        memcpy(to, p, had);
        hn_memory_give(p);
    }
    return to;
}

void hn_memory_give(void *p)
{
    struct block *b;
    uint64_t class;

    if (!is_shared(p)) {
        free(p);
        return;
    }
    b = block_of(p);
    class = b->class;
    b->next = arena->free[class];
    arena->free[class] = b;
}
