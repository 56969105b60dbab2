/*
 * interpose_waits.c - the C library's names for conditions, semaphores,
 * barriers, what is done once, and threads, in front of the C library.
 *
 * In:  calls of anybody in the process. Out: what the C library does, when it
 * can be done at once (vigil/outer.h).
 *
 * Method: as interpose_locks.c, whose numbers these are. Of a condition and a
 * barrier the C library would know one thread; goroutines wait for vigil's
 * instead, and threads, which wait for the real one, are signalled as well.
 *
 * I3  What threads do is not seen, but that one is started is: from there on who
 *     waits for a condition goes on as soon as anything is let go of, or, when
 *     nobody can, in time. That nobody need have signalled is what programs
 *     must be ready for. At a barrier it waits with the threads. So it is with
 *     what other processes do, from the first lock on that is made for them.
 */
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <threads.h>
#include <vigil/elsewhere.h>

#include "harness/explore/orders.h"
#include "harness/explore/outerlock.h"

/* ---- conditions ----------------------------------------------------------*/

/* What goes with a wait for cond. */
struct with {
    struct go_outer cond, lock;
    pthread_cond_t *c;
    pthread_mutex_t *m;
    bool unlocked;
};

static int let_go(void *arg)
{
    struct with *with = arg;
    int err = hn_outer_unlock(&with->lock, with->m);

    with->unlocked = err == 0;
    return err;
}

/* Long enough for a thread to signal, and no longer: it may have done so while
   nobody waited. */
static void wait_a_second(const struct with *with)
{
    struct timespec until;

    HN_NEXT(clock_gettime)(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    HN_NEXT(pthread_cond_clockwait)(with->c, with->m, CLOCK_MONOTONIC, &until);
}

/* I3 */
static int wait_among_threads(struct with *with)
{
    int err = let_go(with);
    bool by_time;

    if (err)
        return err;
    by_time = go_control_step((const void *)with->c, GO_OP_UPDATE, true,
                              with->cond.pc);
    go_control_acquire((const void *)with->c);
    err = hn_outer_lock(&with->lock, with->m, INT64_MAX);
    if (by_time && !err)
        wait_a_second(with);
    return err;
}

/* The lock is let go of, and taken again, whatever comes of it. */
static int wait_until(struct with *with, int64_t until)
{
    int err, again;

    if (go_outer_threads() && until == INT64_MAX)
        return wait_among_threads(with);
    err = go_outer_wait(&with->cond, let_go, with, until);
    if (!with->unlocked)
        return err;
    if (err == ETIMEDOUT && until == HN_NEVER_IN_TIME)
        err = EINVAL;
    again = hn_outer_lock(&with->lock, with->m, INT64_MAX);
    return again ? again : err;
}

#define WITH(cond, mutex)                                                      \
    (&(struct with){.cond = HN_OUTER(cond, COND),                              \
                    .lock = HN_OUTER(mutex, MUTEX),                            \
                    .c = (pthread_cond_t *)(cond),                             \
                    .m = (pthread_mutex_t *)(mutex)})

HN_EXPORT int pthread_cond_wait(pthread_cond_t *restrict cond,
                                pthread_mutex_t *restrict lock)
{
    HN_PASS_OTHERS(pthread_cond_wait, (cond, lock));
    return wait_until(WITH(cond, lock), INT64_MAX);
}

/* By which clock it is, its attributes have said; it notes that in a bit. */
static clockid_t clock_of(const pthread_cond_t *cond)
{
    return cond->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

HN_EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict cond,
                                     pthread_mutex_t *restrict lock,
                                     const struct timespec *restrict until)
{
    HN_PASS_OTHERS(pthread_cond_timedwait, (cond, lock, until));
    return wait_until(WITH(cond, lock),
                      hn_outer_instant(clock_of(cond), until));
}

HN_EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict cond,
                                     pthread_mutex_t *restrict lock,
                                     clockid_t clock,
                                     const struct timespec *restrict until)
{
    HN_PASS_OTHERS(pthread_cond_clockwait, (cond, lock, clock, until));
    return wait_until(WITH(cond, lock), hn_outer_instant(clock, until));
}

