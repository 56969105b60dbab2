/*
 * race.h - what happens before what in a controlled run, and which accesses to
 * memory nothing orders: data races.
 *
 * For code that was compiled with -fsanitize=thread, which tells every load
 * and store (tsan.c). What orders two goroutines is what orders them in Go's
 * memory model: fork, unlock and lock, send and receive, close, count down and
 * wait, the end of a once, signal, release and acquire, a barrier, a cancel,
 * an armed timer and what it calls, and all of vigil's atomics. The compiler's
 * order what C11 says: a store that releases and a load that acquires, by
 * themselves or by a fence. Not a sleep, a yield, a length, or a try that fails.
 *
 * Looked at are a program's variables, the stacks of its goroutines, and what
 * it allocates itself while executions follow each other (vigil/scratch.h):
 * there it is known when memory becomes something else. Of all other memory
 * nothing is said; a variable of the thread is nobody else's.
 *
 * All functions between rt_enter and rt_leave, on the one thread of the run.
 * Keys are addresses: an object's, or one within it.
 */
#ifndef RT_SCHED_RACE_H
#define RT_SCHED_RACE_H

#include <vigil/control.h>

#include "runtime/base/blocks.h"
#include "runtime/base/cpu.h"
#include "runtime/sched/g.h"

enum {
    RT_RACE_SLOTS = 64, /* of a buffer or semaphore, each with its own clock */
};

extern bool rt_races RT_HIDDEN;    /* [world stopped] on: a controlled run */
extern bool rt_instrumented;       /* [atomic] some code tells its accesses */
extern const char *rt_race_untold; /* [atomic] no race is told: why */

/* Off until rt_race_begin, if code is instrumented. by is told of races. */
void rt_race_begin(const struct go_control *by);
void rt_race_end(void);
/* Another execution begins. */
void rt_race_reset(void);
/* The blocks of this heap that are scratch are looked at; NULL: none. */
void rt_race_heap(const struct rt_blocks *heap);
/* The same heap tells of its blocks here. At any time. */
extern const struct rt_heap_watch rt_race_watch;
/* A block is about to be freed or resized, as struct rt_heap_watch has it. */
void rt_race_given(uintptr_t low, size_t size, bool own, const void *pc);

/* child begins after all that by (NULL: nobody) has done, and after what was
   released under key (0: nothing). */
void rt_race_fork_slow(struct g *by, const struct g *child, uintptr_t key);
/* What g did is past for who acquires the same key later. */
void rt_race_release_slow(const struct g *g, uintptr_t key);
void rt_race_acquire_slow(const struct g *g, uintptr_t key);
/* From one to another, and, a meeting, both ways. */
void rt_race_give_slow(const struct g *from, const struct g *to);
void rt_race_meet_slow(const struct g *a, const struct g *b);
/* A value goes into a buffer of cap, or comes out; len were in it before. g
   NULL: a timer's. */
void rt_race_put_slow(const struct g *g, uintptr_t key, size_t cap, size_t len);
void rt_race_take_slow(const struct g *g, uintptr_t key, size_t cap,
                       size_t len);

/* Units are released, or acquired, when there are so many; in the order in
   which they were released. */
void rt_race_give_units_slow(const struct g *g, uintptr_t key, int64_t n,
                             int64_t there);
void rt_race_take_units_slow(const struct g *g, uintptr_t key, int64_t n,
                             int64_t there);

/* g is about to access size bytes. */
struct rt_touch {
    uintptr_t address;
    size_t size;
    bool write, atomic;
    bool copied; /* by the C library: it does not race with its like */
    bool freed;  /* likewise: the block is, or may be; a write of all of it */
    bool stays;  /* it is no choice */
    const struct go_site *site;
};
void rt_race_access(const struct g *g, const struct rt_touch *t);
/* What has to be a step for such an access to be one: enum go_more. */
enum go_more rt_race_more(uintptr_t address);
/* The site of a pc; the same one as long as the process lives. */
const struct go_site *rt_race_site(const void *pc);

/* Atomics of the compiler's, that ask for an order (__ATOMIC_RELAXED, ...). What
   is updated is loaded and stored. */
void rt_race_loads(const struct g *g, const void *key, int order);
void rt_race_stores(const struct g *g, const void *key, int order);
void rt_race_fence(const struct g *g, int order);

static inline bool rt_race_on(void)
{
    return rt_unlikely(rt_load(rt_races));
}
/* Something orders goroutines that is not seen here, or not all accesses are:
   of this execution nothing is said any more. what: go_control's unseen. */
void rt_race_be_silent(const char *what);
static inline void rt_race_lose(const char *what)
{
    if (rt_race_on())
        rt_race_be_silent(what);
}
/* Something was seen that the search does not try in other orders. */
void rt_race_note_unseen(const char *what);
static inline void rt_race_release(const struct g *g, const void *key)
{
    if (rt_race_on())
        rt_race_release_slow(g, (uintptr_t)key);
}
static inline void rt_race_acquire(const struct g *g, const void *key)
{
    if (rt_race_on())
        rt_race_acquire_slow(g, (uintptr_t)key);
}
static inline void rt_race_give(const struct g *from, const struct g *to)
{
    if (rt_race_on())
        rt_race_give_slow(from, to);
}

static inline void rt_race_give_units(const struct g *g, const void *key,
                                      int64_t n, int64_t there)
{
    if (rt_race_on())
        rt_race_give_units_slow(g, (uintptr_t)key, n, there);
}
static inline void rt_race_take_units(const struct g *g, const void *key,
                                      int64_t n, int64_t there)
{
    if (rt_race_on())
        rt_race_take_units_slow(g, (uintptr_t)key, n, there);
}

/* Of a timer's channel: what was done before it was armed, which who receives
   from it acquires. */
static inline const void *rt_race_armed(const void *key)
{
    return (const char *)key + 1;
}

/* Of a rwmutex: what its readers release, which only a writer acquires. */
static inline const void *rt_race_readers(const void *key)
{
    return (const char *)key + 1;
}

#endif
