/*
 * timer.c - the timer heap.
 *
 * In: sleepers, deadlines, the program's timers, each a struct rt_timer of
 * whoever arms it. Out: their fire functions, called by the worker that found
 * them due; a look reads the armed ones.
 *
 * Method: one 4-ary heap, half as deep as a binary one, ordered by instant,
 * then by arming. The keys lie apart from the pointers, so that sifting reads
 * neighbours instead of a hundred thousand scattered timers. Both arrays are
 * mapped, not allocated: a stopped world must never hold the heap's lock.
 *
 * T1  timers[i]->place == i + 1, and keys[i] is its (when, seq).
 * T2  No key is smaller than its parent's.
 * T3  earliest is keys[0].when, or INT64_MAX: what others read without lock.
 * T4  One worker at a time fires, so equal instants keep their order; firing
 *     is the timer it is at. Who disarms that one waits for it to move on,
 *     which is what makes it safe to free a timer.
 *
 * Why one heap, not one a worker as in Go: timers are armed ten thousand times
 * less often than goroutines switch, and the virtual clock wants one order.
 */
#define _GNU_SOURCE
#include "runtime/sched/timer.h"

#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <vigil/control.h>

#include "runtime/base/cpu.h"
#include "runtime/base/own.h"
#include "runtime/sched/control.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"

enum {
    ARITY = 4,
#ifdef VIGIL_DEBUG
    ROOM_FIRST = 4,
#else
    ROOM_FIRST = 512,
#endif
    SPINS = 64, /* then the other worker is given the processor */
};

struct key {
    int64_t when;
    uint64_t seq;
};

uint32_t rt_timers_armed;

static struct {
    uint32_t lock; /* rank RT_RANK_TIMER, guards all but earliest */
    uint32_t room;
    struct key *keys;
    struct rt_timer **timers;
    uint64_t seq;            /* given out so far */
    struct rt_timer *firing; /* T4 */
    struct m *firer;         /* the worker that fires, NULL: none */
    bool busy;               /* somebody fires, a thread of a test perhaps */
    int64_t earliest;        /* [atomic] T3 */
} heap = {.earliest = INT64_MAX};

static inline bool before(const struct key *a, const struct key *b)
{
    return a->when < b->when || (a->when == b->when && a->seq < b->seq);
}

/* Not by place alone: a timer may have outlived the run that armed it. */
static bool armed_locked(const struct rt_timer *t)
{
    return t->place != 0 && t->place <= rt_timers_armed &&
           heap.timers[t->place - 1] == t;
}

static inline void put(uint32_t i, struct key key, struct rt_timer *t)
{
    heap.keys[i] = key;
    heap.timers[i] = t;
    t->place = i + 1;
}

static void sift_up(uint32_t i, struct key key, struct rt_timer *t)
{
    while (i > 0) {
        uint32_t parent = (i - 1) / ARITY;

        if (!before(&key, &heap.keys[parent]))
            break;
        put(i, heap.keys[parent], heap.timers[parent]);
        i = parent;
    }
    put(i, key, t);
}

static void sift_down(uint32_t i, struct key key, struct rt_timer *t)
{
    for (;;) {
        uint32_t child = i * ARITY + 1, least = child, end = child + ARITY;

        if (child >= rt_timers_armed)
            break;
        if (end > rt_timers_armed)
            end = rt_timers_armed;
        while (++child < end)
            if (before(&heap.keys[child], &heap.keys[least]))
                least = child;
        if (!before(&heap.keys[least], &key))
            break;
        put(i, heap.keys[least], heap.timers[least]);
        i = least;
    }
    put(i, key, t);
}

/* Puts t where place i is free or its own. */
static void place_locked(uint32_t i, struct rt_timer *t)
{
    struct key key = {t->when, t->seq};

    if (i > 0 && before(&key, &heap.keys[(i - 1) / ARITY]))
        sift_up(i, key, t);
    else
        sift_down(i, key, t);
}

