/*
 * memory.c - blocks in a mapping of the search's own, which forks may share.
 *
 * Method: sizes are powers of two, with a list of free blocks for each; what
 * is on no list comes from the end of what is in use. Only what is touched of
 * the mapping is there, so it may be large. Where addresses are limited it is
 * no more than a part of what is left: the rest is for the program.
 *
 * M1  Everything that is known about blocks lies in the mapping itself.
 *
 * Why not malloc: that may be the program's, and who looks for what the program
 * can reach would find the objects that a strategy has noted.
 */
#include "harness/explore/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <vigil/scratch.h>

enum {
    CLASSES = 40,
    FIRST = 5, /* the smallest has 32 bytes */
    HEAD = 16, /* before each block: its class */
    LARGEST = 36,
    SMALLEST = 26, /* what is tried, as powers of two, */
    PART = 2       /* and what is left off where the largest is too large */
};

struct block {
    union {
        uint64_t class;
        struct block *next; /* of a free one */
    };
};

struct arena {
    size_t size, used;
    struct block *free[CLASSES];
};

size_t hn_memory_most = (size_t)256 << 20;

static struct arena *own, *common; /* of this process; of forks, too */

static void *map_size(size_t size, int how)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE,
                how | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* NULL: malloc's. */
static struct arena *map(int how)
{
    for (int bits = LARGEST; bits >= SMALLEST; bits--) {
        size_t size = (size_t)1 << bits;
        struct arena *a = map_size(size, how);

        if (a == MAP_FAILED)
            continue;
        if (bits < LARGEST) {
            munmap((char *)a + (size >> PART), size - (size >> PART));
            size >>= PART;
        }
        a->size = size; /* M1 */
        a->used = (sizeof(*a) + HEAD - 1) / HEAD * HEAD;
        go_scratch_aside(a, size);
        return a;
    }
    return NULL;
}

bool hn_memory_share(void)
{
    if (!common)
        common = map(MAP_SHARED);
    return common != NULL;
}

/* Where all is taken from now. */
static struct arena *current(void)
{
    if (!common && !own)
        own = map(MAP_PRIVATE);
    return common ? common : own;
}

static bool has(const struct arena *a, const void *p)
{
    return a && (const char *)p > (const char *)a &&
           (const char *)p < (const char *)a + a->size;
}

/* NULL: it is malloc's. */
static struct arena *arena_of(const void *p)
{
    return has(common, p) ? common : has(own, p) ? own : NULL;
}

static struct block *block_of(void *p)
{
    return (struct block *)((char *)p - HEAD);
}

static size_t room_of(void *p)
{
    return ((size_t)1 << block_of(p)->class) - HEAD;
}

/* clear: what was in use before comes zeroed as well. */
static void *take(struct arena *a, size_t size, bool clear)
{
    uint32_t class = FIRST;
    struct block *b;

    while (class < CLASSES - 1 && ((size_t)1 << class) < size + HEAD)
        class ++;
    b = a->free[class];
    if (b) {
        a->free[class] = b->next;
    } else {
        if (((size_t)1 << class) > a->size - a->used)
            return NULL;
        b = (struct block *)((char *)a + a->used);
        a->used += (size_t)1 << class;
        clear = false;
    }
    b->class = class;
    if (clear)
        memset((char *)b + HEAD, 0, size);
    return (char *)b + HEAD;
}

void *hn_memory_take(size_t size)
{
    struct arena *a = current();

    if (size > hn_memory_most)
        return NULL;
    return a ? take(a, size, true) : calloc(1, size);
}

void *hn_memory_grow(void *p, size_t size)
{
    struct arena *a = current();
    void *to;

    if (size > hn_memory_most)
        return NULL;
    if (!a || (p && !arena_of(p)))
        return realloc(p, size);
    if (p && size <= room_of(p))
        return p;
    to = take(a, size, false);
    if (to && p) {
        memcpy(to, p, room_of(p));
        hn_memory_give(p);
    }
    return to;
}

void hn_memory_give(void *p)
{
    struct arena *a = arena_of(p);
    struct block *b;
    uint64_t class;

    if (!a) {
        free(p);
        return;
    }
    b = block_of(p);
    class = b->class;
    b->next = a->free[class];
    a->free[class] = b;
}
