/*
 * arena.c - bump allocation from mapped chunks.
 *
 * Method: chunks of at least CHUNK bytes in a list, the newest first; a
 * request that does not fit gets a chunk of its own size.
 */
#include "runtime/base/arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/base/own.h"
#include "runtime/base/throw.h"

enum {
    CHUNK = 1 << 20,
    ALIGN = 16,
    PAGE = 4096,    /* or a multiple: then less is populated */
    MANY = 64 << 10 /* bytes that are populated at once */
};

struct rt_arena_chunk {
    struct rt_arena_chunk *next;
    size_t size, used; /* bytes, this head included */
};

enum {
    HEAD = (sizeof(struct rt_arena_chunk) + ALIGN - 1) & ~(size_t)(ALIGN - 1)
};

static struct rt_arena_chunk *chunk_map(size_t need)
{
    size_t size = need > CHUNK ? (need + 4095) & ~(size_t)4095 : CHUNK;
    struct rt_arena_chunk *c = mmap(NULL, size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (c == MAP_FAILED)
        return NULL;
    rt_own_add(c, size); /* at worst it is scanned */
    c->size = size;
    c->used = HEAD;
    return c;
}

/* All at once, where one by one each page would cost a fault. Without it they
   come as they are touched. */
static void populate(char *p, size_t n)
{
#if defined(MADV_POPULATE_WRITE)
    uintptr_t low = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    uintptr_t high = ((uintptr_t)p + n) & ~(uintptr_t)(PAGE - 1);

    if (low < high)
        madvise((void *)low, high - low, MADV_POPULATE_WRITE);
#else
    (void)p;
    (void)n;
#endif
}

void *rt_arena_alloc(struct rt_arena *a, size_t n)
{
    struct rt_arena_chunk *c = a->chunks;
    void *p;

    if (n > SIZE_MAX / 2)
        return NULL;
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (!c || c->size - c->used < n) {
        if (a->fixed)
            return NULL;
        c = chunk_map(n + sizeof(*c) + ALIGN);
        if (!c)
            return NULL;
        c->next = a->chunks;
        a->chunks = c;
    }
    p = (char *)c + c->used;
    c->used += n;
    if (n >= MANY)
        populate(p, n);
    return p;
}

void rt_arena_free(struct rt_arena *a)
{
    while (a->chunks && !a->fixed) {
        struct rt_arena_chunk *c = a->chunks;

        a->chunks = c->next;
        rt_own_remove(c);
        munmap(c, c->size);
    }
}

void rt_arena_fixed(struct rt_arena *a, void *memory, size_t size)
{
    struct rt_arena_chunk *c = (struct rt_arena_chunk *)memory;

    rt_check(!a->chunks && size > HEAD && (uintptr_t)memory % ALIGN == 0,
             "arena: no room for a fixed one");
    c->next = NULL;
    c->size = size;
    c->used = HEAD;
    *a = (struct rt_arena){c, true};
}

int rt_arena_grow(struct rt_arena *a, void *base, size_t n, size_t *cap,
                  size_t elem)
{
    size_t more = *cap ? *cap * 2 : 64;
    void *old, *fresh;

    if (n < *cap)
        return true;
    fresh = rt_arena_alloc(a, more * elem);
    if (!fresh)
        return false;
    memcpy(&old, base, sizeof(old));
    if (n)
        memcpy(fresh, old, n * elem);
    memcpy(base, &fresh, sizeof(fresh));
    *cap = more;
    return true;
}
