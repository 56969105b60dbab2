/*
 * control.c - the controlled mode: one thread, every choice asked for.
 *
 * In:  goroutines that come to a point; a driver (struct go_control). Out: who
 * goes on. When an execution is over, and the next one: execution.c.
 *
 * Method: whoever is runnable runs, until all stand at a point, wait, or have
 * ended. Only then a step is taken: each point offers what can be done now,
 * the driver says which, and its goroutine goes on from there to its next
 * point. The switch is a direct one, and none when who stops goes on itself.
 * When nothing can be done the clock goes on; when that cannot, it is over.
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
 *     ever. After SPINS_MAX steps in a row that such loops are made of it is
 *     the clock's turn; and a yield of who polls the time takes 1 us.
 *     When main is over, and only daemons spin, so is the execution.
 */
#include "runtime/sched/controlled.h"
#include "runtime/sched/park.h"
#include "runtime/sched/race.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"
#include "runtime/sched/timer.h"

enum {
    SPINS_MAX = 1000, /* C5 */
};

/* ---- points --------------------------------------------------------------*/

static struct g *decide(void);

/* Nothing comes before the next step. */
static inline bool is_next(const struct p *p)
{
    return !p->next && !p->q.n && !p->fresh.n && !rt_s.global.n &&
           !rt_ctl.then &&
           !(rt_ctl.cut | rt_ctl.bound | rt_ctl.hurry | rt_ctl.still |
             rt_ctl.due) &&
           !rt_load(rt_s.attention);
}

static inline void wait_at(struct g *g, struct rt_point *p)
{
    struct m *m = rt_m();
    struct g *next;

    p->which = RT_POINT_ANY;
    g->last = p->at.site;
    if (rt_ctl.over)
        return;
    p->at.task = g->task;
    p->at.goroutine = g->id;
    rt_assert(!rt_ctl.tasks[g->task].at, "C1: stands at two points");
    rt_ctl_stand(g->task, p);
    next = is_next(m->p) ? decide() : NULL;
    if (next != g) { /* else it goes on itself: no switch */
        rt_g_set_status(g, RT_G_RUNNING, RT_G_RUNNABLE);
        if (next && !m->call && !rt_load(rt_s.attention)) {
            rt_switch_to(g, next);
        } else {
            rt_ctl.decided = next;
            rt_switch_away(g);
        }
    }
    if (rt_unlikely(rt_ctl.watched == g->task + 1))
        go_control_reached();
}

void go_control_watch(uint32_t task)
{
    rt_ctl.watched = task + 1;
}

__attribute__((noinline)) void go_control_reached(void)
{
    rt_ctl.watched = 0;
    __asm__ volatile(""); /* not the tail of who calls it */
}

void rt_point_wait(struct g *g, struct rt_point *p)
{
    wait_at(g, p);
}

void rt_point_more(enum go_more what)
{
    rt_ctl.more |= what;
    rt_ctl_see_releases();
}

void rt_point_slow(struct g *g, enum go_op op, const void *obj,
                   void (*offer)(const struct rt_point *p),
                   const struct go_site *site)
{
    struct rt_point p; /* field by field: what is not read need not be 0 */

    p.at.op = (uint16_t)op;
    p.at.otherwise = false;
    p.at.object = obj;
    p.at.size = 0;
    p.at.cases = NULL;
    p.at.ncase = 0;
    p.at.site = site;
    p.offer = offer;
    p.units = 0;
    p.would_park = NULL;
    p.arrived = false;
    if (op == GO_OP_TRYLOCK || op == GO_OP_TRYRLOCK || op == GO_OP_TRYACQUIRE)
        rt_point_more(GO_MORE_RELEASES);
    wait_at(g, &p);
}

bool rt_point_has_more(uint32_t what)
{
    return rt_ctl.more & what;
}

void rt_point_give_up(void)
{
    rt_ctl.bound = true;
}

uint64_t go_control_moment(void)
{
    return rt_load(rt_ctl.moment);
}

uint64_t rt_point_moment(void)
{
    return rt_ctl.moment;
}

