/*
 * timerpool.c - where the program's timers lie.
 *
 * Mapped in chunks, given back as a whole when the run ends. A slot that was
 * given back says so until it is used anew, and the longest free one is taken
 * first, so that a use after free is most likely told.
 */
#define _GNU_SOURCE
#include "runtime/sync/timers.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/sched/sched.h"

#ifdef VIGIL_DEBUG
enum {
    CHUNK = 4096
};
#else
enum {
    CHUNK = 64 * 1024
};
#endif

struct chunk {
    struct chunk *next; /* [pool lock] */
    struct rt_timers slot[];
};
enum {
    SLOTS = (CHUNK - sizeof(struct chunk)) / sizeof(struct rt_timers)
};

static struct {
    uint32_t lock; /* rank RT_RANK_NAME: nothing is taken under it */
    struct chunk *chunks;
    uint32_t used;                  /* slots of the first chunk ever taken */
    struct rt_timers *first, *last; /* given back, longest first */
} pool;

/* A slot never used; NULL: no memory. */
static struct rt_timers *fresh_locked(void)
{
    struct chunk *c = pool.chunks;

    rt_assert_held(&pool.lock);
    if (!c || pool.used == SLOTS) {
        c = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (c == MAP_FAILED)
            return NULL;
        c->next = pool.chunks;
        pool.chunks = c;
        pool.used = 0;
    }
    return &c->slot[pool.used++];
}

struct rt_timers *rt_timers_take(enum rt_timers_use use)
{
    struct rt_timers *t;

    rt_lock(&pool.lock, RT_RANK_NAME);
    t = pool.first;
    if (t) {
        rt_check(t->use == RT_TIMERS_FREED, "timers: a free slot is in use");
        pool.first = t->next;
        if (!pool.first)
            pool.last = NULL;
        memset(t, 0, sizeof(*t));
    } else {
        t = fresh_locked();
    }
    if (t)
        t->use = (uint8_t)use;
    rt_unlock(&pool.lock);
    return t;
}

void rt_timers_give(struct rt_timers *t)
{
    rt_check(t->timer.place == 0, "timers: an armed timer is given back");
    rt_lock(&pool.lock, RT_RANK_NAME);
    memset(&t->call, 0, sizeof(t->call)); /* holds nothing any more */
    t->head.c = NULL;
    __atomic_store_n(&t->use, RT_TIMERS_FREED, __ATOMIC_RELEASE);
    t->next = NULL;
    if (pool.last)
        pool.last->next = t;
    else
        pool.first = t;
    pool.last = t;
    rt_unlock(&pool.lock);
}

/* At the end of a run. */
static void give_back_all(void)
{
    struct chunk *c, *next;

    for (c = pool.chunks; c; c = next) {
        next = c->next;
        munmap(c, CHUNK);
    }
    memset(&pool, 0, sizeof(pool));
}

__attribute__((constructor)) static void register_end(void)
{
    rt_at_halt(give_back_all);
}
