/*
 * control.c - the controlled mode: one thread, every choice asked for.
 *
 * In:  goroutines that come to a point; a driver (struct go_control). Out: who
 * goes on. When an execution is over, and the next one: execution.c.
 *
 * Method: whoever is runnable runs, until all stand at a point, wait, or have
 * ended. Only then a step is taken: each point offers what can be done now,
 * the driver says which, and its goroutine goes on from there to its next
 * point. The switch is a direct one. When nothing can be done the clock goes on;
 * when that cannot, it is over.
 *
 * A single execution then goes on without control, by the ordinary rules:
 * all who stand somewhere are let go on and park by themselves, so the
 * monitor sees what it would ever see, and judges by itself. Of many, each is
 * given up where it is: its goroutines are dropped, and their stacks are the
 * same tasks' in the next.
 *
 * C1  A goroutine that stands at a point is RUNNABLE and in no queue.
 * C2  A task's stack lies at the same address in all executions of a run.
 * C3  What is decided depends on what was decided before, and on nothing
 *     else: no clock, no address, no thread.
 * C4  Nor on what an execution before left on a stack: it begins zeroed, as
 *     far as S3 of stack.c goes, for a program that reads what it never wrote.
 * C5  Steps take no time, so who waits for a timer in a loop would wait for
 *     ever. After RT_DRAW_SPINS_MAX steps in a row that such loops are made of
 *     it is the clock's turn; and a yield of who polls the time takes 1 us.
 *     When main is over, and only daemons spin, so is the execution; others
 *     have their time (grace.c).
 * C6  What is on offer is kept: where all guards are 0 that were, nothing is
 *     made anew. And who goes on keeps its place among those who stand until
 *     somebody else does, or looks: most times it is the next to be there.
 * C7  Who takes the step itself is switched to like any other: which one it is
 *     no processor can predict, and to be wrong costs more than the switch.
 */
#include "runtime/sched/draw.h"
#include "runtime/sched/park.h"
#include "runtime/sched/point.h"
#include "runtime/sched/race.h"
#include "runtime/sched/timer.h"

const rt_guard rt_always = 0;
static uint32_t no_choices;
struct go_draw rt_draw_none = {.n = &no_choices};

/* ---- points --------------------------------------------------------------*/

bool rt_point_has_more(uint32_t what)
{
    return rt_ctl_has_more(what);
}

void rt_point_more(enum go_more what)
{
    const struct rt_point *p;
    uint32_t i = 0;

    if (rt_ctl_has_more(what))
        return;
    rt_ctl.more |= what;
    rt_ctl_closely();
    rt_ctl_see_releases();
    if (what & GO_MORE_GROUPS) /* who waits for one can go on, to its panic */
        while ((p = rt_point_next(&i)))
            if (p->at.op == GO_OP_WAIT)
                rt_ctl.at[p->at.task]->guard = &rt_always;
}

void rt_point_give_up(void)
{
    rt_ctl.bound = true;
}

/* ---- what can be done, and what is ---------------------------------------*/

/* Nobody stands anywhere, and time is no choice: so it ends, or waits. */
static inline bool is_empty(void)
{
    return rt_ctl.words <= 1 && !rt_ctl.standing[0] && !rt_timers_armed;
}

/* Of a try or a select: none of its cases. */
static bool is_default(const struct go_step *step)
{
    const struct go_point *p = step->point;

    return p->otherwise &&
           (step->which < 0 || p->cases[step->which].op == GO_CASE_DEFAULT);
}

/* Likewise, but for a default or want of a case. */
static bool is_spin(const struct go_step *step)
{
    enum go_op op = (enum go_op)step->point->op;

    return (op == GO_OP_TRYSEND || op == GO_OP_TRYRECV || op == GO_OP_SELECT) &&
           is_default(step);
}

/* C5: they have spun for long enough, and something else comes. */
static bool is_in_vain(void)
{
    rt_ctl.spins = 0;
    if (rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) &&
        !rt_ctl_is_left())
        rt_ctl.cut = true;
    else if (rt_ctl_next() != INT64_MAX) {
        rt_ctl.due = true;
        rt_ctl.unasked |= GO_UNASKED_CLOCK;
    } else
        rt_ctl_grace_begin(false);
    return rt_ctl.cut | rt_ctl.due;
}

