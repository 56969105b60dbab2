/*
 * execution.c - the executions of a controlled run: how each begins, how it
 * ends, and what comes then.
 *
 * In:  a driver, and the goroutine to begin with. Out: what became of each.
 *
 * Method: as control.c's head has it. An execution is over when nothing can be
 * done (rt_control_idle) and time can not go on. Then the driver says whether
 * another one follows; all is put back to where the first one began, but for
 * the stacks, which stay their tasks' (taskstack.c).
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/sched/census.h"
#include "runtime/sched/draw.h"
#include "runtime/sched/elsewhere.h"
#include "runtime/sched/ended.h"
#include "runtime/sched/handed.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/race.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"

bool rt_controlled, rt_releases_seen, rt_quick, rt_quick_release;
struct rt_ctl rt_ctl;

void rt_quick_see(void)
{
    rt_store(rt_quick, rt_load(rt_solo) && !rt_load(rt_controlled));
    rt_store(rt_quick_release, rt_load(rt_solo) && !rt_load(rt_releases_seen));
}

void rt_ctl_see_releases(void)
{
    rt_store(rt_releases_seen,
             rt_load(rt_controlled) &&
                 (rt_ctl.note || rt_race_on() ||
                  rt_ctl.more & (GO_MORE_RELEASES | GO_MORE_GROUPS)));
    rt_quick_see();
}

void rt_ctl_tell(go_note_fn *note)
{
    rt_ctl.note = note;
    rt_ctl_see_releases();
}

void rt_control_opened(int fd)
{
    if (rt_ctl.by->opened)
        rt_ctl.by->opened(rt_ctl.by->arg, fd);
}

static bool is_in_livelock(const struct g *g)
{
    const struct rt_livelock *l = &rt_ctl.livelock;

    for (uint32_t i = 0; l->how && i < l->n; i++)
        if (l->goroutines[i] == g->id)
            return true;
    return false;
}

/* Without control from here on: those who stand somewhere go on as they can;
   who is in a livelock stays for the last look, and none of the others can. */
void rt_ctl_let_go(void)
{
    uint32_t i = 0;
    const struct rt_point *p;

    rt_store(rt_controlled, false);
    rt_race_end();
    rt_ctl_see_releases();
    if (rt_ctl.then)
        rt_enqueue_global(rt_ctl_go_on(rt_ctl.then, rt_ctl.then->which));
    rt_ctl.then = NULL;
    while ((p = rt_point_next(&i)))
        if (!is_in_livelock(p->g))
            rt_enqueue_global(
                rt_ctl_go_on(rt_ctl.at[p->at.task], RT_POINT_ANY));
}

/* Wherever the others are: who could go on does not, so the world comes to no
   rest at which it could be looked at. */
static void cut_off(void)
{
    rt_ctl.cut = true;
    rt_ctl.look = false;
}

bool rt_control_cut(void)
{
    if (!rt_ctl.loops)
        return false;
    cut_off();
    return true;
}

bool rt_control_panic(struct g *g, const char *message)
{
    if (!rt_ctl.loops)
        return false;
    rt_ctl.panicked = g;
    rt_ctl.message = message;
    cut_off();
    return true;
}

bool rt_ctl_is_left(void)
{
    for (uint32_t i = 0, n = rt_task_count(); i < n; i++)
        if (rt_ctl.tasks[i].lives && !rt_ctl.tasks[i].g->daemon)
            return true;
    return false;
}

bool rt_ctl_looked(void)
{
    return rt_ctl.proven || (rt_ctl.grace.on && rt_ctl.cut) ||
           rt_ctl.looks.enough;
}

