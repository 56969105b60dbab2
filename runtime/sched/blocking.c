/*
 * blocking.c - go_blocking: a call that may block its thread.
 *
 * In:  a goroutine with a call. Out: its result, when the call has come back.
 *
 * Method: the goroutine switches away, and the thread that it ran on makes the
 * call, on its own stack and without its p, which another runs meanwhile. Then
 * the goroutine is runnable again, on any worker.
 */
#include <errno.h>

#include "runtime/sched/elsewhere.h"
#include "runtime/sched/park.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"

#undef errno
#define errno (*__errno_location())

/* The call of go_blocking, on this thread's own stack, without a p. */
void rt_blocking_call(struct m *m)
{
    struct go_call call = *m->call;
    struct g *g = m->blocked;

    rt_store(m->returned, 0); /* before a look can miss it: D2, threads.c */
    rt_p_release(m);
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    if (rt_work_visible() || rt_all_idle())
        rt_wake_locked();
    rt_unlock_always(&rt_s.lock);
    rt_store(m->in_rt, 0);
    errno = g->saved_errno;
    g->result = rt_call(call.fn, call.arg);
    g->saved_errno = errno;
    rt_compiler_barrier();
    rt_store(m->returned, 1);
    rt_store(m->in_rt, 1);
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    while (rt_s.frozen && !rt_load(rt_s.halted)) {
        rt_unlock_always(&rt_s.lock);
        rt_wait_thaw();
        rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    }
    m->call = NULL;
    if (m->abandoned) { /* the run is over: g is nobody's any more */
        rt_unlock_always(&rt_s.lock);
        return;
    }
    m->blocked = NULL;
    rt_g_set_status(g, RT_G_BLOCKING, RT_G_RUNNABLE);
    rt_runq_push(&rt_s.global, g);
    /* Last: who counts none finds it there (execution.c). */
    __atomic_sub_fetch(&rt_s.nblocking, 1, __ATOMIC_RELEASE);
    rt_unlock_always(&rt_s.lock);
}

uintptr_t go_blocking_at(const struct go_call *call, const struct go_site *site)
{
    struct g *g = rt_enter();
    struct m *m;
    uintptr_t result;

    rt_elsewhere_comes("what comes after go_blocking");
    if (rt_is_foreign(g)) { /* it has a thread to block already */
        rt_leave(g);
        return rt_call(call->fn, call->arg);
    }
    m = rt_m();
    m->call = call;
    m->blocked = g;
    g->wait = (struct rt_wait){GO_WAIT_BLOCKING, 0, NULL, site, rt_tick(), -1};
    g->last = site;
    __atomic_add_fetch(&rt_s.nblocking, 1, __ATOMIC_RELAXED);
    rt_g_set_status(g, RT_G_RUNNING, RT_G_BLOCKING);
    rt_switch_away(g);
    result = g->result;
    rt_leave(g);
    return result;
}