/* Nobody takes it: the clock goes on. */
static struct g *be_early(void)
{
    rt_ctl.hurry = true;
    rt_ctl.early--;
    return NULL;
}

/* The one who would park is let go on first. */
static __attribute__((noinline)) struct g *meet(struct rt_point *p,
                                                const struct go_step *step)
{
    struct rt_point *q = rt_ctl.at[step->partner];

    if (q->would_park(q)) {
        p->which = step->which;
        rt_ctl.then = p;
        return rt_ctl_go_on(q, RT_POINT_PARK - step->partner_which);
    }
    rt_assert(p->would_park(p), "two meet, and none of them would park");
    q->which = step->partner_which;
    rt_ctl.then = q;
    return rt_ctl_go_on(p, RT_POINT_PARK - step->which);
}

static inline struct g *take(const struct go_step *step)
{
    struct rt_point *p = (struct rt_point *)step->point; /* its first part */

    if (rt_unlikely(!p))
        return be_early();
    rt_assert(!p->g->proven, "a step of a goroutine that was proven stuck");
    rt_ctl.spins =
        is_spin(step) || RT_DRAW_SPINS >> p->at.op & 1 ? rt_ctl.spins + 1 : 0;
    if (rt_unlikely(step->partner != GO_NOWHERE && p->would_park))
        return meet(p, step);
    return rt_ctl_go_on(p, step->which); /* the partner is woken, if any */
}

/* Nobody is asked: grace.c. */
static __attribute__((noinline)) struct g *take_turn(void)
{
    uint32_t k = rt_ctl_grace_step();
    struct g *g;

    rt_ctl.cut |= k == GO_NOWHERE;
    if (k == GO_NOWHERE)
        return NULL;
    g = take(&rt_ctl.steps[k]);
    if (!rt_ctl.spins)
        rt_ctl_grace_progress();
    return g;
}

/* Whether all choices are the driver's, up to the next one that is. */
static bool is_close(void)
{
    return rt_ctl.draws.by == &rt_draw_none || rt_ctl.afresh ||
           rt_ctl.words > 1 || rt_ctl.grace.on || rt_load(rt_timers_armed);
}

/* The step that the driver takes; NULL: none. */
static inline struct g *choose(void)
{
    struct g *g;
    uint32_t k = rt_ctl.bound ? GO_NOWHERE
                              : rt_ctl.by->choose(rt_ctl.by->arg, rt_ctl.steps,
                                                  rt_ctl.n);

    rt_draw_skip();
    if (k == GO_NOWHERE) {
        rt_ctl.bound = true;
        rt_ctl.look = rt_ctl.livelock.how != NULL;
        return NULL;
    }
    rt_check(k < rt_ctl.n, "the driver takes a step that is not on offer");
    rt_ctl_answered();
    rt_ctl.taken++;
    g = take(&rt_ctl.steps[k]);
    if (!rt_load(rt_ctl.draws.closely))
        rt_draw_open();
    return g;
}

/* There is no step, nor does time bring one, nor has anybody spun for so long that
   something is to come of it: what rt_decide would find out by and by. */
static inline bool is_at_end(void)
{
    if (!is_empty())
        return false;
    rt_draw_count();
    if (rt_ctl.spins >= RT_DRAW_SPINS_MAX)
        return false;
    rt_store(rt_ctl.moment, rt_ctl.moment + 1);
    return true;
}

/* The driver is; or it is for others to say what comes. */
static __attribute__((noinline)) struct g *ask_for_it(void)
{
    rt_store(rt_ctl.moment, rt_ctl.moment + 1); /* handlers read it */
    if (is_empty())
        return NULL;
    if (rt_unlikely(!rt_ctl_offered()))
        rt_ctl_offer_anew();
    rt_store(rt_ctl.draws.until, 0);
    rt_store(rt_ctl.draws.closely, is_close());
    if (rt_unlikely(!rt_ctl.n))
        return NULL;
    if (rt_unlikely(rt_ctl.grace.on))
        return take_turn();
    if (rt_unlikely(rt_ctl.taken >= rt_ctl.looks.steps)) {
        rt_ctl.look = true;
        return NULL;
    }
    return choose();
}

struct g *rt_decide_closely(void)
{
    struct rt_point *p = NULL;