static struct go_execution outcome(void)
{
    bool main_over = rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited);
    struct go_execution e = {.steps = rt_ctl.taken,
                             .clock = rt_now(),
                             .timers = rt_timer_used(),
                             .panic = rt_ctl.message,
                             .unasked = rt_ctl.unasked};

    if (rt_elsewhere_beside())
        e.unasked |= GO_UNASKED_OUTSIDE;

    if (rt_ctl.panicked) {
        e.goroutine = rt_ctl.panicked->id;
        e.site = rt_ctl.panicked->last;
    }
    e.settled = rt_ctl.settled;
    e.looked = rt_ctl_looked();
    e.stuck = rt_ctl.looks.stuck;
    e.waits = rt_ctl.looks.waits ||
              (rt_ctl.unasked & GO_UNASKED_SILENCE && rt_ctl.tasks[0].lives);
    e.end = rt_ctl.looks.leak     ? GO_END_LEAK
            : rt_ctl.proven       ? main_over ? GO_END_LEFT : GO_END_STUCK
            : rt_ctl.livelock.how ? GO_END_LIVELOCK
            : rt_ctl.bound        ? GO_END_BOUND
            : rt_ctl.panicked     ? GO_END_PANIC
            : !main_over          ? GO_END_STUCK
            : rt_ctl_is_left()    ? GO_END_LEFT
                                  : GO_END_CLEAN;
    return e;
}

/* Goroutine and all that it had are no more; its stack stays its task's. */
static void drop(struct g *g)
{
    if (g->held != g->held_inline)
        free(g->held);
    free(g->panic);
    g->panic = NULL;
    rt_tsan_destroy(g->tsan_fiber);
    g->link = NULL;
    __atomic_store_n(&g->status, RT_G_FREE, __ATOMIC_RELEASE);
}

static void forget_tasks(struct p *p)
{
    struct g *g;

    rt_netpoll_forget();
    while (rt_ctl_anybody(p) && (g = rt_pick_any(p)))
        if (g->task == GO_NOWHERE) {
            drop(g);
            rt_stack_give(p, g);
        }
    for (uint32_t i = 0, n = rt_task_count(); i < n; i++) {
        struct rt_ctl_task *t = &rt_ctl.tasks[i];

        if (t->lives)
            drop(t->g);
        t->lives = false;
        rt_ctl.at[i] = NULL;
        t->children.n = 0;
    }
    for (uint32_t i = 0; i < rt_ctl.words; i++)
        rt_ctl.standing[i] = 0;
    rt_ctl.gone = NULL;
    rt_ctl.afresh = true;
    rt_ctl.list.stale = true;
    rt_ctl.away = false;
}

/* What is counted begins anew. */
static void begin_draws(void)
{
    rt_draw_skip();
    rt_store(rt_ctl.draws.until, 0);
    rt_store(rt_ctl.draws.closely,
             rt_ctl.draws.by == &rt_draw_none || rt_ctl.words > 1);
    if (!rt_ctl.draws.closely)
        rt_draw_open();
}

static void begin_execution(void)
{
    rt_ctl.draws.by = rt_ctl.by->draw ? rt_ctl.by->draw : &rt_draw_none;
    rt_store(rt_ctl.draws.n, rt_ctl.draws.by->n);
    rt_ctl.then = NULL;
    rt_ctl.over = rt_ctl.bound = rt_ctl.cut = rt_ctl.hurry = rt_ctl.still =
        false;
    rt_ctl.due = rt_ctl.look = rt_ctl.proven = rt_ctl.alone = false;
    rt_ctl.settles = rt_ctl.settled = false;
    rt_ctl.silence = (struct rt_ctl_silence){0};
    rt_ctl.unasked = 0;
    rt_ctl.spins = 0;
    rt_ctl.livelock.how = NULL;
    rt_ctl.execution++;
    rt_store(rt_ctl.moment, rt_ctl.moment + 1);
    rt_ctl.early = rt_ctl.by->early;
    if (rt_ctl.by->alike)
        rt_ctl.more = rt_ctl.by->more;
    rt_ctl_tell(rt_ctl_told());
    rt_ctl.advances = 0;
    rt_ctl.naps = (struct rt_ctl_naps){0};
    rt_ctl.taken = 0;
    rt_ctl_looks_begin();
    rt_ctl_grace_reset();
    rt_ctl.panicked = NULL;
    rt_ctl.message = NULL;
    rt_ctl.watched = NULL;
    begin_draws();
    if (rt_race_on())
        rt_race_reset();
}

