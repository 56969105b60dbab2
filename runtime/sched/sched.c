/*
 * sched.c - parking and yielding: the switch to who runs next.
 *
 * In:  rt_park, rt_ready, yields, spawn and exit. Out: a running goroutine.
 *
 * Method: a goroutine that stops picks the next one itself and switches
 * straight to it; only when its worker's own queue is empty, or attention is
 * wanted, it switches to the worker's scheduler loop (worker.c). What must
 * happen after its registers are saved (releasing the lock that it parked
 * under, giving back its stack) is done by whoever comes next: rt_finish. Who
 * that is, and P1 and P3: pick.c.
 *
 * P2  rt_finish runs exactly once after every switch, on the other side.
 */
#include "runtime/sched/sched.h"

#include "runtime/base/record.h"
#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/pick.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/unborn.h"

struct rt_sched rt_s;
__thread struct m *rt_m_self __attribute__((tls_model("initial-exec")));

#if !defined(__x86_64__)
struct m *rt_m(void)
{
    return *(struct m *volatile *)&rt_m_self;
}
#endif

void rt_finish_slow(struct m *m)
{
    struct g *prev = m->prev;

    if (m->unlock) {
        uint32_t *l = m->unlock;

        m->unlock = NULL;
        rt_unlock(l);
    } else if (m->release) {
        void (*release)(void *) = m->release;

        m->release = NULL;
        release(m->release_arg);
        m->release_arg = NULL; /* the worker runs on: no stale reference */
    }
    if (prev) {
        m->prev = NULL;
        rt_tsan_destroy(prev->tsan_fiber);
        rt_g_set_status(prev, RT_G_DEAD, RT_G_FREE);
        if (rt_unlikely(rt_load(rt_controlled)))
            rt_control_finish(prev);
        else
            rt_stack_give(m->p, prev);
    }
}

void rt_finish(void)
{
    rt_finish_switch();
}

static RT_HOT void switch_away(struct g *g)
{
    struct m *m = rt_m();
    struct g *to = NULL;
    void **save;

    g->saved_errno = *m->errno_at;
    if (!rt_load(rt_s.attention) && m->p && !m->call)
        to = rt_pick_hot(m->p);
    if (to == g) { /* only a yield: nobody else is there */
        rt_become(m, g);
        rt_check(!m->unlock && !m->release, "P2: a lock is left behind");
        return;
    }
    /* Only the dead are finished: anybody else may run again, and end, as
       soon as its lock is released. */
    if (g->status == RT_G_DEAD)
        m->prev = g;
    save = m->prev ? NULL : &g->asan_fake_stack;
    if (to) {
        to = rt_born(to);
        rt_become(m, to);
        rt_san_switch(save, rt_stack_low(to), rt_stack_size());
        rt_tsan_switch(to->tsan_fiber);
        rt_switch(&g->sp, &to->sp);
    } else {
        rt_store(m->g, NULL);
        rt_san_switch(save, m->stack_low, m->stack_size);
        rt_tsan_switch(m->tsan_fiber);
        rt_switch(&g->sp, &m->sched_sp);
    }
    rt_san_switched(g->asan_fake_stack);
    rt_finish_switch();
}

void rt_switch_away(struct g *g)
{
    switch_away(g);
}

void rt_switch_for_good(struct g *g)
{
    switch_away(g);
    rt_throw("a goroutine that ended runs again");
}

/* From the worker's scheduler loop to g; returns when one switches back. */
void rt_run_g(struct m *m, struct g *g)
{
    g = rt_born(g);
    rt_become(m, g);
    rt_san_switch(&m->asan_fake_stack, rt_stack_low(g), rt_stack_size());
    rt_tsan_switch(g->tsan_fiber);
    rt_switch(&m->sched_sp, &g->sp);
    rt_san_switched(m->asan_fake_stack);
    rt_finish();
}

/* What switch_away comes to, for one who has not ended. */
static RT_HOT void switch_quick(struct m *m, struct g *g, struct g *to)
{
    g->saved_errno = *m->errno_at;
    rt_become(m, to);
    rt_san_switch(&g->asan_fake_stack, rt_stack_low(to), rt_stack_size());
    rt_tsan_switch(to->tsan_fiber);
    rt_switch(&g->sp, &to->sp);
    rt_san_switched(g->asan_fake_stack);
    rt_finish_switch();
}

static RT_HOT void park(enum go_wait_reason reason, struct waiter *w,
                        uint32_t n, const struct go_site *site, int64_t until)
{
    struct m *m = rt_m();
    struct g *g = m->g, *to;

    rt_record(g->wait =
                  (struct rt_wait){reason, n, w, site, rt_tick_now(), until});
    rt_record(g->last = site);
    g->read_clock = false;
    g->polls = 0;
    rt_g_set_status(g, RT_G_RUNNING, RT_G_WAITING);
    if (rt_load(rt_quick) && (to = rt_pick_quick(m->p)))
        switch_quick(m, g, to);
    else
        switch_away(g);
    g->wait.n = 0; /* the waiters go with the caller's frame */
    g->wait.w = NULL;
}