    rt_draw_count();
    if (rt_unlikely(rt_ctl.spins >= RT_DRAW_SPINS_MAX) && is_in_vain())
        return NULL;
    if (!rt_load(rt_ctl.draws.closely) &&
        rt_ctl.draws.from >= rt_load(rt_ctl.draws.until)) {
        rt_draw_open();
        p = rt_draw();
    }
    return p ? rt_ctl_goes(p) : ask_for_it();
}

void rt_control_timed(void)
{
    rt_ctl_closely();
}

/* ---- standing there ------------------------------------------------------*/

void go_control_watch(uint32_t task)
{
    rt_ctl.watched = rt_ctl.tasks[task].g;
}

__attribute__((noinline)) void go_control_reached(void)
{
    rt_ctl.watched = NULL;
    __asm__ volatile(""); /* not the tail of who calls it */
}

struct g *rt_point_else(struct p *p)
{
    return rt_ctl.stops | rt_load(rt_s.attention) ? NULL : rt_pick_any(p);
}

void rt_point_wait(struct g *g, struct rt_point *p)
{
    bool asks =
        p->offer && (p->would_park || !rt_ctl_has_more(GO_MORE_ARRIVALS));

    p->which = RT_POINT_ANY;
    p->at.task = g->task;
    p->at.goroutine = g->id;
    p->g = g;
    p->guard = asks ? &rt_ask : &rt_always;
    rt_ctl.afresh = true;
    if (asks)
        rt_ctl_closely();
    rt_point_stand(g, p);
}

void rt_point_slow(struct g *g, enum go_op op, const void *obj,
                   const rt_guard *guard, const struct go_site *site)
{
    rt_point_plain(g, op, obj, guard, site);
}

/* ---- the scheduler asks ----------------------------------------------------*/

/* Who goes on by no step; NULL: nobody does, and what comes is for others to say.
   False: a step is to be taken. */
static __attribute__((noinline)) bool goes_unasked(struct p *p, struct g **g)
{
    *g = NULL;
    if (rt_ctl.cut)
        return true;
    *g = rt_ctl_anybody(p) ? rt_pick_any(p) : NULL;
    if (*g || rt_ctl.over || rt_ctl.bound || rt_ctl.hurry || rt_ctl.due ||
        rt_ctl.look || rt_ctl.proven)
        return true;
    if (rt_ctl.then) {
        struct rt_point *then = rt_ctl.then;

        rt_ctl.then = NULL;
        *g = rt_ctl_go_on(then, then->which);
        return true;
    }
    return rt_ctl.still && rt_m()->g; /* from the scheduler */
}

struct g *rt_control_pick(struct p *p)
{
    struct g *g;

    if (rt_unlikely(rt_ctl.stops | (uintptr_t)rt_ctl.then |
                    rt_ctl_anybody(p)) &&
        goes_unasked(p, &g))
        return g;
    rt_ctl_settle();
    return is_at_end() ? NULL : rt_decide();
}

uint32_t rt_control_number(const struct g *g, uint32_t n)
{
    uint32_t k;

    rt_draw_count();
    k = n > 1 && !rt_ctl.over ? rt_ctl.by->number(rt_ctl.by->arg, g->task, n)
                              : 0;
    rt_draw_skip();
    rt_check(k < n, "the driver draws a number that is too big");
    rt_ctl_answered();
    return k;
}

void rt_control_yield(struct g *g, const struct go_site *site)
{
    bool polls = rt_polls(g);

    rt_point_slow(g, GO_OP_YIELD, NULL, &rt_always, site);
    if (!polls)
        return;
    rt_ctl.unasked |= GO_UNASKED_CLOCK;
    rt_clock_flow(GO_MICROSECOND);
}

void rt_note_slow(enum go_note note, const struct g *g, const void *obj)
{
    if (rt_ctl.note && !rt_ctl.over)
        rt_ctl.note(rt_ctl.by->arg, note, g->task, obj, GO_NOWHERE);
}

void rt_note_wake_slow(const struct g *other)
{
    const struct g *by = rt_m()->g;

    if (rt_ctl.note && !rt_ctl.over && by)
        rt_ctl.note(rt_ctl.by->arg, GO_NOTE_WAKE, by->task, NULL, other->task);
}
