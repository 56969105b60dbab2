/*
 * sync.h - locks, wait groups, conditions, once, semaphores, barriers,
 * error groups, atomics.
 *
 * All of them: the zero value is ready, nothing is to be destroyed, the
 * memory is the program's own. An object may be copied before its first use,
 * never after. It may be freed or reused as soon as the call that waited on
 * it has returned and no other call on it will begin: a waker does not touch
 * it once the waiter can run.
 *
 * "Parks" means: stops the goroutine, not the thread. What does not park may
 * be called by any thread; what parks panics "not in a goroutine" elsewhere.
 * Misuse panics, with Go's words; go_try catches it.
 *
 * Every name here is a macro that notes the caller's line, and, but for those
 * that take a function and its arguments, a function of the same name:
 * (go_mutex_lock)(&m), or go_defer(go_mutex_unlock, &m). Atomics are functions.
 */
#ifndef VIGIL_SYNC_H
#define VIGIL_SYNC_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <vigil/object.h>

/*
 * A mutex is owned by the goroutine that locked it. lock parks until it is
 * free; trylock is false when it is not, and does not park (but of many in
 * vain one yields, as of chan_try_recv). Unlocking it elsewhere panics "sync:
 * unlock of mutex owned by goroutine N", when free "sync: unlock of unlocked
 * mutex". Waiters are served in order; none starves.
 */
struct go_mutex {
    struct go_object obj;
    uintptr_t owner;         /* [atomic] the owner; low bit: waiters */
    struct go_use unlocked;  /* [owner] the last one */
    struct go_waitq waiters; /* [lock] */
    uint32_t lock;           /* the runtime's own */
    uint32_t handoff;        /* [lock] the oldest waiter was passed over */
};
GO_API void go_mutex_lock_at(struct go_mutex *m, const struct go_site *site);
GO_API void go_mutex_unlock_at(struct go_mutex *m, const struct go_site *site);
GO_API bool go_mutex_trylock_at(struct go_mutex *m, const struct go_site *site);
/* By the owner: makes another goroutine, also one that is not waiting for it,
   the owner. Panics as unlock does, and where there is no such goroutine. */
GO_API void go_mutex_hand_over_at(struct go_mutex *m, uint64_t goroutine,
                                  const struct go_site *site);