const struct rt_point *rt_point_next(uint32_t *i)
{
    uint32_t word = *i / RT_CTL_BITS;
    uint64_t bits;

    if (word >= rt_ctl.words)
        return NULL;
    bits = rt_ctl.standing[word] >> (*i % RT_CTL_BITS);
    if (!bits) {
        do
            if (++word >= rt_ctl.words)
                return NULL;
        while (!(bits = rt_ctl.standing[word]));
        *i = word * RT_CTL_BITS;
    }
    *i += (uint32_t)__builtin_ctzll(bits);
    return rt_ctl.tasks[(*i)++].at;
}

const struct go_point *go_control_point(uint32_t task)
{
    return task < rt_task_count() && rt_ctl.tasks[task].at
               ? &rt_ctl.tasks[task].at->at
               : NULL;
}

uint32_t go_control_more(void)
{
    return rt_ctl.more;
}

bool go_control_runs(void)
{
    const struct g *g = rt_g();

    return g && rt_is_controlled(g) && !rt_ctl.over;
}

bool go_control_may_hurry(void)
{
    return rt_ctl.early && rt_timer_next() != INT64_MAX;
}

uint32_t go_control_next(uint32_t task)
{
    const struct rt_point *p = rt_point_next(&task);

    return p ? p->at.task : GO_NOWHERE;
}

uint32_t go_control_parked(uint32_t task, struct go_point *to)
{
    for (; task < rt_task_count(); task++) {
        const struct rt_ctl_task *t = &rt_ctl.tasks[task];

        if (!t->lives || t->at || t->g->daemon)
            continue;
        *to = (struct go_point){.task = task,
                                .object =
                                    t->g->wait.n ? t->g->wait.w[0].obj : NULL,
                                .site = t->g->last,
                                .goroutine = t->g->id};
        return task;
    }
    return GO_NOWHERE;
}

void go_control_still(bool still)
{
    rt_ctl.still = still;
}

bool rt_point_is_still(void)
{
    return rt_ctl.still;
}

void go_control_livelock(const char *how, const uint32_t *tasks, uint32_t n)
{
    rt_check(n > 0 && n <= GO_LIVELOCK_MAX, "a livelock of nobody");
    rt_ctl.livelock.how = how;
    rt_ctl.livelock.n = n;
    for (uint32_t i = 0; i < n; i++)
        rt_ctl.livelock.goroutines[i] = rt_ctl.tasks[tasks[i]].g->id;
}

const struct rt_livelock *rt_control_livelock(void)
{
    return rt_ctl.livelock.how ? &rt_ctl.livelock : NULL;
}

/* ---- what can be done, and what is ---------------------------------------*/

static inline void offer(const struct rt_point *p, int32_t which,
                         uint32_t partner, int32_t partner_which)
{
    if (rt_unlikely(rt_ctl.n == RT_CTL_STEPS)) {
        rt_ctl.bound = true;
        return;
    }
    rt_ctl.steps[rt_ctl.n++] =
        (struct go_step){p ? &p->at : NULL, which, partner, partner_which};
}

void rt_offer(const struct rt_point *p, int32_t which, uint32_t wakes)
{
    offer(p, which, wakes, -1);
}

void rt_offer_meet(const struct rt_point *p, int32_t which,
                   const struct rt_point *q, int32_t q_which)
{
    offer(p, which, q->at.task, q_which);
}

/* Who arrives in turn can begin whatever it stands at. Of channels the cases
   that are ready are offered each. */
static inline void offer_one(const struct rt_point *p)
{
    if (p->offer && (p->would_park || !rt_point_has_more(GO_MORE_ARRIVALS)))
        p->offer(p);
    else
        offer(p, RT_POINT_ANY, GO_NOWHERE, -1);
}

static void offer_all(void)
{
    rt_ctl.n = 0;
    rt_store(rt_ctl.moment, rt_ctl.moment + 1); /* a signal handler reads it */
    for (uint32_t word = 0; word < rt_ctl.words; word++)
        for (uint64_t bits = rt_ctl.standing[word]; bits; bits &= bits - 1)
            offer_one(
                rt_ctl
                    .tasks[word * RT_CTL_BITS + (uint32_t)__builtin_ctzll(bits)]
                    .at);
    if (rt_ctl.n && go_control_may_hurry())
        offer(NULL, RT_POINT_ANY, GO_NOWHERE, -1);
}

