/*
 * cache.c - the caches of threads, and the opening of the heap.
 *
 * Method: a thread gets a cache at its first call, and gives what is in it
 * back when it ends, by the destructor of a key. What other destructors and
 * the C library allocate and free after that goes to the central lists.
 *
 * A child of a fork has its one thread's cache; the blocks in those of others
 * are lost to it.
 *
 * Why not in thread-local storage itself: 40 KiB of it would be taken from
 * the stack of every thread.
 */
#include "runtime/heap/cache.h"

#include <pthread.h>
#include <string.h>

#include "runtime/heap/central.h"
#include "runtime/heap/lock.h"
#include "runtime/heap/region.h"

__thread struct rt_cache *rt_cache_mine = &rt_cache_none;
struct rt_cache rt_cache_none;
__thread bool rt_heap_forking;
static __thread bool ended; /* this thread gets no cache any more */

uint32_t rt_caches_lock;
static bool is_open;          /* [atomic] set under the lock */
static bool failed;           /* [lock] there is no address space */
static struct rt_cache *idle; /* [lock] of threads that have ended */
static size_t made;           /* [lock] bytes of room used */
static pthread_key_t key;     /* [init] */

static void flush_all(struct rt_cache *c)
{
    rt_check(c != &rt_cache_none, "cache: none is nobody's");
    for (unsigned i = 0; i < RT_CLASSES; i++) {
        rt_central_give(i, c->bins[i].slot, c->bins[i].n);
        c->bins[i].n = 0;
    }
}

static void at_thread_end(void *arg)
{
    struct rt_cache *c = arg;

    rt_check(c == rt_cache_mine, "cache: not the thread's own");
    ended = true;
    rt_cache_mine = &rt_cache_none;
    flush_all(c);
    rt_heap_lock(&rt_caches_lock);
    c->next = idle;
    idle = c;
    rt_heap_unlock(&rt_caches_lock);
}

bool rt_heap_open(void)
{
    if (rt_likely(__atomic_load_n(&is_open, __ATOMIC_ACQUIRE)))
        return true;
    rt_heap_lock(&rt_caches_lock);
    if (!is_open && !failed) {
        rt_classes_open();
        failed = rt_region_open() || pthread_key_create(&key, at_thread_end);
        __atomic_store_n(&is_open, !failed, __ATOMIC_RELEASE);
    }
    rt_heap_unlock(&rt_caches_lock);
    return !failed;
}

/* Under the lock. */
static struct rt_cache *make_new(void)
{
    size_t size =
        (sizeof(struct rt_cache) + rt_region.page - 1) & ~(rt_region.page - 1);
    struct rt_cache *c = (struct rt_cache *)(rt_region.caches + made);

    if (made + size > rt_region.caches_size || !rt_region_commit(c, size))
        return NULL;
    made += size;
    for (unsigned i = 0; i < RT_CLASSES; i++)
        c->bins[i].capacity = rt_classes[i].capacity;
    return c;
}

void rt_cache_make(void)
{
    struct rt_cache *c;

    if (ended || rt_cache_mine != &rt_cache_none)
        return;
    rt_heap_lock(&rt_caches_lock);
    c = idle;
    if (c)
        idle = c->next;
    else
        c = make_new();
    rt_heap_unlock(&rt_caches_lock);
    if (!c)
        return;
    rt_cache_mine = c; /* before the key is set, which may allocate */
    if (pthread_setspecific(key, c))
        at_thread_end(c);
}

void *rt_cache_refill(unsigned class)
{
    struct rt_bin *bin = &rt_cache_mine->bins[class];
    unsigned want = bin->capacity / 2;
    void *one[1] = {NULL};

    if (!bin->capacity) {
        rt_central_take(class, one, 1);
        return one[0];
    }
    rt_assert(bin->n == 0, "cache: refilled, but not empty");
    bin->n = rt_central_take(class, bin->slot, want);
    return bin->n ? bin->slot[--bin->n] : NULL;
}

/* The older half goes: the younger is in the processor's cache. */
void rt_cache_flush(struct rt_bin *bin, unsigned class)
{
    unsigned half = bin->n / 2;

    rt_assert(bin->n == bin->capacity, "cache: flushed, but not full");
    rt_central_give(class, bin->slot, half);
    memmove(bin->slot, bin->slot + half, (bin->n - half) * sizeof(void *));
    bin->n -= half;
}
