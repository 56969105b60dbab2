/*
 * worker.c - the threads that run goroutines, and how they sleep.
 *
 * In:  runnable goroutines in queues, due timers, ready descriptors. Out: a
 * worker runs each; when nothing is left, quiesce.c is told.
 *
 * Method: a worker with a processor (p) looks in its own queues, the global
 * one, the timers, the poll, and then in others' queues; finding nothing, it
 * gives its p back and sleeps, one of the sleepers in the poll. Who makes
 * work visible looks for an idle p after that, who gives a p back looks for
 * work after that: in one order or the other, so no wake-up is lost.
 *
 * W1  A p is idle (p->m NULL, in the list) or owned by one m, its p.
 * W2  An idle p has empty queues, but after a stop of the world.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"
#include "runtime/sched/unborn.h"

/*
 * Of timers that are due, so many are fired at a time, and what they wake or
 * begin runs first: a hundred thousand at once would have as many goroutines
 * begin, each on a stack that nobody has touched. The rest have their turn when
 * the worker's queue is empty, or within a tick.
 */
enum {
#ifdef VIGIL_DEBUG
    FIRE_MAX = 4
#else
    FIRE_MAX = 512
#endif
};

int64_t rt_futex_wait(uint32_t *at, uint32_t value, int64_t ns)
{
    struct timespec t = {ns / GO_SECOND, ns % GO_SECOND};

    return syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, value, ns < 0 ? NULL : &t,
                   NULL, 0);
}

void rt_futex_wake(uint32_t *at, int n)
{
    syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

bool rt_work_visible(void)
{
    if (rt_runq_len(&rt_s.global) || rt_load(rt_s.mail_full))
        return true;
    struct p *p;

    for (int i = 0; i < RT_PROCS_MAX && (p = rt_p(i)); i++) {
        if (rt_runq_len(&p->q) || rt_runq_len(&p->fresh) ||
            (!rt_load(p->m) && rt_load(p->next)))
            return true;
    }
    return false;
}

/* Under the sched lock: an idle p for m; false: none, or the world stands. */
static bool p_take(struct m *m)
{
    struct p *p = rt_s.idle_p;

    if (!p || rt_s.frozen || rt_load(rt_s.halted))
        return false;
    rt_check(!p->m && !m->p, "W1: a p with two owners");
    rt_s.idle_p = p->idle_next;
    __atomic_store_n(&rt_s.nidle_p, rt_s.nidle_p - 1, __ATOMIC_SEQ_CST);
    rt_store(p->m, m);
    m->p = p;
    return true;
}

void rt_p_release(struct m *m)
{
    struct p *p = m->p;

    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    /* A stop of the world reads this without the lock: then all is written. */
    __atomic_store_n(&p->m, NULL, __ATOMIC_RELEASE);
    m->p = NULL;
    if (p->id < rt_load(rt_s.procs)) {
        p->idle_next = rt_s.idle_p;
        rt_s.idle_p = p;
        __atomic_store_n(&rt_s.nidle_p, rt_s.nidle_p + 1, __ATOMIC_SEQ_CST);
    } else {
        rt_shrink_note_locked();
    }
    rt_unlock_always(&rt_s.lock);
}

void rt_shrink_note_locked(void)
{
    int beyond = rt_s.procs;

    rt_assert_held(&rt_s.lock);
    while (beyond < RT_PROCS_MAX && rt_p(beyond) && !rt_p(beyond)->m)
        beyond++;
    if (beyond < RT_PROCS_MAX && rt_p(beyond))
        __atomic_or_fetch(&rt_s.attention, RT_SHRINK, __ATOMIC_RELAXED);
    else
        __atomic_and_fetch(&rt_s.attention, ~RT_SHRINK, __ATOMIC_RELAXED);
}

void rt_p_drain(struct p *p)
{
    struct g *g;

    rt_stack_drain(p);
    rt_unborn_drain(p);
    while ((g = rt_pick(p)))
        rt_enqueue_global(g);
}

static void *worker_main(void *arg);

/* Under the sched lock: a new thread, with an idle p if there is one. */
static int worker_start(void)
{
    struct m *m;
    int err;

    if (rt_s.nm >= RT_M_MAX)
        return -EAGAIN;
    m = aligned_alloc(RT_LINE, sizeof(*m));
    if (!m)
        return -ENOMEM;
    memset(m, 0, sizeof(*m));
    rt_store(m->in_rt, 1);
    m->id = rt_s.nm;
    p_take(m);
    __atomic_add_fetch(&rt_s.nstarting, 1, __ATOMIC_SEQ_CST);
    err = pthread_create(&m->thread, NULL, worker_main, m);
    if (err) {
        __atomic_sub_fetch(&rt_s.nstarting, 1, __ATOMIC_RELEASE);
        if (m->p) {
            m->p->m = NULL;
            m->p->idle_next = rt_s.idle_p;
            rt_s.idle_p = m->p;
            rt_store(rt_s.nidle_p, rt_s.nidle_p + 1);
        }
        free(m);
        return -err;
    }
    rt_s.nm++;
    m->all_next = rt_s.all_m;
    __atomic_store_n(&rt_s.all_m, m, __ATOMIC_RELEASE);
    __atomic_sub_fetch(&rt_s.nstarting, 1, __ATOMIC_RELEASE);
    return 0;
}

int rt_workers_open(void)
{
    int err;

    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    err = worker_start();
    rt_unlock_always(&rt_s.lock);
    return err;
}

/*
 * Under the sched lock: has an idle p run by somebody. Who sleeps on its futex
 * comes first, then who sleeps in the poll, then a new thread. When none can
 * be had the p stays idle: the workers there are go on, and should all of them
 * be in calls that block, the tick tries again (rt_unmanned).
 */
void rt_wake_locked(void)
{
    struct m *m = rt_s.idle_m;

    if (rt_s.frozen || !rt_s.idle_p)
        return;
    if (m) {
        rt_s.idle_m = m->idle_next;
        if (p_take(m)) {
            __atomic_store_n(&m->sleep, 0, __ATOMIC_RELEASE);
            rt_futex_wake(&m->sleep, 1);
        }
    } else if (rt_s.poller) {
        if (!rt_load(rt_s.poller)->p && p_take(rt_s.poller))
            rt_netpoll_wake();
    } else {
        worker_start();
    }
}

bool rt_unmanned(void)
{
    bool refused;

    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    refused = !rt_s.frozen && rt_load(rt_s.nblocking) >= (uint32_t)rt_s.nm &&
              rt_s.idle_p && worker_start() != 0;
    rt_unlock_always(&rt_s.lock);
    return refused;
}

void rt_wake_worker(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!rt_load(rt_s.nidle_p) || rt_load(rt_s.nspinning))
        return;
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    if (!rt_load(rt_s.nspinning))
        rt_wake_locked();
    rt_unlock_always(&rt_s.lock);
}

