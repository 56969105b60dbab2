/*
 * boot.c - a run from its first thread to its last.
 *
 * In:  the monitor's configuration. Out: a scheduler with its processors, its
 * stacks, its poll; at the end nothing of it is left.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/sched/control.h"
#include "runtime/sched/ended.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/timer.h"
#include "runtime/sched/unborn.h"

enum {
    AT_HALT_MAX = 16
};

static bool running;
static void (*at_halt[AT_HALT_MAX])(void);
static int nat_halt;
static struct rlimit files_before;
bool rt_running(void)
{
    return __atomic_load_n(&running, __ATOMIC_ACQUIRE);
}

const struct rt_config *rt_config(void)
{
    return &rt_s.config;
}

uintptr_t rt_main_result(void)
{
    return rt_s.main_result;
}

bool rt_main_exited(void)
{
    return __atomic_load_n(&rt_s.main_exited, __ATOMIC_ACQUIRE);
}

struct m *rt_silent(void)
{
    return rt_s.silent;
}

struct g *rt_panicked(const char **message)
{
    *message = rt_s.panic_message;
    return rt_s.panicked;
}

void rt_at_halt(void (*fn)(void))
{
    rt_check(nat_halt < AT_HALT_MAX, "too many rooms clean up at halt");
    at_halt[nat_halt++] = fn;
}

void rt_halt_rooms(void)
{
    for (int i = 0; i < nat_halt; i++)
        at_halt[i]();
}

static struct p *p_make(int id)
{
    struct p *p = aligned_alloc(RT_LINE, sizeof(*p));

    if (p) {
        memset(p, 0, sizeof(*p));
        p->id = id;
        p->rng.state = rt_s.config.seed + (uint64_t)id * 0x9e3779b97f4a7c15u;
    }
    return p;
}

/* Under the sched lock, or before there is a second thread. */
static bool procs_grow(int n)
{
    for (int i = 0; i < n; i++) {
        struct p *p = rt_s.ps[i];

        if (!p && !(p = p_make(i)))
            return false;
        __atomic_store_n(&rt_s.ps[i], p, __ATOMIC_RELEASE);
        if (i >= rt_s.procs && !p->m) {
            p->idle_next = rt_s.idle_p;
            rt_s.idle_p = p;
            rt_store(rt_s.nidle_p, rt_s.nidle_p + 1);
        }
    }
    rt_store(rt_s.procs, n);
    rt_stack_promise(n);
    return true;
}

/* Every descriptor that the system allows; children get the old limit. */
static void files_raise(void)
{
    struct rlimit l;

    if (getrlimit(RLIMIT_NOFILE, &files_before))
        return;
    l = files_before;
    l.rlim_cur = l.rlim_max;
    setrlimit(RLIMIT_NOFILE, &l);
}

static void files_restore(void)
{
    if (files_before.rlim_max)
        setrlimit(RLIMIT_NOFILE, &files_before);
}

int rt_boot(const struct rt_config *config, const char **why)
{
    static bool forks;
    int err;

    rt_check(!rt_running(), "a run is under way already");
    memset(&rt_s, 0, sizeof(rt_s));
    rt_s.config = *config;
    rt_s.start = rt_monotonic();
    rt_s.boot_tid = (int)syscall(SYS_gettid);
    files_raise();
    if (!forks)
        forks = !pthread_atfork(NULL, NULL, files_restore);
    *why = "no memory for the stacks";
    if ((err = rt_stack_open(config->stack_size, config->scrub)))
        return err;
    rt_unborn_reset();
    rt_steal_begin();
    *why = "no memory for the processors";
    if (!procs_grow(config->procs))
        return -ENOMEM;
    *why = "the poll of descriptors cannot be opened";
    if ((err = rt_netpoll_open()))
        return err;
    *why = "signal handlers cannot be installed";
    if ((err = rt_world_open()) || (err = rt_overflow_open()))
        return err;
    rt_store(rt_solo, config->procs == 1);
    rt_quick_see();
    __atomic_store_n(&running, true, __ATOMIC_RELEASE);
    return 0;
}

enum rt_end rt_run(const struct go_call *call, const struct go_site *site)
{
    const struct rt_spawn s = {.fn = call->fn, .arg = call->arg, .site = site};

    if (rt_s.config.control)
        rt_control_begin(&rt_s.config, call, site);
    rt_need(rt_spawn(NULL, &s), "no stack for goroutine 1");
    /* Which has started a worker; else whoever waited would wait for ever. */
    rt_need(rt_m_first() || !rt_workers_open(), "no thread can be started");
    rt_saved_boot(RT_FRAME_HERE());
    rt_tick_loop();
    rt_world_lock(); /* foreign threads stay out from here on */
    return (enum rt_end)(rt_s.ended - 1);
}

void rt_halt(void)
{
    bool all = rt_workers_halt();

    rt_control_end();

    __atomic_store_n(&running, false, __ATOMIC_RELEASE);
    rt_halt_rooms();
    rt_timer_reset();
    rt_handed_reset();
    rt_ended_reset();
    rt_netpoll_close();
    rt_overflow_close();
    if (all) {
        rt_world_close();
        rt_stack_close();
        for (int i = 0; i < RT_PROCS_MAX && rt_s.ps[i]; i++)
            free(rt_s.ps[i]);
    }
    rt_foreign_reset();
    files_restore();
    rt_store(rt_solo, false);
    rt_quick_see();
    rt_world_unlock();
}

/* Those beyond n, that nobody owns, are idle no more. */
static void idle_shrink_locked(int n)
{
    struct p **at = &rt_s.idle_p;

    rt_assert_held(&rt_s.lock);
    while (*at) {
        if ((*at)->id >= n) {
            *at = (*at)->idle_next;
            rt_store(rt_s.nidle_p, rt_s.nidle_p - 1);
        } else {
            at = &(*at)->idle_next;
        }
    }
}

/* The world is stopped; the number there is then. */
static int procs_set(int n)
{
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    if (n < rt_s.procs) {
        idle_shrink_locked(n);
        rt_store(rt_s.procs, n);
    } else if (!procs_grow(n)) {
        n = rt_s.procs;
    }
    rt_shrink_note_locked();
    if (n > 1)
        rt_store(rt_solo, false);
    rt_quick_see();
    rt_unlock_always(&rt_s.lock);
    /* The stop may have made a p idle that has goroutines yet. One that is
       owned is drained by its owner, when that passes the scheduler. */
    for (int i = n; i < RT_PROCS_MAX && rt_p(i); i++)
        if (!rt_p(i)->m)
            rt_p_drain(rt_p(i));
    return n;
}

int go_set_procs(int n)
{
    struct m *m = rt_m();
    int old;

    rt_check(rt_running(), "go_set_procs: no go_main is running");
    if (n <= 0 || rt_s.config.control) /* one thread: control.c */
        return rt_load(rt_s.procs);
    if (n > RT_PROCS_MAX)
        n = RT_PROCS_MAX;
    rt_world_stop_all();
    old = rt_load(rt_s.procs);
    n = procs_set(n);
    rt_world_start();
    if (m && m->p && m->p->id >= n) /* runs on one of those that go */
        go_yield_at(m->g->last);
    return old;
}