HN_EXPORT int cnd_wait(cnd_t *cond, mtx_t *lock)
{
    HN_PASS_OTHERS(cnd_wait, (cond, lock));
    return hn_outer_thrd(wait_until(WITH(cond, lock), INT64_MAX));
}

HN_EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict lock,
                            const struct timespec *restrict until)
{
    HN_PASS_OTHERS(cnd_timedwait, (cond, lock, until));
    return hn_outer_thrd(
        wait_until(WITH(cond, lock), hn_outer_instant(CLOCK_REALTIME, until)));
}

static void signal_it(const struct go_outer *o, bool all)
{
    if (!go_outer_threads()) {
        go_outer_signal(o, all);
        return;
    }
    go_control_step((const void *)o->key, GO_OP_UPDATE, false, o->pc);
    go_control_release((const void *)o->key);
}

#define SIGNAL(name, all, type)                                                \
    HN_EXPORT int name(type *cond)                                             \
    {                                                                          \
        HN_PASS_GIVING(name, (cond), &HN_OUTER(cond, COND));                   \
        signal_it(&HN_OUTER(cond, COND), all);                                 \
        return HN_NEXT(name)(cond);                                            \
    }
SIGNAL(pthread_cond_signal, false, pthread_cond_t)
SIGNAL(pthread_cond_broadcast, true, pthread_cond_t)
SIGNAL(cnd_signal, false, cnd_t)
SIGNAL(cnd_broadcast, true, cnd_t)

/* ---- semaphores ----------------------------------------------------------*/

static bool has_units(const volatile void *key)
{
    int value = 0;

    return HN_NEXT(sem_getvalue)((sem_t *)(uintptr_t)key, &value) || value > 0;
}

static int take(const struct go_outer *o, sem_t *s, int64_t until)
{
    const struct go_outer_wait w = {.op = until == INT64_MAX ? GO_OP_ACQUIRE
                                                             : GO_OP_TRYACQUIRE,
                                    .ready = has_units,
                                    .until = until};
    int failed;

    if (!go_outer_await(o, &w) && until != INT64_MAX) {
        errno = until == HN_NEVER_IN_TIME ? EINVAL : ETIMEDOUT;
        return -1;
    }
    failed = HN_NEXT(sem_trywait)(s);
    if (failed && errno == EAGAIN) /* a thread was faster */
        failed = HN_NEXT(sem_wait)(s);
    if (!failed)
        go_outer_took(o, false);
    return failed;
}

HN_EXPORT int sem_wait(sem_t *s)
{
    HN_PASS_TAKING(sem_wait, (s), &HN_OUTER(s, SEMAPHORE), false);
    return take(&HN_OUTER(s, SEMAPHORE), s, INT64_MAX);
}

HN_EXPORT int sem_timedwait(sem_t *restrict s,
                            const struct timespec *restrict until)
{
    HN_PASS_TAKING(sem_timedwait, (s, until), &HN_OUTER(s, SEMAPHORE), false);
    return take(&HN_OUTER(s, SEMAPHORE), s,
                hn_outer_instant(CLOCK_REALTIME, until));
}

HN_EXPORT int sem_clockwait(sem_t *restrict s, clockid_t clock,
                            const struct timespec *restrict until)
{
    HN_PASS_TAKING(sem_clockwait, (s, clock, until), &HN_OUTER(s, SEMAPHORE),
                   false);
    return take(&HN_OUTER(s, SEMAPHORE), s, hn_outer_instant(clock, until));
}

HN_EXPORT int sem_trywait(sem_t *s)
{
    struct go_outer o = HN_OUTER(s, SEMAPHORE);
    int failed;

    HN_PASS_TAKING(sem_trywait, (s), &o, false);
    go_outer_try(&o, GO_OP_TRYACQUIRE);
    failed = HN_NEXT(sem_trywait)(s);
    if (!failed)
        go_outer_took(&o, false);
    return failed;
}

