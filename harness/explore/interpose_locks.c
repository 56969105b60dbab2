/*
 * interpose_locks.c - the C library's names for locks, in front of the C
 * library.
 *
 * In:  calls of anybody in the process. Out: what the C library does, when it
 * can be done at once (vigil/outer.h).
 *
 * Method: each call is a choice (that lets go of something, where somebody
 * tries, as of vigil's own locks). To the C library all goroutines are one
 * thread, so it is only asked for what it will not wait for, and who has a lock
 * that may be taken twice, or says that it is taken, is known by goroutine.
 * Only in the shared library, as interpose.c; what else has to be known:
 * orders.h.
 *
 * I1  A release comes before the call, an acquire behind it, and only when the
 *     call did what it is for.
 * I2  Whether a lock is free is looked for in the lock, for threads take them,
 *     too: in its word where that is known, else by taking it for a moment.
 */
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <threads.h>
#include <vigil/time.h>

#include "harness/explore/outerlock.h"

int64_t hn_outer_instant(clockid_t clock, const struct timespec *t)
{
    int64_t seconds, ns;

    if (t->tv_nsec < 0 || t->tv_nsec >= GO_SECOND)
        return HN_NEVER_IN_TIME;
    seconds =
        t->tv_sec - (clock == CLOCK_REALTIME ? (int64_t)HN_ANSWERS_EPOCH : 1);
    if (__builtin_mul_overflow(seconds, (int64_t)GO_SECOND, &ns) ||
        __builtin_add_overflow(ns, t->tv_nsec, &ns))
        return seconds < 0 ? 0 : INT64_MAX - 1;
    return ns < 0 ? 0 : ns;
}