/* What a loop that waits is made of. */
static bool is_spin(enum go_op op)
{
    switch (op) {
    case GO_OP_YIELD:
    case GO_OP_TRYLOCK:
    case GO_OP_TRYRLOCK:
    case GO_OP_TRYACQUIRE:
    case GO_OP_TRYSEND:
    case GO_OP_TRYRECV:
    case GO_OP_LEN:
    case GO_OP_ERR:
    case GO_OP_LOAD:
    case GO_OP_UPDATE:
    case GO_OP_LOCK:
    case GO_OP_RLOCK:
    case GO_OP_UNLOCK:
        return true;
    default:
        return false;
    }
}

/* C5: they have spun for long enough, and something else comes. */
static bool is_in_vain(void)
{
    if (rt_ctl.spins < SPINS_MAX)
        return false;
    rt_ctl.spins = 0;
    if (rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) &&
        !rt_ctl_is_left())
        rt_ctl.cut = true;
    else if (rt_timer_next() != INT64_MAX)
        rt_ctl.due = rt_ctl.flowed = true;
    return rt_ctl.cut | rt_ctl.due;
}

static struct g *take(const struct go_step *step)
{
    struct rt_point *p, *q;

    if (!step->point) {
        rt_ctl.hurry = true;
        rt_ctl.early--;
        return NULL;
    }
    p = rt_ctl.tasks[step->point->task].at;
    rt_ctl.spins = is_spin((enum go_op)p->at.op) ? rt_ctl.spins + 1 : 0;
    if (step->partner == GO_NOWHERE || !p->would_park) /* or it is woken */
        return rt_ctl_go_on(p, step->which);
    q = rt_ctl.tasks[step->partner].at;
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

static struct g *decide(void)
{
    uint32_t k;

    if (is_in_vain())
        return NULL;
    offer_all();
    if (!rt_ctl.n)
        return NULL;
    if (rt_ctl.taken >= rt_ctl.by->steps)
        rt_ctl.bound = true;
    k = rt_ctl.bound
            ? GO_NOWHERE
            : rt_ctl.by->choose(rt_ctl.by->arg, rt_ctl.steps, rt_ctl.n);
    if (k == GO_NOWHERE) {
        rt_ctl.bound = true;
        return NULL;
    }
    rt_check(k < rt_ctl.n, "the driver takes a step that is not on offer");
    rt_ctl.taken++;
    return take(&rt_ctl.steps[k]);
}

struct g *rt_control_pick(struct p *p)
{
    struct g *g;

    if (rt_ctl.cut)
        return NULL;
    if ((g = rt_ctl.decided)) {
        rt_ctl.decided = NULL;
        return g;
    }
    g = rt_pick_ready(p);
    if (!g)
        g = rt_pick_global();
    if (g || rt_ctl.over || rt_ctl.bound || rt_ctl.hurry || rt_ctl.due)
        return g;
    if (rt_ctl.then) {
        struct rt_point *then = rt_ctl.then;

        rt_ctl.then = NULL;
        return rt_ctl_go_on(then, then->which);
    }
    return rt_ctl.still && rt_m()->g ? NULL : decide(); /* from the scheduler */
}

uint32_t rt_control_number(const struct g *g, uint32_t n)
{
    uint32_t k = n > 1 && !rt_ctl.over
                     ? rt_ctl.by->number(rt_ctl.by->arg, g->task, n)
                     : 0;

    rt_check(k < n, "the driver draws a number that is too big");
    return k;
}

void rt_control_yield(struct g *g, const struct go_site *site)
{
    bool polls = rt_polls(g);

    rt_point_slow(g, GO_OP_YIELD, NULL, NULL, site);
    if (!polls)
        return;
    rt_ctl.flowed = true;
    rt_clock_flow(GO_MICROSECOND);
}

void rt_note_slow(enum go_note note, const struct g *g, const void *obj)
{
    if (rt_ctl.by->note && !rt_ctl.over)
        rt_ctl.by->note(rt_ctl.by->arg, note, g->task, obj, GO_NOWHERE);
}

void rt_note_wake_slow(const struct g *other)
{
    const struct g *by = rt_m()->g;

    if (rt_ctl.by->note && !rt_ctl.over && by)
        rt_ctl.by->note(rt_ctl.by->arg, GO_NOTE_WAKE, by->task, NULL,
                        other->task);
}