/* All as it was when the run began. */
static void reset(struct p *p)
{
    forget_tasks(p);
    rt_timer_clear();
    rt_halt_rooms();
    rt_handed_reset();
    rt_ended_forget();
    if (rt_ctl.by->reset)
        rt_ctl.by->reset(rt_ctl.by->arg);
    rt_store(p->tick, 0);
    p->next_row = 0;
    rt_census_forget(p);
    rt_store(rt_s.virt, 0);
    rt_store(rt_s.main_ended, false);
    rt_store(rt_s.main_exited, false);
    begin_execution();
}

/* This execution is over: another one begins, or the run ends; or it is looked
   at first. */
static bool next_execution(struct m *m)
{
    const struct go_execution e = outcome();

    if (rt_ctl_looks_at_end(&e))
        return false;
    rt_ctl_looks_end(e.looked);
    if (rt_ctl.by->over(rt_ctl.by->arg, &e)) {
        reset(m->p);
        rt_need(rt_spawn(NULL, &rt_ctl.main), "no stack for goroutine 1");
        return true;
    }
    rt_ctl.over = true;
    forget_tasks(m->p);
    rt_ended_forget();
    rt_census_forget(m->p);
    return true;
}

/* Not ticks that are lost, or a ticker would keep what is stuck going for ever;
   nor what comes when main has ended and the others had their time. */
int64_t rt_ctl_next(void)
{
    int64_t next =
        rt_load(rt_timers_armed) ? rt_timer_next_useful() : INT64_MAX;

    return rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) &&
                   next > rt_load(rt_s.main_ended_at) + rt_s.config.settle_for
               ? INT64_MAX
               : next;
}

/* To the earliest timer, if there is one that time may go on to. All that are
   due then fire before anybody runs. */
static bool advance(void)
{
    int64_t next = rt_ctl_next();
    const struct rt_point *p;
    uint32_t i = 0;

    if (next == INT64_MAX) {
        bool hurried = rt_ctl.hurry; /* for ticks that nobody needs */

        rt_ctl.bound |= rt_ctl.due; /* they could go on for ever */
        rt_ctl.hurry = false;
        return hurried;
    }
    if (!rt_ctl.hurry) {
        while ((p = rt_point_next(&i)))
            rt_ctl.at[p->at.task]->arrived = true;
        rt_ctl.advances++;
        if (rt_ctl.note)
            rt_ctl.note(rt_ctl.by->arg, GO_NOTE_CLOCK, GO_NOWHERE, NULL,
                        GO_NOWHERE);
    }
    rt_ctl.hurry = rt_ctl.due = false;
    if (next > rt_now())
        rt_store(rt_s.virt, next);
    rt_timer_run(rt_now());
    return true;
}

bool rt_control_executes(void)
{
    return rt_load(rt_controlled) && !rt_ctl.over;
}

bool rt_control_loops(void)
{
    return rt_load(rt_controlled) && rt_ctl.loops;
}

bool rt_control_done(void)
{
    return rt_load(rt_controlled) && rt_ctl.over;
}

/* By the ordinary rules: real time, and silence.c. Main's return, of many
   executions, has not noted it: what it left outside has its time from the first
   rest on. */
static bool idle_outside(void)
{
    if (rt_ctl.loops && rt_load(rt_s.main_ended) && !rt_ctl.settles) {
        rt_ctl.settles = true;
        rt_store(rt_s.judged_from, rt_monotonic());
    }
    return rt_timer_run(rt_now()) > 0;
}

static uint32_t calls(void)
{
    return __atomic_load_n(&rt_s.nblocking, __ATOMIC_ACQUIRE);
}