/* Fires what is due until there is something to run. */
static void fire(const struct p *p, int64_t now)
{
    while (rt_timer_run_some(now, FIRE_MAX) == FIRE_MAX && !rt_runq_len(&p->q))
        ;
}

/* What the tick thread, the poller and others want done by whoever passes. */
static void service(const struct p *p)
{
    static _Thread_local struct rt_netpoll_events events;
    int64_t now = rt_now();

    if (rt_load(rt_s.attention) & RT_ATTEND)
        __atomic_and_fetch(&rt_s.attention, ~RT_ATTEND, __ATOMIC_RELAXED);
    if (rt_timer_next() <= now && !rt_control_executes())
        fire(p, now);
    if (__atomic_load_n(&rt_s.mail_full, __ATOMIC_ACQUIRE)) {
        bool full;

        rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
        full = rt_s.mail_full;
        if (full)
            events = rt_s.mail;
        rt_store(rt_s.mail_full, false);
        rt_unlock_always(&rt_s.lock);
        if (full)
            rt_netpoll_ready(&events);
    } else if (rt_netpoll_waiters() && !rt_load(rt_s.poller)) {
        rt_netpoll(0);
    }
}

/* In the poll, without a p; brings what is ready to the mail. */
static void sleep_in_poll(struct m *m, const struct rt_rest *rest)
{
    static _Thread_local struct rt_netpoll_events events;

    events.n = 0;
    rt_netpoll_sleep(-1, &events);
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    rt_rest_over_locked(rest);
    rt_store(rt_s.poller, NULL);
    if (events.n > 0) {
        rt_s.mail = events;
        __atomic_store_n(&rt_s.mail_full, true, __ATOMIC_RELEASE);
        __atomic_or_fetch(&rt_s.attention, RT_ATTEND, __ATOMIC_RELAXED);
    }
    if (!m->p)
        p_take(m);
    rt_unlock_always(&rt_s.lock);
}

static void sleep_on_futex(struct m *m)
{
    while (__atomic_load_n(&m->sleep, __ATOMIC_ACQUIRE) &&
           !__atomic_load_n(&rt_s.halted, __ATOMIC_ACQUIRE))
        rt_futex_wait(&m->sleep, 1, -1);
}

/* Whether somebody must sleep in the poll: for descriptors or real timers. */
static bool poll_wanted(void)
{
    return rt_netpoll_waiters() ||
           (rt_timer_next() != INT64_MAX &&
            (!rt_s.config.clock_virtual || rt_s.nblocking));
}

/*
 * Under the sched lock, which it gives up meanwhile; true: there is something to
 * do. One at a time decides, for that may have to wait for a look: whoever else
 * finds all idle sleeps, and is there for what turns up. As that one may have
 * been the last to become idle, the decision is taken again.
 */
static bool decide_locked(void)
{
    bool found;

    if (rt_s.deciding) {
        rt_s.decide_again = true;
        return false;
    }
    rt_s.deciding = true;
    do {
        rt_s.decide_again = false;
        rt_unlock_always(&rt_s.lock);
        found = rt_quiescent();
        rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    } while (!found && rt_s.decide_again);
    rt_s.deciding = false;
    return found;
}