GO_API void go_mutex_lock(struct go_mutex *m);
GO_API void go_mutex_unlock(struct go_mutex *m);
GO_API bool go_mutex_trylock(struct go_mutex *m);
GO_API void go_mutex_hand_over(struct go_mutex *m, uint64_t goroutine);
#define go_mutex_lock(m)    go_mutex_lock_at((m), GO_SITE(#m))
#define go_mutex_unlock(m)  go_mutex_unlock_at((m), GO_SITE(#m))
#define go_mutex_trylock(m) go_mutex_trylock_at((m), GO_SITE(#m))
#define go_mutex_hand_over(m, goroutine)                                       \
    go_mutex_hand_over_at((m), (goroutine), GO_SITE(#m))

/*
 * Go's RWMutex: many readers or one writer; a pending writer blocks new
 * readers, and its unlock lets in all who queued meanwhile. Read locks are
 * owned too, and handed over as a mutex is. lock and rlock park, the tries do
 * not. Panics as Go: "sync: RUnlock of unlocked RWMutex", "sync: Unlock of
 * unlocked RWMutex".
 */
struct go_rwmutex {
    struct go_object obj;
    uint32_t lock;    /* the runtime's own */
    int32_t readers;  /* [lock] that hold it */
    uintptr_t writer; /* [lock] holds it, or waits for the readers */
    struct go_use unlocked, runlocked;        /* [lock] the last ones */
    struct go_waitq writers, waiting_readers; /* [lock] */
};
GO_API void go_rwmutex_lock_at(struct go_rwmutex *m, const struct go_site *);
GO_API void go_rwmutex_unlock_at(struct go_rwmutex *m, const struct go_site *);
GO_API bool go_rwmutex_trylock_at(struct go_rwmutex *m, const struct go_site *);
GO_API void go_rwmutex_rlock_at(struct go_rwmutex *m, const struct go_site *);
GO_API void go_rwmutex_runlock_at(struct go_rwmutex *m, const struct go_site *);
GO_API bool go_rwmutex_tryrlock_at(struct go_rwmutex *m,
                                   const struct go_site *);
GO_API void go_rwmutex_hand_over_at(struct go_rwmutex *m, uint64_t goroutine,
                                    const struct go_site *);
GO_API void go_rwmutex_rhand_over_at(struct go_rwmutex *m, uint64_t goroutine,
                                     const struct go_site *);
GO_API void go_rwmutex_lock(struct go_rwmutex *m);
GO_API void go_rwmutex_unlock(struct go_rwmutex *m);
GO_API bool go_rwmutex_trylock(struct go_rwmutex *m);
GO_API void go_rwmutex_rlock(struct go_rwmutex *m);
GO_API void go_rwmutex_runlock(struct go_rwmutex *m);
GO_API bool go_rwmutex_tryrlock(struct go_rwmutex *m);
GO_API void go_rwmutex_hand_over(struct go_rwmutex *m, uint64_t goroutine);
GO_API void go_rwmutex_rhand_over(struct go_rwmutex *m, uint64_t goroutine);
#define go_rwmutex_lock(m)     go_rwmutex_lock_at((m), GO_SITE(#m))
#define go_rwmutex_unlock(m)   go_rwmutex_unlock_at((m), GO_SITE(#m))
#define go_rwmutex_trylock(m)  go_rwmutex_trylock_at((m), GO_SITE(#m))
#define go_rwmutex_rlock(m)    go_rwmutex_rlock_at((m), GO_SITE(#m))
#define go_rwmutex_runlock(m)  go_rwmutex_runlock_at((m), GO_SITE(#m))
#define go_rwmutex_tryrlock(m) go_rwmutex_tryrlock_at((m), GO_SITE(#m))
#define go_rwmutex_hand_over(m, goroutine)                                     \
    go_rwmutex_hand_over_at((m), (goroutine), GO_SITE(#m))
#define go_rwmutex_rhand_over(m, goroutine)                                    \
    go_rwmutex_rhand_over_at((m), (goroutine), GO_SITE(#m))

/*
 * A counter; wait parks until it is 0. go_waitgroup_go starts a goroutine that
 * counts down when it ends, however it ends; a group only ever used that way is
 * known exactly to the monitor. Panics "sync: negative WaitGroup counter",
 * "sync: WaitGroup misuse: Add called concurrently with Wait", "sync: WaitGroup
 * is reused before previous Wait has returned".
 */
#define GO_WAITGROUP_EARLIER 3
struct go_waitgroup {
    struct go_object obj;
    uint32_t lock;             /* the runtime's own */
    int32_t count;             /* [lock] */
    uint32_t members;          /* [lock] of it, started by go_waitgroup_go */
    uint16_t by_hand;          /* [lock] go_waitgroup_add or _done was called */
    uint16_t quiet;            /* controlled: what was no step, waitgroup.c */
    struct go_use added, done; /* [lock] the last ones */
    struct go_waitq waiters;   /* [lock] */
    uint32_t ndone;            /* [lock] noted in earlier[] so far */
    struct go_use earlier[GO_WAITGROUP_EARLIER]; /* [lock] others that counted
                                                    down before done, a ring */
};
GO_API void go_waitgroup_add_at(struct go_waitgroup *wg, int n,
                                const struct go_site *site);
GO_API void go_waitgroup_done_at(struct go_waitgroup *wg,
                                 const struct go_site *site);
GO_API void go_waitgroup_wait_at(struct go_waitgroup *wg,
                                 const struct go_site *site);
GO_API void go_waitgroup_go_at(struct go_waitgroup *wg,
                               const struct go_call *call,
                               const struct go_site *site);
GO_API void go_waitgroup_add(struct go_waitgroup *wg, int n);
GO_API void go_waitgroup_done(struct go_waitgroup *wg);
GO_API void go_waitgroup_wait(struct go_waitgroup *wg);
#define go_waitgroup_add(wg, n) go_waitgroup_add_at((wg), (n), GO_SITE(#wg))
#define go_waitgroup_done(wg)   go_waitgroup_done_at((wg), GO_SITE(#wg))
#define go_waitgroup_wait(wg)   go_waitgroup_wait_at((wg), GO_SITE(#wg))
/* go_waitgroup_go(wg, fn, args...) */
#define go_waitgroup_go(wg, ...)                                               \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        go_waitgroup_go_at((wg), &go_x_call, GO_SITE(#wg));                    \
    }))

/*
 * go_cond_wait unlocks m and parks in one step, and locks it again before it
 * returns; a signal may wake any waiter (a plain run: the oldest). Panics
 * when m is not locked by the caller.
 */
struct go_cond {
    struct go_object obj;
    uint32_t lock;
    struct go_use signalled;
    struct go_waitq waiters;
};
GO_API void go_cond_wait_at(struct go_cond *c, struct go_mutex *m,
                            const struct go_site *site);
GO_API void go_cond_signal_at(struct go_cond *c, const struct go_site *site);
GO_API void go_cond_broadcast_at(struct go_cond *c, const struct go_site *site);
GO_API void go_cond_wait(struct go_cond *c, struct go_mutex *m);
GO_API void go_cond_signal(struct go_cond *c);
GO_API void go_cond_broadcast(struct go_cond *c);
#define go_cond_wait(c, m)   go_cond_wait_at((c), (m), GO_SITE(#c))
#define go_cond_signal(c)    go_cond_signal_at((c), GO_SITE(#c))
#define go_cond_broadcast(c) go_cond_broadcast_at((c), GO_SITE(#c))

/* Runs fn once; who comes meanwhile parks until it is done, also by panic. Who
   comes from within fn waits for itself. */
struct go_once {
    struct go_object obj;
    uint32_t lock;
    uint32_t done;               /* [atomic] */
    uintptr_t runner;            /* [lock] the goroutine that runs it */
    const struct go_site *begun; /* [lock] where */
    struct go_waitq waiters;
};
GO_API void go_once_do_at(struct go_once *o, const struct go_call *call,
                          const struct go_site *site);
/* go_once_do(o, fn, args...) */
#define go_once_do(o, ...)                                                     \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        go_once_do_at((o), &go_x_call, GO_SITE(#o));                           \
    }))