void rt_park_until(uint32_t *unlock, enum go_wait_reason reason,
                   struct waiter *w, uint32_t n, const struct go_site *site,
                   int64_t until)
{
    if (!rt_load(rt_solo)) /* else it was not taken */
        rt_m()->unlock = unlock;
    park(reason, w, n, site, until);
}

void rt_park_release(void (*release)(void *), void *arg,
                     enum go_wait_reason reason, struct waiter *w, uint32_t n,
                     const struct go_site *site)
{
    struct m *m = rt_m();

    m->release = release;
    m->release_arg = arg;
    park(reason, w, n, site, -1);
}

/* Run by the next one, when the registers of who yields are saved. */
static void release_yield(void *arg)
{
    struct m *m = rt_m();

    if (m->p)
        rt_put_last(m->p, arg);
    else
        rt_enqueue_global(arg);
}

bool rt_polls(struct g *g)
{
    bool asked = g->read_clock;

    g->read_clock = false;
    if (!asked)
        g->polls = 0;
    else if (g->polls == RT_POLLS)
        return true;
    else
        g->polls++;
    return false;
}

/* The caller goes to the end of its worker's queue. */
void rt_yield(const struct go_site *site)
{
    struct m *m = rt_m();
    struct g *g = m->g;
    struct p *p = m->p;

    g->saved_errno = *m->errno_at;
    rt_record(g->last = site);
    if (rt_polls(g) && rt_s.config.clock_virtual)
        rt_clock_flow(GO_MICROSECOND);
    rt_g_set_status(g, RT_G_RUNNING, RT_G_RUNNABLE);
    if (!rt_load(rt_s.attention) && !rt_load(p->next) && !rt_runq_len(&p->q) &&
        !rt_runq_len(&p->fresh) && !rt_runq_len(&rt_s.global)) {
        rt_store(p->tick, p->tick + 1);
        rt_become(m, g); /* nobody to go first */
        return;
    }
    if (rt_load(rt_solo)) { /* nobody takes it before it has left */
        rt_put_last(p, g);
    } else {
        m->release = release_yield;
        m->release_arg = g;
    }
    switch_away(g);
}

bool rt_missed(struct g *g, const struct go_site *site)
{
    struct p *p;

    if (rt_is_controlled(g) || rt_is_foreign(g))
        return false;
    p = rt_m()->p;
    p->missed = p->missed_in == p->tick ? p->missed + 1 : 1;
    p->missed_in = p->tick;
    if (p->missed < RT_MISSES && !(rt_load(rt_s.attention) & RT_ATTEND))
        return false;
    p->missed = 0;
    rt_yield(site);
    return true;
}

uint64_t rt_switches(void)
{
    uint64_t n = 0;

    for (struct m *m = __atomic_load_n(&rt_s.all_m, __ATOMIC_ACQUIRE); m;
         m = m->all_next)
        n += rt_load(m->switches);
    return n;
}

/*
 * A yield in a quick run, when all there is to it is that the first of the
 * queue runs and we go behind the last: what yield would come to. False: it
 * is not so, and nothing was done.
 */
static RT_HOT bool yield_quick(struct m *m, struct g *g,
                               const struct go_site *site)
{
    struct p *p = m->p;
    struct g *to = p->q.first;
    uint32_t tick = p->tick + 1;

    if (!to || rt_g_status(to) != RT_G_RUNNABLE || rt_load(p->next) ||
        rt_runq_len(&p->fresh) || rt_load(rt_s.attention) ||
        tick % RT_FAIR == 0 || g->read_clock)
        return false;
    rt_store(p->tick, tick);
    p->next_row = 0;
    rt_record(g->last = site);
    g->polls = 0;
    rt_g_set_status(g, RT_G_RUNNING, RT_G_RUNNABLE);
    rt_runq_pop(&p->q);
    rt_runq_push(&p->q, g);
    switch_quick(m, g, to);
    return true;
}

/* g: NULL on a thread; it has entered, else. */
static __attribute__((noinline)) void yield_slow(struct g *g,
                                                 const struct go_site *site)
{
    if (!g)
        g = rt_enter();
    if (rt_is_controlled(g))
        rt_control_yield(g, site);
    else if (!rt_is_foreign(g))
        rt_yield(site);
    rt_leave(g);
}

void go_yield_at(const struct go_site *site)
{
    struct m *worker;
    struct g *g = rt_enter_fast(&worker);

    if (rt_likely(g && rt_load(rt_quick)) && yield_quick(worker, g, site))
        rt_leave_fast(rt_m());
    else
        yield_slow(g, site);
}