static void *grown(void *base, size_t old, size_t size)
{
    void *p;

    if (base) {
        rt_own_remove(base);
        p = mremap(base, old, size, MREMAP_MAYMOVE);
    } else {
        p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    rt_need(p != MAP_FAILED, "no memory for another armed timer");
    rt_own_add(p, size);
    return p;
}

/* The arming call has no way to fail: Go dies here, and so do we. */
static void grow_locked(void)
{
    uint32_t room = heap.room ? 2 * heap.room : ROOM_FIRST;

    rt_check(room > heap.room, "timer: more than 2^31 timers are armed");
    heap.keys = grown(heap.keys, heap.room * sizeof(*heap.keys),
                      room * sizeof(*heap.keys));
    heap.timers = grown(heap.timers, heap.room * sizeof(*heap.timers),
                        room * sizeof(*heap.timers));
    heap.room = room;
}

static void note_earliest_locked(void)
{
    int64_t when = rt_timers_armed ? heap.keys[0].when : INT64_MAX;

    /* Pairs with the sleeper's: it publishes its sleep, then reads this. */
    __atomic_store_n(&heap.earliest, when, __ATOMIC_SEQ_CST);
}

static void insert_locked(struct rt_timer *t, int64_t when)
{
    uint32_t i;

    t->when = when < RT_TIMER_LAST ? when : RT_TIMER_LAST;
    t->seq = ++heap.seq;
    if (armed_locked(t)) {
        i = t->place - 1;
    } else {
        if (rt_timers_armed == heap.room)
            grow_locked();
        i = rt_timers_armed++;
    }
    if (rt_unlikely(rt_load(rt_controlled)))
        rt_control_timed();
    place_locked(i, t);
    rt_assert(armed_locked(t), "T1: an armed timer is not in its place");
}

static void remove_locked(struct rt_timer *t)
{
    uint32_t i = t->place - 1, last = --rt_timers_armed;
    struct rt_timer *moved = heap.timers[last];

    rt_check(heap.timers[i] == t, "T1: a timer is not in its place");
    t->place = 0;
    heap.timers[last] = NULL;
    if (moved != t)
        place_locked(i, moved);
}

void rt_timer_arm(struct rt_timer *t, int64_t when, int64_t period)
{
    int64_t was;
    bool first;

    rt_check(t->fire != NULL, "timer: armed without a fire function");
    rt_lock(&heap.lock, RT_RANK_TIMER);
    was = heap.earliest;
    t->period = period;
    insert_locked(t, when);
    note_earliest_locked();
    first = heap.earliest < was;
    rt_unlock(&heap.lock);
    if (first)
        rt_netpoll_recompute();
}

bool rt_timer_unarm(struct rt_timer *t)
{
    bool armed;

    rt_lock(&heap.lock, RT_RANK_TIMER);
    armed = armed_locked(t);
    if (armed) {
        remove_locked(t);
        note_earliest_locked();
    }
    rt_unlock(&heap.lock);
    return armed;
}

/* Whether another worker is just calling t's fire. */
static inline bool fires_elsewhere_locked(const struct rt_timer *t)
{
    return heap.firing == t && heap.firer != rt_m();
}

static bool fires_elsewhere(const struct rt_timer *t)
{
    bool yes;

    rt_lock(&heap.lock, RT_RANK_TIMER);
    yes = fires_elsewhere_locked(t);
    rt_unlock(&heap.lock);
    return yes;
}

static __attribute__((noinline)) bool wait_and_unarm(struct rt_timer *t)
{
    for (int i = 0; fires_elsewhere(t); i++) {
        if (i < SPINS)
            rt_cpu_relax();
        else
            sched_yield();
    }
    /* A fire that was under way may have armed it again. */
    return rt_timer_unarm(t);
}

bool rt_timer_disarm(struct rt_timer *t)
{
    bool armed, fires;

    rt_lock(&heap.lock, RT_RANK_TIMER);
    armed = armed_locked(t);
    if (armed) {
        remove_locked(t);
        note_earliest_locked();
    }
    fires = fires_elsewhere_locked(t);
    rt_unlock(&heap.lock);
    return fires ? wait_and_unarm(t) || armed : armed;
}

int64_t rt_timer_next(void)
{
    return __atomic_load_n(&heap.earliest, __ATOMIC_SEQ_CST);
}

/* The next instant of a periodic timer: those that were missed are skipped. */
static int64_t next_of(const struct rt_timer *t, int64_t now)
{
    int64_t late = now - t->when, next;

    if (__builtin_add_overflow(t->when, t->period * (late / t->period), &next))
        return RT_TIMER_LAST;
    if (__builtin_add_overflow(next, t->period, &next))
        return RT_TIMER_LAST;
    return next < RT_TIMER_LAST ? next : RT_TIMER_LAST;
}

/* Takes out the earliest if it is due; a periodic one goes on to its next
   instant, unless time ends before. */
static struct rt_timer *take_due_locked(int64_t now)
{
    struct rt_timer *t = rt_timers_armed ? heap.timers[0] : NULL;
    int64_t next;

    if (!t || heap.keys[0].when > now)
        return NULL;
    next = t->period > 0 ? next_of(t, now) : INT64_MIN;
    if (next > now)
        insert_locked(t, next);
    else
        remove_locked(t);
    note_earliest_locked();
    return t;
}

int rt_timer_run_some(int64_t now, int most)
{
    struct rt_timer *t;
    int n = 0;

    if (rt_timer_next() > now)
        return 0;
    rt_lock(&heap.lock, RT_RANK_TIMER);
    if (!heap.busy) {
        heap.busy = true;
        heap.firer = rt_m();
        while (n < most && (t = take_due_locked(now)) != NULL) {
            heap.firing = t;
            rt_unlock(&heap.lock);
            t->fire(t, now); /* t may be gone when it returns */
            n++;
            rt_lock(&heap.lock, RT_RANK_TIMER);
            heap.firing = NULL;
        }
        heap.firer = NULL;
        heap.busy = false;
    }
    rt_unlock(&heap.lock);
    return n;
}

int rt_timer_run(int64_t now)
{
    return rt_timer_run_some(now, INT_MAX);
}

struct rt_timer *const *rt_timer_all(uint32_t *n)
{
    *n = rt_timers_armed;
    return heap.timers;
}

static inline bool is_useful(const struct rt_timer *t)
{
    return !t->is_vain || !t->is_vain(t);
}

/* Most times it is the first of the heap; NULL: none. */
static const struct rt_timer *first_useful(void)
{
    const struct rt_timer *first = NULL;

    if (rt_timers_armed && is_useful(heap.timers[0]))
        return heap.timers[0];
    for (uint32_t i = 1; i < rt_timers_armed; i++)
        if (is_useful(heap.timers[i]) &&
            (!first || before(&heap.keys[i], &heap.keys[first->place - 1])))
            first = heap.timers[i];
    return first;
}

int64_t rt_timer_next_useful(void)
{
    const struct rt_timer *t = first_useful();

    return t ? t->when : INT64_MAX;
}

bool go_control_due(struct go_due *to)
{
    const struct rt_timer *t = first_useful();
    int64_t now = rt_now();

    if (!t)
        return false;
    to->in = t->when > now ? t->when - now : 0;
    to->site = t->site;
    to->goroutine = t->g ? t->g->id : 0;
    return true;
}

bool rt_timer_used(void)
{
    return heap.seq > 0;
}

void rt_timer_clear(void)
{
    rt_check(!heap.busy, "timer: a run ends while a timer fires");
    heap.seq = 0;
    if (!rt_timers_armed)
        return; /* T3 holds; and what all see at once is slow to write */
    rt_timers_armed = 0;
    note_earliest_locked();
}

void rt_timer_reset(void)
{
    rt_timer_clear();
    if (heap.room) {
        rt_own_remove(heap.keys);
        rt_own_remove(heap.timers);
        munmap(heap.keys, heap.room * sizeof(*heap.keys));
        munmap(heap.timers, heap.room * sizeof(*heap.timers));
    }
    heap.keys = NULL;
    heap.timers = NULL;
    heap.room = 0;
}
