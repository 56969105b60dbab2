/*
 * spawn.c - how a goroutine begins and ends.
 *
 * In:  go(), groups, timers. Out: a runnable goroutine on a stack whose first
 * frame calls the function with its words in registers; nothing is allocated.
 */
#include "runtime/sched/spawn.h"

#include <string.h>

#include "runtime/sched/causal.h"
#include "runtime/sched/control.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/park.h"
#include "runtime/sched/race.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"

/* Called by the entry frame (switch_*.S). */
void rt_spawn_enter(void);
void rt_spawn_exit(uintptr_t result) __attribute__((noreturn));

static void g_reset(struct g *g, struct g *by, const struct rt_spawn *s,
                    uint32_t task)
{
    uint32_t slot = g->slot;

    *g = (struct g){
        .slot = slot,
        .task = task,
        .id = __atomic_add_fetch(&rt_s.last_id, 1, __ATOMIC_RELAXED),
        .held_cap = RT_HELD_INLINE,
        .fn = s->fn,
        .created = s->site,
        .created_by = by ? by->id : 0,
        .member = s->member,
        .at_end = s->at_end,
        .last = s->site,
        .tsan_fiber = rt_tsan_create(),
    };
    g->held = g->held_inline;
    g->wait.until = -1;
    if (rt_causal_on())
        rt_causal_fork(by, g, s->after);
    if (rt_race_on())
        rt_race_fork_slow(by, g, rt_causal_address(s->after));
}

bool rt_spawn(struct g *by, const struct rt_spawn *s)
{
    struct m *m = rt_m();
    struct p *p = m ? m->p : NULL;
    bool controlled = rt_load(rt_controlled);
    uint32_t task = 0;
    struct g *g =
        controlled ? rt_control_stack(p, by, &task) : rt_stack_take(p);

    if (!g)
        return false;
    g_reset(g, by, s, task);
    if (rt_unlikely(controlled))
        rt_control_spawned(by, g);
    g->sp = rt_switch_prepare(rt_stack_top(g), s->fn, s->arg);
    __atomic_add_fetch(&rt_s.ng, 1, __ATOMIC_RELAXED);
    rt_g_set_status(g, RT_G_FREE, RT_G_RUNNABLE);
    rt_spawn_enqueue(g);
    return true;
}

void rt_spawn_failed(const struct go_site *site)
{
    go_panic_at(site, "too many goroutines: no memory for another stack");
}

void go_go_at(const struct go_site *site, go_fn *fn, uintptr_t a, uintptr_t b,
              uintptr_t c, uintptr_t d, uintptr_t e, uintptr_t f)
{
    uintptr_t arg[GO_CALL_MAX] = {a, b, c, d, e, f};
    const struct rt_spawn s = {.fn = fn, .arg = arg, .site = site};
    struct g *g;
    bool made;

    if (!fn)
        go_panic_at(site, "go of nil func value");
    g = rt_enter();
    made = rt_spawn(g, &s);
    memset(arg, 0, sizeof(arg)); /* the caller may never call anybody again */
    rt_forget();
    rt_leave(g);
    if (!made)
        rt_spawn_failed(site);
}

void rt_spawn_enter(void)
{
    struct m *m;

    rt_san_switched(NULL);
    rt_finish();
    m = rt_m();
    rt_compiler_barrier();
    rt_store(m->in_rt, 0);
}

void rt_spawn_exit(uintptr_t result)
{
    struct g *g = rt_m()->g;

    g->result = result;
    rt_exit(g);
}

void rt_exit(struct g *g)
{
    if (g->at_end) {
        void (*at_end)(struct g *) = g->at_end;

        g->at_end = NULL;
        at_end(g);
    }
    if (g->id == 1)
        rt_main_exit(g);
    rt_check(rt_enter() == g, "a goroutine ends that does not run");
    if (rt_unlikely(rt_load(rt_controlled)))
        rt_control_exit(g);
    rt_handed_adopt(g);
    rt_ended_note(g);
    rt_causal_end(g);
    __atomic_sub_fetch(&rt_s.ng, 1, __ATOMIC_RELAXED);
    rt_g_set_status(g, RT_G_RUNNING, RT_G_DEAD);
    rt_switch_away(g);
    rt_throw("a goroutine that ended runs again");
}