int hn_outer_thrd(int err)
{
    switch (err) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

/* What a wait that came to nothing says. */
static int late(int64_t until)
{
    return until == HN_NEVER_IN_TIME ? EINVAL : ETIMEDOUT;
}

static int took(const struct go_outer *o, int err, bool shared)
{
    if (err == 0 || err == EOWNERDEAD)
        go_outer_took(o, shared);
    return err;
}

/* ---- mutexes -------------------------------------------------------------*/

/* As the C library numbers them, also in what makes one without a call. */
enum {
    TYPE = 3,    /* the bits of: */
    TWICE = 1,   /* it may be locked again by who has it, */
    CHECKED = 2, /* or says that he does */
    PROTECT = 64,
    PROTECT_WORD = 0x7ffff, /* without the priority */
    OWNER_DIED = 0x40000000
};

static bool is_owned(const pthread_mutex_t *m)
{
    int type = m->__data.__kind & TYPE;

    return type == TWICE || type == CHECKED;
}

/* I2 */
static bool mutex_is_free(const volatile void *key)
{
    const volatile pthread_mutex_t *m = key;
    unsigned word = (unsigned)m->__data.__lock;

    if (m->__data.__kind & PROTECT)
        word &= PROTECT_WORD;
    return word == 0 || word & OWNER_DIED;
}

int hn_outer_lock(const struct go_outer *o, pthread_mutex_t *m, int64_t until)
{
    const struct go_outer_wait w = {.op = until == INT64_MAX ? GO_OP_LOCK
                                                             : GO_OP_TRYLOCK,
                                    .ready = mutex_is_free,
                                    .until = until};
    int err;

    if (is_owned(m) && go_outer_depth(o) > 0)
        return took(o, HN_NEXT(pthread_mutex_lock)(m), false);
    if (!go_outer_await(o, &w) && until != INT64_MAX)
        return late(until);
    err = HN_NEXT(pthread_mutex_trylock)(m);
    if (err == EBUSY) /* a thread was faster */
        err = HN_NEXT(pthread_mutex_lock)(m);
    return took(o, err, false);
}

static int try_mutex(const struct go_outer *o, pthread_mutex_t *m)
{
    go_outer_try(o, GO_OP_TRYLOCK);
    if (!mutex_is_free(m) && !go_outer_depth(o))
        return EBUSY;
    return took(o, HN_NEXT(pthread_mutex_trylock)(m), false);
}

int hn_outer_unlock(const struct go_outer *o, pthread_mutex_t *m)
{
    if (is_owned(m) && !go_outer_depth(o) && go_outer_is_held(m))
        return EPERM;
    go_outer_gives(o);
    return HN_NEXT(pthread_mutex_unlock)(m);
}

HN_EXPORT int pthread_mutex_lock(pthread_mutex_t *m)
{
    HN_PASS_TAKING(pthread_mutex_lock, (m), &HN_OUTER(m, MUTEX), false);
    return hn_outer_lock(&HN_OUTER(m, MUTEX), m, INT64_MAX);
}

HN_EXPORT int pthread_mutex_trylock(pthread_mutex_t *m)
{
    HN_PASS_TAKING(pthread_mutex_trylock, (m), &HN_OUTER(m, MUTEX), false);
    return try_mutex(&HN_OUTER(m, MUTEX), m);
}

HN_EXPORT int pthread_mutex_timedlock(pthread_mutex_t *restrict m,
                                      const struct timespec *restrict until)
{
    HN_PASS_TAKING(pthread_mutex_timedlock, (m, until), &HN_OUTER(m, MUTEX),
                   false);
    return hn_outer_lock(&HN_OUTER(m, MUTEX), m,
                         hn_outer_instant(CLOCK_REALTIME, until));
}

HN_EXPORT int pthread_mutex_clocklock(pthread_mutex_t *restrict m,
                                      clockid_t clock,
                                      const struct timespec *restrict until)
{
    HN_PASS_TAKING(pthread_mutex_clocklock, (m, clock, until),
                   &HN_OUTER(m, MUTEX), false);
    return hn_outer_lock(&HN_OUTER(m, MUTEX), m,
                         hn_outer_instant(clock, until));
}

HN_EXPORT int pthread_mutex_unlock(pthread_mutex_t *m)
{
    HN_PASS_GIVING(pthread_mutex_unlock, (m), &HN_OUTER(m, MUTEX));
    return hn_outer_unlock(&HN_OUTER(m, MUTEX), m);
}

/* In the C library C11's mutex is POSIX's. */
HN_EXPORT int mtx_lock(mtx_t *m)
{
    HN_PASS_TAKING(mtx_lock, (m), &HN_OUTER(m, MUTEX), false);
    return hn_outer_thrd(
        hn_outer_lock(&HN_OUTER(m, MUTEX), (pthread_mutex_t *)m, INT64_MAX));
}

HN_EXPORT int mtx_trylock(mtx_t *m)
{
    HN_PASS_TAKING(mtx_trylock, (m), &HN_OUTER(m, MUTEX), false);
    return hn_outer_thrd(try_mutex(&HN_OUTER(m, MUTEX), (pthread_mutex_t *)m));
}

HN_EXPORT int mtx_timedlock(mtx_t *restrict m,
                            const struct timespec *restrict until)
{
    HN_PASS_TAKING(mtx_timedlock, (m, until), &HN_OUTER(m, MUTEX), false);
    return hn_outer_thrd(
        hn_outer_lock(&HN_OUTER(m, MUTEX), (pthread_mutex_t *)m,
                      hn_outer_instant(CLOCK_REALTIME, until)));
}

HN_EXPORT int mtx_unlock(mtx_t *m)
{
    HN_PASS_GIVING(mtx_unlock, (m), &HN_OUTER(m, MUTEX));
    return hn_outer_thrd(
        hn_outer_unlock(&HN_OUTER(m, MUTEX), (pthread_mutex_t *)m));
}

/* ---- those of which only a try tells -------------------------------------*/

/* One way to lock one: what the C library calls it. */
struct way {
    enum go_op op, in_time; /* for ever, or until */
    bool shared;
    int (*try)(void *lock);
    int (*wait)(void *lock);
    bool (*is_free)(const volatile void *lock);
};

/* I2. Who tries, and gives it back. */
#define WAY(name, lock_it, try_it, unlock, type, ...)                          \
    static int name##_try(void *lock)                                          \
    {                                                                          \
        return HN_NEXT(try_it)((type *)lock);                                  \
    }                                                                          \
    static int name##_wait(void *lock)                                         \
    {                                                                          \
        return HN_NEXT(lock_it)((type *)lock);                                 \
    }                                                                          \
    static bool name##_is_free(const volatile void *key)                       \
    {                                                                          \
        type *lock = (type *)(uintptr_t)key;                                   \
                                                                               \
        if (HN_NEXT(try_it)(lock))                                             \
            return false;                                                      \
        HN_NEXT(unlock)(lock);                                                 \
        return true;                                                           \
    }                                                                          \
    static const struct way name = {__VA_ARGS__, name##_try, name##_wait,      \
                                    name##_is_free};
#define SPIN   pthread_spinlock_t
#define RWLOCK pthread_rwlock_t
WAY(spins, pthread_spin_lock, pthread_spin_trylock, pthread_spin_unlock, SPIN,
    GO_OP_LOCK, GO_OP_TRYLOCK, false)
WAY(reads, pthread_rwlock_rdlock, pthread_rwlock_tryrdlock,
    pthread_rwlock_unlock, RWLOCK, GO_OP_RLOCK, GO_OP_TRYRLOCK, true)
WAY(writes, pthread_rwlock_wrlock, pthread_rwlock_trywrlock,
    pthread_rwlock_unlock, RWLOCK, GO_OP_WLOCK, GO_OP_TRYLOCK, false)

static int lock_in_way(const struct go_outer *o, const struct way *way,
                       int64_t until)
{
    const struct go_outer_wait w = {.op = until == INT64_MAX ? way->op
                                                             : way->in_time,
                                    .shared = way->shared,
                                    .ready = way->is_free,
                                    .until = until};
    void *lock = (void *)(uintptr_t)o->key;
    int err;

    if (o->kind == GO_KIND_RWMUTEX && go_outer_depth(o) > 0)
        return way->wait(lock); /* which says that it is the caller's */
    if (!go_outer_await(o, &w) && until != INT64_MAX)
        return late(until);
    err = way->try(lock);
    return took(o, err == EBUSY ? way->wait(lock) : err, way->shared);
}

HN_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    HN_PASS_TAKING(pthread_spin_lock, (lock), &HN_OUTER(lock, MUTEX), false);
    return lock_in_way(&HN_OUTER(lock, MUTEX), &spins, INT64_MAX);
}

#define LOCKS(name, way)                                                       \
    HN_EXPORT int name(pthread_rwlock_t *lock)                                 \
    {                                                                          \
        HN_PASS_TAKING(name, (lock), &HN_OUTER(lock, RWMUTEX), (way).shared);  \
        return lock_in_way(&HN_OUTER(lock, RWMUTEX), &(way), INT64_MAX);       \
    }
#define LOCKS_UNTIL(name, way)                                                 \
    HN_EXPORT int name(pthread_rwlock_t *restrict lock,                        \
                       const struct timespec *restrict until)                  \
    {                                                                          \
        HN_PASS_TAKING(name, (lock, until), &HN_OUTER(lock, RWMUTEX),          \
                       (way).shared);                                          \
        return lock_in_way(&HN_OUTER(lock, RWMUTEX), &(way),                   \
                           hn_outer_instant(CLOCK_REALTIME, until));           \
    }
#define LOCKS_UNTIL_BY(name, way)                                              \
    HN_EXPORT int name(pthread_rwlock_t *restrict lock, clockid_t clock,       \
                       const struct timespec *restrict until)                  \
    {                                                                          \
        HN_PASS_TAKING(name, (lock, clock, until), &HN_OUTER(lock, RWMUTEX),   \
                       (way).shared);                                          \
        return lock_in_way(&HN_OUTER(lock, RWMUTEX), &(way),                   \
                           hn_outer_instant(clock, until));                    \
    }

LOCKS(pthread_rwlock_rdlock, reads)
LOCKS_UNTIL(pthread_rwlock_timedrdlock, reads)
LOCKS_UNTIL_BY(pthread_rwlock_clockrdlock, reads)
LOCKS(pthread_rwlock_wrlock, writes)
LOCKS_UNTIL(pthread_rwlock_timedwrlock, writes)
LOCKS_UNTIL_BY(pthread_rwlock_clockwrlock, writes)

#define TRY(name, kind, op, shared, type)                                      \
    HN_EXPORT int name(type *lock)                                             \
    {                                                                          \
        struct go_outer o = HN_OUTER(lock, kind);                              \
                                                                               \
        HN_PASS_TAKING(name, (lock), &o, shared);                              \
        go_outer_try(&o, op);                                                  \
        return took(&o, HN_NEXT(name)(lock), shared);                          \
    }
TRY(pthread_spin_trylock, MUTEX, GO_OP_TRYLOCK, false, SPIN)
TRY(pthread_rwlock_trywrlock, RWMUTEX, GO_OP_TRYLOCK, false, RWLOCK)
TRY(pthread_rwlock_tryrdlock, RWMUTEX, GO_OP_TRYRLOCK, true, RWLOCK)

#define UNLOCK(name, kind, type)                                               \
    HN_EXPORT int name(type *lock)                                             \
    {                                                                          \
        HN_PASS_GIVING(name, (lock), &HN_OUTER(lock, kind));                   \
        go_outer_gives(&HN_OUTER(lock, kind));                                 \
        return HN_NEXT(name)(lock);                                            \
    }
UNLOCK(pthread_spin_unlock, MUTEX, SPIN)
UNLOCK(pthread_rwlock_unlock, RWMUTEX, RWLOCK)

/* ---- streams, which may be locked twice ----------------------------------*/

static bool stream_is_free(const volatile void *key)
{
    FILE *f = (FILE *)(uintptr_t)key;

    if (go_outer_is_held(key) || HN_NEXT(ftrylockfile)(f))
        return false;
    HN_NEXT(funlockfile)(f);
    return true;
}

HN_EXPORT void flockfile(FILE *f)
{
    static const struct go_outer_wait w = {
        .op = GO_OP_LOCK, .ready = stream_is_free, .until = INT64_MAX};
    struct go_outer o = HN_OUTER(f, MUTEX);
    bool ours = HN_OURS;

    if (ours && !go_outer_depth(&o))
        go_outer_await(&o, &w);
    HN_NEXT(flockfile)(f);
    if (ours)
        go_outer_took(&o, false);
    else if (go_outer_runs())
        go_outer_takes_beside(&o, false);
}

HN_EXPORT int ftrylockfile(FILE *f)
{
    struct go_outer o = HN_OUTER(f, MUTEX);

    HN_PASS_TAKING(ftrylockfile, (f), &o, false);
    go_outer_try(&o, GO_OP_TRYLOCK);
    if (!go_outer_depth(&o) && go_outer_is_held(f))
        return EBUSY;
    return took(&o, HN_NEXT(ftrylockfile)(f), false);
}

HN_EXPORT void funlockfile(FILE *f)
{
    struct go_outer o = HN_OUTER(f, MUTEX);

    if (HN_OURS)
        go_outer_gives(&o);
    else if (go_outer_runs())
        go_outer_gives_beside(&o);
    HN_NEXT(funlockfile)(f);
}

/* ---- their beginning, and end --------------------------------------------*/

HN_AFRESH(pthread_mutex_init,
          (pthread_mutex_t * it, const pthread_mutexattr_t *how), (it, how))
HN_AFRESH(pthread_mutex_destroy, (pthread_mutex_t * it), (it))
HN_AFRESH(mtx_init, (mtx_t * it, int type), (it, type))
HN_AFRESH(pthread_spin_destroy, (pthread_spinlock_t * it), (it))
HN_AFRESH(pthread_rwlock_init,
          (pthread_rwlock_t *restrict it,
           const pthread_rwlockattr_t *restrict how),
          (it, how))
HN_AFRESH(pthread_rwlock_destroy, (pthread_rwlock_t * it), (it))