/* Who sees units knows of who has posted them. */
HN_EXPORT int sem_getvalue(sem_t *restrict s, int *restrict value)
{
    struct go_outer o = HN_OUTER(s, SEMAPHORE);

    HN_PASS_OTHERS(sem_getvalue, (s, value));
    go_outer_try(&o, GO_OP_TRYACQUIRE);
    go_outer_took(&o, true);
    return HN_NEXT(sem_getvalue)(s, value);
}

HN_EXPORT int sem_post(sem_t *s)
{
    HN_PASS_GIVING(sem_post, (s), &HN_OUTER(s, SEMAPHORE));
    go_outer_gives(&HN_OUTER(s, SEMAPHORE));
    return HN_NEXT(sem_post)(s);
}

/* ---- barriers ------------------------------------------------------------*/

enum {
    SIZE_WORD = 2, /* of a barrier: how many it waits for */
    UNLIKELY = 0x1357
};

/* Whether this C library keeps it there. */
static bool is_size_known(void)
{
    static int known;
    union {
        pthread_barrier_t b;
        unsigned word[sizeof(pthread_barrier_t) / sizeof(unsigned)];
    } probe;

    if (!known && !HN_NEXT(pthread_barrier_init)(&probe.b, NULL, UNLIKELY)) {
        known = probe.word[SIZE_WORD] == UNLIKELY ? 1 : -1;
        HN_NEXT(pthread_barrier_destroy)(&probe.b);
    }
    return known > 0;
}

static int wait_with_threads(pthread_barrier_t *b, const void *pc)
{
    int result;

    go_control_step(b, GO_OP_UPDATE, false, pc);
    go_control_release(b);
    result = HN_NEXT(pthread_barrier_wait)(b);
    go_control_acquire(b);
    return result;
}

HN_EXPORT int pthread_barrier_wait(pthread_barrier_t *b)
{
    unsigned word[sizeof(*b) / sizeof(unsigned)];

    HN_PASS_OTHERS(pthread_barrier_wait, (b));
    if (go_outer_threads() || !is_size_known())
        return wait_with_threads(b, __builtin_return_address(0));
    memcpy(word, b, sizeof(word));
    return go_outer_arrive(&HN_OUTER(b, BARRIER), word[SIZE_WORD])
               ? PTHREAD_BARRIER_SERIAL_THREAD
               : 0;
}

/* ---- once ----------------------------------------------------------------*/

/* The two bits in which the C library notes it. */
enum {
    STATE = 3,
    FRESH = 0,
    BEGUN = 1
};

static int state_of(const volatile void *once)
{
    return *(const volatile int *)once & STATE;
}

static bool is_not_begun(const volatile void *once)
{
    return state_of(once) != BEGUN;
}

/* True: the caller is the first, and does it. */
static bool begins(const struct go_outer *o)
{
    static const struct go_outer_wait w = {
        .op = GO_OP_ONCE, .ready = is_not_begun, .until = INT64_MAX};
    bool first;

    go_outer_await(o, &w);
    first = state_of(o->key) == FRESH;
    go_outer_took(o, !first);
    return first;
}

HN_EXPORT int pthread_once(pthread_once_t *once, void (*fn)(void))
{
    struct go_outer o = HN_OUTER(once, ONCE);
    bool first;
    int err;

    HN_PASS_OTHERS(pthread_once, (once, fn));
    first = begins(&o);
    err = HN_NEXT(pthread_once)(once, fn);
    if (first)
        go_outer_gives(&o);
    return err;
}

HN_EXPORT void call_once(once_flag *once, void (*fn)(void))
{
    struct go_outer o = HN_OUTER(once, ONCE);
    bool ours = HN_OURS, first = ours && begins(&o);

    HN_NEXT(call_once)(once, fn);
    if (first)
        go_outer_gives(&o);
}

/* ---- their beginning, and end --------------------------------------------*/

static void is_for_processes(void)
{
    go_control_untold(HN_ORDERS_PROCESSES, true);
    go_outer_process();
}