/* After calls(): one of those that it counts no more came back since the worker
   found nobody to run, and no execution ends over that, nor does time go on. */
static bool is_back(void)
{
    return rt_runq_len(&rt_s.global) > 0;
}

/* Not where only daemons are left, who have their time as anywhere. */
bool rt_ctl_waits_outside(void)
{
    return (rt_netpoll_waiters() || calls()) && rt_ctl_is_left();
}

bool rt_ctl_is_ending(void)
{
    return rt_ctl.cut || rt_ctl.bound || rt_ctl.proven || rt_ctl.settled;
}

bool rt_control_ends(void)
{
    return rt_control_executes() && rt_ctl_is_ending();
}

/* Who is in a call can not be dropped: its thread comes back to it. */
static bool can_be_followed(void)
{
    return rt_ctl.loops && !calls();
}

bool rt_control_settles(void)
{
    if (!rt_control_executes() || !can_be_followed())
        return false;
    rt_ctl.settled = true;
    return true;
}

bool rt_control_idle(struct m *m)
{
    rt_draw_count();
    if (rt_ctl.over || rt_ctl.look) /* rt_quiescent asks for it */
        return false;
    /* Real time, but where it is the clock's turn. */
    if (rt_ctl_waits_outside() && !rt_ctl.hurry && !rt_ctl.due &&
        !rt_ctl_is_ending())
        return idle_outside();
    if (is_back())
        return true;
    if (!rt_ctl_is_ending()) {
        if (rt_ctl_looks_due())
            return false;
        if (advance())
            return true;
        if (rt_elsewhere_others()) {
            if (rt_elsewhere_wait())
                return true;
            if (rt_ctl_looks_at_rest())
                return false;
            if (rt_elsewhere_wait_for_threads())
                return true;
        }
    }
    if (rt_ctl.loops) /* else it is for rt_quiescent to say when it ends */
        return can_be_followed() && (is_back() || next_execution(m));
    rt_ctl_let_go();
    return true;
}

void rt_control_begin(const struct rt_config *config,
                      const struct go_call *call, const struct go_site *site)
{
    rt_check(config->procs == 1 && config->clock_virtual,
             "a controlled run has one worker, and its own time");
    rt_ctl.by = config->control;
    rt_ctl.loops = rt_ctl.by->over != NULL;
    memcpy(rt_ctl.arg, call->arg, sizeof(rt_ctl.arg));
    rt_ctl.main =
        (struct rt_spawn){.fn = call->fn, .arg = rt_ctl.arg, .site = site};
    rt_ctl.more = rt_ctl.by->more;
    /* what the run before has used: most of it was never touched */
    memset(rt_ctl.tasks, 0, rt_ctl.words * RT_CTL_BITS * sizeof(*rt_ctl.tasks));
    memset(rt_ctl.at, 0, rt_ctl.words * RT_CTL_BITS * sizeof(*rt_ctl.at));
    memset(rt_ctl.standing, 0, sizeof(rt_ctl.standing));
    rt_ctl.words = 0;
    rt_ctl.gone = NULL;
    rt_ctl.afresh = true;
    rt_ctl.list.stale = true;
    rt_ctl.away = false;
    rt_draw_make(&rt_ctl.draws.ahead, 0);
    rt_race_begin(rt_ctl.by);
    rt_store(rt_controlled, true);
    rt_quick_see();
    begin_execution();
    if (rt_ctl.loops)
        rt_halt_rooms(); /* the first begins as the others will */
}

void rt_control_end(void)
{
    rt_store(rt_controlled, false);
    rt_race_end();
    rt_ctl_tell(NULL);
    rt_ctl.more = 0; /* who asks before the next run is not told of this one */
    rt_ctl.livelock.how = NULL;
    rt_ctl.by = NULL;
    rt_ctl.draws.by = NULL;
    rt_store(rt_ctl.draws.n, NULL);
}