/* What lies in the others' queues is for who spins: T1, steal.c. */
static bool is_for_us(void)
{
    return rt_runq_len(&rt_s.global) || rt_load(rt_s.mail_full) ||
           (!rt_load(rt_s.nspinning) && rt_work_visible());
}

/* Without a p, until there is one, or there is reason to look again. */
static void idle(struct m *m)
{
    bool found;

    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    found = is_for_us();
    if (!found && rt_all_idle() && !rt_s.frozen)
        found = decide_locked() || rt_work_visible();
    if (found && p_take(m)) {
        rt_unlock_always(&rt_s.lock);
        return;
    }
    if (rt_load(rt_s.halted)) {
        rt_unlock_always(&rt_s.lock);
    } else if (!rt_load(rt_s.poller) && !rt_s.mail_full && !rt_s.frozen &&
               poll_wanted()) {
        const struct rt_rest rest = rt_rest_locked();

        rt_store(rt_s.poller, m);
        rt_unlock_always(&rt_s.lock);
        sleep_in_poll(m, &rest);
    } else {
        m->idle_next = rt_s.idle_m;
        rt_s.idle_m = m;
        rt_store(m->sleep, 1);
        rt_unlock_always(&rt_s.lock);
        sleep_on_futex(m);
    }
}

/* A goroutine on m ended the run, and has left its stack by now. */
static void tell_end(struct m *m)
{
    uint32_t ends = m->ends;

    m->ends = 0;
    if (m->p)
        rt_p_release(m);
    rt_end_run((enum rt_end)(ends - 1));
    rt_world_unlock();
}

/* The next goroutine for m, who sleeps until there is one; NULL: halted. */
static struct g *find(struct m *m)
{
    for (;;) {
        struct g *g;

        if (m->ends)
            tell_end(m);
        if (rt_load(m->abandoned) ||
            __atomic_load_n(&rt_s.halted, __ATOMIC_ACQUIRE)) {
            rt_steal_end(m, false);
            return NULL;
        }
        if (!m->p) {
            idle(m);
            continue;
        }
        if (__atomic_load_n(&rt_s.frozen, __ATOMIC_ACQUIRE) ||
            m->p->id >= rt_load(rt_s.procs)) {
            rt_steal_end(m, false);
            if (m->p->id >= rt_load(rt_s.procs))
                rt_p_drain(m->p);
            rt_p_release(m);
            continue;
        }
        service(m->p);
        if ((g = rt_pick(m->p)) || (g = rt_take_global(m->p))) {
            rt_steal_end(m, true);
            return g;
        }
        if (rt_netpoll_waiters() && !rt_load(rt_s.poller) && rt_netpoll(0))
            continue;
        if (rt_load(rt_controlled) && rt_control_idle(m))
            continue;
        if (rt_steal(m))
            continue;
        rt_steal_end(m, false);
        rt_p_release(m);
    }
}

/* The thread's own stack: what is in use of it (saved.c), and for ASan, which
   must know where it comes back to. */
static void stack_bounds(struct m *m)
{
    pthread_attr_t attr;

    if (pthread_getattr_np(pthread_self(), &attr))
        return;
    pthread_attr_getstack(&attr, &m->stack_low, &m->stack_size);
    pthread_attr_destroy(&attr);
}

static void *worker_main(void *arg)
{
    struct m *m = arg;
    struct g *g;

    rt_m_self = m;
    rt_store(m->tid, (int)syscall(SYS_gettid));
    m->errno_at = __errno_location();
    m->tsan_fiber = rt_tsan_self();
    m->frame = __builtin_frame_address(0);
    stack_bounds(m);
    rt_altstack_open(m);
    while ((g = find(m))) {
        rt_run_g(m, g);
        if (m->call)
            rt_blocking_call(m);
    }
    rt_altstack_close(m);
    __atomic_store_n(&m->stop, RT_M_LEFT, __ATOMIC_RELEASE);
    return NULL;
}

/*
 * Wakes every sleeper, and waits for those that come. A worker that was
 * stopped in a goroutine, or is in a blocking call, never comes: its thread
 * and its m are left as they are, for what it holds cannot be known.
 */
bool rt_workers_halt(void)
{
    bool all = true;

    __atomic_store_n(&rt_s.halted, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&rt_s.thaw, 1, __ATOMIC_SEQ_CST);
    rt_futex_wake(&rt_s.thaw, INT32_MAX);
    rt_netpoll_wake();
    for (struct m *m = rt_s.all_m, *next; m; m = next) {
        bool leaves;

        next = m->all_next;
        rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
        leaves = !m->g && !m->blocked;
        rt_store(m->abandoned, !leaves);
        __atomic_store_n(&m->sleep, 0, __ATOMIC_RELEASE);
        rt_unlock_always(&rt_s.lock);
        if (leaves) {
            rt_futex_wake(&m->sleep, 1);
            pthread_join(m->thread, NULL);
            free(m);
        } else {
            pthread_detach(m->thread);
            rt_threads_left(m);
            all = false;
        }
    }
    rt_s.all_m = NULL;
    return all;
}