HN_EXPORT int sem_init(sem_t *it, int shared, unsigned value)
{
    int err = HN_NEXT(sem_init)(it, shared, value);

    if (err == 0 && go_outer_runs())
        go_outer_forget(it);
    if (err == 0 && shared)
        is_for_processes();
    return err;
}

/* Those that have a name are for whoever knows it. */
HN_EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
    mode_t mode;
    unsigned value;
    va_list ap;

    va_start(ap, flags);
    mode = va_arg(ap, mode_t);
    value = va_arg(ap, unsigned);
    va_end(ap);
    is_for_processes();
    return HN_NEXT(sem_open)(name, flags, mode, value);
}

#define FOR_PROCESSES(name, type)                                              \
    HN_EXPORT int name(type *how, int shared)                                  \
    {                                                                          \
        if (shared == PTHREAD_PROCESS_SHARED)                                  \
            is_for_processes();                                                \
        return HN_NEXT(name)(how, shared);                                     \
    }
FOR_PROCESSES(pthread_mutexattr_setpshared, pthread_mutexattr_t)
FOR_PROCESSES(pthread_rwlockattr_setpshared, pthread_rwlockattr_t)
FOR_PROCESSES(pthread_condattr_setpshared, pthread_condattr_t)
FOR_PROCESSES(pthread_barrierattr_setpshared, pthread_barrierattr_t)

HN_EXPORT int pthread_spin_init(pthread_spinlock_t *it, int shared)
{
    int err = HN_NEXT(pthread_spin_init)(it, shared);

    if (err == 0 && go_outer_runs())
        go_outer_forget(it);
    if (err == 0 && shared == PTHREAD_PROCESS_SHARED)
        is_for_processes();
    return err;
}
HN_AFRESH(pthread_barrier_init,
          (pthread_barrier_t *restrict it,
           const pthread_barrierattr_t *restrict how, unsigned n),
          (it, how, n))

HN_AFRESH(pthread_barrier_destroy, (pthread_barrier_t * it), (it))
HN_AFRESH(sem_destroy, (sem_t * it), (it))
HN_AFRESH(pthread_cond_init,
          (pthread_cond_t *restrict it, const pthread_condattr_t *restrict how),
          (it, how))
HN_AFRESH(pthread_cond_destroy, (pthread_cond_t * it), (it))
HN_AFRESH(cnd_init, (cnd_t * it), (it))

/* ---- threads -------------------------------------------------------------*/

static void starts_a_thread(const void *pc)
{
    go_control_thread();
    if (!go_outer_runs())
        return;
    hn_orders_thread(pc);
    go_outer_thread();
}

HN_EXPORT int pthread_create(pthread_t *restrict to,
                             const pthread_attr_t *restrict how,
                             void *(*fn)(void *), void *restrict arg)
{
    starts_a_thread(__builtin_return_address(0));
    return HN_NEXT(pthread_create)(to, how, fn, arg);
}

HN_EXPORT int thrd_create(thrd_t *to, thrd_start_t fn, void *arg)
{
    starts_a_thread(__builtin_return_address(0));
    return HN_NEXT(thrd_create)(to, fn, arg);
}

HN_EXPORT int pthread_join(pthread_t thread, void **to)
{
    int err;

    HN_PASS_OTHERS(pthread_join, (thread, to));
    err = HN_TRIED(thread, GO_OP_UPDATE, EBUSY, pthread_tryjoin_np(thread, to));
    return err == EBUSY ? HN_NEXT(pthread_join)(thread, to) : err;
}

HN_EXPORT int thrd_join(thrd_t thread, int *to)
{
    void *result = NULL;
    int err;

    HN_PASS_OTHERS(thrd_join, (thread, to));
    err = HN_TRIED(thread, GO_OP_UPDATE, EBUSY,
                   pthread_tryjoin_np(thread, &result));
    if (err == EBUSY)
        return HN_NEXT(thrd_join)(thread, to);
    if (to)
        *to = (int)(intptr_t)result;
    return hn_outer_thrd(err);
}
