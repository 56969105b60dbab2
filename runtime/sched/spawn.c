/*
 * spawn.c - how a goroutine begins and ends.
 *
 * In:  go(), groups, timers. Out: a runnable goroutine, which comes to a stack
 * at the latest when it first runs, and whose first frame calls the function
 * with its words in registers; nothing is allocated.
 *
 * N1  In a controlled run the number of goroutines is as an atomic is: to ask
 *     for it is a load, to begin and to end are updates, from the first time on
 *     that it is asked for. Without, nobody could see when they are.
 * N2  Who makes a goroutine may stand at something else between that step and
 *     the beginning: so it is noted, too, where it begins.
 */
#include "runtime/sched/spawn.h"

#include <stddef.h>
#include <string.h>

#include "runtime/base/record.h"
#include "runtime/sched/causal.h"
#include "runtime/sched/census.h"
#include "runtime/sched/controlled.h"
#include "runtime/sched/ended.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/park.h"
#include "runtime/sched/race.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/unborn.h"

/* Called by the entry frame (switch_*.S). */
void rt_spawn_enter(void);
void rt_spawn_exit(uintptr_t result);

/* All that a goroutine begins with, but what its spawn says of it. */
static inline __attribute__((always_inline)) void g_clear(struct g *g)
{
    rt_zero(g, offsetof(struct g, slot));
    g->held = g->held_inline;
    g->held_cap = RT_HELD_INLINE;
    g->tsan_fiber = rt_tsan_create();
    g->wait.until = -1;
}

static inline __attribute__((always_inline)) void
g_describe(struct p *p, struct g *g, const struct g *by,
           const struct rt_spawn *s)
{
    g->id = rt_census_number(p);
    g->fn = s->fn;
    rt_record(g->created = s->site);
    rt_record(g->created_by = by ? by->id : 0);
    g->member = s->member;
    g->at_end = s->at_end;
}

/* All of it, on its stack. */
static inline __attribute__((always_inline)) void
g_make(struct p *p, struct g *g, struct g *by, const struct rt_spawn *s)
{
    g_clear(g);
    g_describe(p, g, by, s);
    g->last = s->site;
    if (rt_causal_on()) {
        rt_causal_fork(by, g, s->after);
        if (rt_race_on())
            rt_race_fork_slow(by, g, rt_causal_address(s->after));
    }
    g->sp = rt_switch_prepare(rt_stack_top(g), s->fn, s->arg);
}

static inline __attribute__((always_inline)) void g_start(struct p *p,
                                                          struct g *g)
{
    rt_census_in(p);
    rt_g_set_status(g, RT_G_FREE, RT_G_RUNNABLE);
    rt_spawn_enqueue(g);
}

/* With a stack from the begin. */
static bool spawn_whole(struct p *p, struct g *by, const struct rt_spawn *s)
{
    struct g *g = rt_stack_take(p);

    if (!g)
        return false;
    g_make(p, g, by, s);
    g_start(p, g);
    return true;
}

/* ---- how many there are ---------------------------------------------------*/

static const char counted; /* N1: the object */

void rt_count_asked(struct g *g, const struct go_site *site)
{
    if (!rt_is_controlled(g))
        return;
    rt_point_more(GO_MORE_COUNTS);
    rt_point_slow(g, GO_OP_LOAD, &counted, &rt_always, site);
}

void rt_count_changes(struct g *g, const struct go_site *site)
{
    if (rt_is_controlled(g) && rt_ctl_has_more(GO_MORE_COUNTS))
        rt_point_slow(g, GO_OP_UPDATE, &counted, &rt_always, site);
}

/* ---- begin ---------------------------------------------------------------*/

/* With that of its task. */
static bool spawn_controlled(struct p *p, struct g *by,
                             const struct rt_spawn *s)
{
    struct g *g = rt_control_stack(p, by);

    if (!g)
        return false;
    g_make(p, g, by, s);
    if (by && rt_ctl_has_more(GO_MORE_COUNTS))
        rt_note(GO_NOTE_COUNT, by, &counted); /* N2 */
    rt_control_spawned(by, g);
    g_start(p, g);
    return true;
}

bool rt_spawn(struct g *by, const struct rt_spawn *s)
{
    struct m *m = rt_m();
    struct p *p = m ? m->p : NULL;
    struct g *u;

    if (rt_unlikely(rt_load(rt_controlled)))
        return spawn_controlled(p, by, s);
    if (rt_causal_on() || !(u = rt_unborn_take(p)))
        return spawn_whole(p, by, s);
    g_describe(p, u, by, s);
    memcpy(u->arg, s->arg, sizeof(u->arg));
    rt_census_in(p);
    __atomic_store_n(&u->status, RT_G_UNBORN, __ATOMIC_RELEASE);
    rt_spawn_enqueue(u);
    return true;
}

struct g *rt_birth(struct g *u)
{
    struct m *m = rt_m();
    struct p *p = m ? m->p : NULL;
    struct g *g = rt_stack_take(p);

    rt_check(g, "U2: no stack for who was promised one");
    g_clear(g);
    g->id = u->id;
    g->fn = u->fn;
    g->created = g->last = u->created;
    g->created_by = u->created_by;
    g->member = u->member;
    g->at_end = u->at_end;
    g->sp = rt_switch_prepare(rt_stack_top(g), g->fn, u->arg);
    rt_g_set_status(g, RT_G_FREE, RT_G_RUNNABLE);
    rt_unborn_give(p, u);
    return g;
}

void rt_spawn_failed(const struct go_site *site)
{
    rt_refused("no memory for another stack");
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
    rt_count_changes(g, site);
    made = rt_spawn(g, &s);
    rt_zero(arg, sizeof(arg)); /* the caller may never call anybody again */
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

/* All but the switch. */
static inline __attribute__((always_inline)) void end(struct g *g)
{
    if (g->at_end) {
        void (*at_end)(struct g *) = g->at_end;

        g->at_end = NULL;
        at_end(g);
    }
    if (g->id == 1)
        rt_main_exit(g);
    rt_check(rt_enter() == g, "a goroutine ends that does not run");
    rt_count_changes(g, g->last);
    rt_handed_adopt(g);
    if (!rt_load(rt_controlled) || rt_control_exit(g))
        rt_ended_note(rt_m()->p, g, rt_tick_now());
    if (rt_unlikely(g->nheld || g->held != g->held_inline))
        rt_held_abandon(g);
    rt_causal_end(g);
    rt_census_out(rt_m()->p);
    rt_g_set_status(g, RT_G_RUNNING, RT_G_DEAD);
}

/* It does not return; but ends in a jump, as its caller does: switch_*.S. */
void rt_spawn_exit(uintptr_t result)
{
    struct g *g = rt_m()->g;

    g->result = result;
    end(g);
    rt_switch_for_good(g);
}

void rt_exit(struct g *g)
{
    end(g);
    rt_switch_for_good(g);
    __builtin_unreachable();
}