/*
 * A weighted semaphore; acquire parks until there are n units for it,
 * tryacquire says whether there were. First come, first served: a small request
 * does not pass a bigger one that waits. The zero value has 0 units. n >= 0,
 * else a panic. Releasing more than was acquired is allowed: it adds units.
 */
struct go_semaphore {
    struct go_object obj;
    int64_t free; /* [lock] units */
    uint32_t lock;
    struct go_use acquired, released;
    struct go_waitq waiters;
};
#define GO_SEMAPHORE(n) ((struct go_semaphore){.free = (n)})
GO_API void go_semaphore_acquire_at(struct go_semaphore *s, int64_t n,
                                    const struct go_site *site);
GO_API bool go_semaphore_tryacquire_at(struct go_semaphore *s, int64_t n,
                                       const struct go_site *site);
GO_API void go_semaphore_release_at(struct go_semaphore *s, int64_t n,
                                    const struct go_site *site);
GO_API void go_semaphore_acquire(struct go_semaphore *s, int64_t n);
GO_API bool go_semaphore_tryacquire(struct go_semaphore *s, int64_t n);
GO_API void go_semaphore_release(struct go_semaphore *s, int64_t n);
#define go_semaphore_acquire(s, n)                                             \
    go_semaphore_acquire_at((s), (n), GO_SITE(#s))
#define go_semaphore_tryacquire(s, n)                                          \
    go_semaphore_tryacquire_at((s), (n), GO_SITE(#s))
#define go_semaphore_release(s, n)                                             \
    go_semaphore_release_at((s), (n), GO_SITE(#s))

/* Parks its callers until n of them have come; again and again. */
struct go_barrier {
    struct go_object obj;
    uint32_t size; /* [init] how many make it open; 0 counts as 1 */
    uint32_t lock;
    uint32_t arrived; /* [lock] */
    struct go_use last;
    struct go_waitq waiters;
};
#define GO_BARRIER(n) ((struct go_barrier){.size = (n)})
GO_API bool go_barrier_wait_at(struct go_barrier *b,
                               const struct go_site *site);
GO_API bool go_barrier_wait(struct go_barrier *b); /* true for one of them */
#define go_barrier_wait(b) go_barrier_wait_at((b), GO_SITE(#b))

/*
 * Goroutines that may fail: fn returns 0 or -errno, the first error is what
 * go_errgroup_wait returns (it parks until all have ended), and cancels the
 * context of go_errgroup_with_context; so does the wait. That context is made
 * before the first goes, and freed by who made it. A zero group has none.
 */
struct go_context;
struct go_errgroup {
    struct go_waitgroup wg; /* the members; its head is the group's */
    struct go_context *ctx; /* [init] may be NULL */
    int32_t err;            /* [atomic] */
};
GO_API void go_errgroup_go_at(struct go_errgroup *g, const struct go_call *call,
                              const struct go_site *site);
GO_API int go_errgroup_wait_at(struct go_errgroup *g,
                               const struct go_site *site);
GO_API struct go_context *
go_errgroup_with_context_at(struct go_errgroup *g, struct go_context *parent,
                            const struct go_site *site);
GO_API int go_errgroup_wait(struct go_errgroup *g);
GO_API struct go_context *go_errgroup_with_context(struct go_errgroup *g,
                                                   struct go_context *parent);
/* go_errgroup_go(g, fn, args...): fn must return int */
#define go_errgroup_go(g, ...)                                                 \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        _Static_assert(GO_X_SAME_TYPE(go_x_result, int),                       \
                       "the function must return int: 0 or -errno");           \
        go_errgroup_go_at((g), &go_x_call, GO_SITE(#g));                       \
    }))
#define GO_X_SAME_TYPE(a, b) __builtin_types_compatible_p(a, b)
#define go_errgroup_wait(g)  go_errgroup_wait_at((g), GO_SITE(#g))
#define go_errgroup_with_context(g, parent)                                    \
    go_errgroup_with_context_at((g), (parent), GO_SITE(#g))

/* Sequentially consistent, 64 bits. go_atomic_add returns the new value. */
struct go_atomic {
    int64_t value;
};
GO_API int64_t go_atomic_load(const struct go_atomic *a);
GO_API void go_atomic_store(struct go_atomic *a, int64_t v);
GO_API int64_t go_atomic_swap(struct go_atomic *a, int64_t v);
GO_API int64_t go_atomic_add(struct go_atomic *a, int64_t delta);
GO_API bool go_atomic_cas(struct go_atomic *a, int64_t old, int64_t new_value);

#endif
