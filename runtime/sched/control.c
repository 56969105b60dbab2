/*
 * control.c - the controlled mode: one thread, every choice asked for.
 *
 * In:  goroutines that come to a point; a driver (struct go_control). Out: who
 * goes on, and when an execution is over; then the next one, from the start.
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
#include "runtime/sched/control.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/sched/handed.h"
#include "runtime/sched/park.h"
#include "runtime/sched/race.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/task.h"
#include "runtime/sched/timer.h"

enum {
    STEPS_MAX = 1 << 16,  /* that can be done at one moment */
    ADVANCES_MAX = 10000, /* of the clock in an execution */
    SPINS_MAX = 1000,     /* C5 */
    BITS = 64,
};

/* A task's part in this execution. */
struct task {
    struct g *g;         /* its stack, whether or not it lives: C2 */
    struct rt_point *at; /* NULL: stands nowhere */
    uint32_t spawned;    /* goroutines, so far */
    bool lives;
};

bool rt_controlled, rt_releases_seen;
static struct {
    const struct go_control *by;
    struct rt_spawn main; /* how each execution begins */
    uintptr_t arg[GO_CALL_MAX];

    struct task tasks[RT_TASKS_MAX];
    uint64_t standing[RT_TASKS_MAX / BITS]; /* bit set: tasks[].at is */
    uint32_t words;                         /* of standing that are in use */
    uint32_t clock_spawned;

    struct go_step steps[STEPS_MAX];
    uint32_t n;
    struct rt_point *then; /* the other one of a rendezvous */
    struct g *decided;     /* who goes on, by a step that was taken already */

    bool loops;     /* executions follow each other */
    bool over;      /* this one is */
    bool bound;     /* it was given up */
    bool cut;       /* by main's return, or a panic */
    uint32_t more;  /* what else is a step, enum go_more */
    bool hurry;     /* the clock goes on although more can be done */
    bool still;     /* choices are made on no goroutine's stack */
    bool due;       /* the clock goes on, for all only spin: C5 */
    bool flowed;    /* it has, in this execution */
    uint32_t spins; /* steps in a row */
    uint32_t early; /* how often yet */
    uint32_t advances;
    struct g *panicked;
    const char *message;
    struct rt_livelock livelock;
    uint32_t watched; /* the task whose step is to be stopped at + 1; 0: none */
    uint64_t taken;   /* steps */
    uint64_t moment;  /* of offers; never the same twice */
} ctl;

/* ---- points --------------------------------------------------------------*/

static inline void stand(uint32_t task, struct rt_point *p)
{
    ctl.tasks[task].at = p;
    if (p)
        ctl.standing[task / BITS] |= 1ull << (task % BITS);
    else
        ctl.standing[task / BITS] &= ~(1ull << (task % BITS));
}

static struct g *decide(void);

/* Nothing comes before the next step. */
static inline bool is_next(const struct p *p)
{
    return !p->next && !p->q.n && !p->fresh.n && !rt_s.global.n && !ctl.then &&
           !(ctl.cut | ctl.bound | ctl.hurry | ctl.still | ctl.due) &&
           !rt_load(rt_s.attention);
}

static inline void wait_at(struct g *g, struct rt_point *p)
{
    struct m *m = rt_m();
    struct g *next;

    p->which = RT_POINT_ANY;
    g->last = p->at.site;
    if (ctl.over)
        return;
    p->at.task = g->task;
    p->at.goroutine = g->id;
    rt_assert(!ctl.tasks[g->task].at, "C1: stands at two points");
    stand(g->task, p);
    next = is_next(m->p) ? decide() : NULL;
    if (next != g) { /* else it goes on itself: no switch */
        rt_g_set_status(g, RT_G_RUNNING, RT_G_RUNNABLE);
        if (next && !m->call && !rt_load(rt_s.attention)) {
            rt_switch_to(g, next);
        } else {
            ctl.decided = next;
            rt_switch_away(g);
        }
    }
    if (rt_unlikely(ctl.watched == g->task + 1))
        go_control_reached();
}

void go_control_watch(uint32_t task)
{
    ctl.watched = task + 1;
}

__attribute__((noinline)) void go_control_reached(void)
{
    ctl.watched = 0;
    __asm__ volatile(""); /* not the tail of who calls it */
}

void rt_point_wait(struct g *g, struct rt_point *p)
{
    wait_at(g, p);
}

/* What the fast path of unlocks asks. */
static void see_releases(void)
{
    rt_store(rt_releases_seen,
             rt_load(rt_controlled) &&
                 (ctl.by->note || rt_race_on() || ctl.more & GO_MORE_RELEASES));
}

void rt_point_more(enum go_more what)
{
    ctl.more |= what;
    see_releases();
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
    return ctl.more & what;
}

void rt_point_give_up(void)
{
    ctl.bound = true;
}

uint64_t go_control_moment(void)
{
    return rt_load(ctl.moment);
}

uint64_t rt_point_moment(void)
{
    return ctl.moment;
}

const struct rt_point *rt_point_next(uint32_t *i)
{
    uint32_t word = *i / BITS;
    uint64_t bits;

    if (word >= ctl.words)
        return NULL;
    bits = ctl.standing[word] >> (*i % BITS);
    if (!bits) {
        do
            if (++word >= ctl.words)
                return NULL;
        while (!(bits = ctl.standing[word]));
        *i = word * BITS;
    }
    *i += (uint32_t)__builtin_ctzll(bits);
    return ctl.tasks[(*i)++].at;
}

const struct go_point *go_control_point(uint32_t task)
{
    return task < rt_task_count() && ctl.tasks[task].at
               ? &ctl.tasks[task].at->at
               : NULL;
}

uint32_t go_control_more(void)
{
    return ctl.more;
}

bool go_control_runs(void)
{
    const struct g *g = rt_g();

    return g && rt_is_controlled(g) && !ctl.over;
}

bool go_control_may_hurry(void)
{
    return ctl.early && rt_timer_next() != INT64_MAX;
}

uint32_t go_control_next(uint32_t task)
{
    const struct rt_point *p = rt_point_next(&task);

    return p ? p->at.task : GO_NOWHERE;
}

uint32_t go_control_parked(uint32_t task, struct go_point *to)
{
    for (; task < rt_task_count(); task++) {
        const struct task *t = &ctl.tasks[task];

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
    ctl.still = still;
}

bool rt_point_is_still(void)
{
    return ctl.still;
}

void go_control_livelock(const char *how, const uint32_t *tasks, uint32_t n)
{
    rt_check(n > 0 && n <= GO_LIVELOCK_MAX, "a livelock of nobody");
    ctl.livelock.how = how;
    ctl.livelock.n = n;
    for (uint32_t i = 0; i < n; i++)
        ctl.livelock.goroutines[i] = ctl.tasks[tasks[i]].g->id;
}

const struct rt_livelock *rt_control_livelock(void)
{
    return ctl.livelock.how ? &ctl.livelock : NULL;
}

/* ---- what can be done, and what is ---------------------------------------*/

static inline void offer(const struct rt_point *p, int32_t which,
                         uint32_t partner, int32_t partner_which)
{
    if (rt_unlikely(ctl.n == STEPS_MAX)) {
        ctl.bound = true;
        return;
    }
    ctl.steps[ctl.n++] =
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
    ctl.n = 0;
    ctl.moment++;
    for (uint32_t word = 0; word < ctl.words; word++)
        for (uint64_t bits = ctl.standing[word]; bits; bits &= bits - 1)
            offer_one(
                ctl.tasks[word * BITS + (uint32_t)__builtin_ctzll(bits)].at);
    if (ctl.n && go_control_may_hurry())
        offer(NULL, RT_POINT_ANY, GO_NOWHERE, -1);
}

/* p goes on, and does what it announced. */
static struct g *go_on(struct rt_point *p, int32_t which)
{
    p->which = which;
    stand(p->at.task, NULL);
    return ctl.tasks[p->at.task].g;
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

static bool is_left(void)
{
    for (uint32_t i = 0; i < rt_task_count(); i++)
        if (ctl.tasks[i].lives && !ctl.tasks[i].g->daemon)
            return true;
    return false;
}

/* C5: they have spun for long enough, and something else comes. */
static bool is_in_vain(void)
{
    if (ctl.spins < SPINS_MAX)
        return false;
    ctl.spins = 0;
    if (rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) && !is_left())
        ctl.cut = true;
    else if (rt_timer_next() != INT64_MAX)
        ctl.due = ctl.flowed = true;
    return ctl.cut | ctl.due;
}

static struct g *take(const struct go_step *step)
{
    struct rt_point *p, *q;

    if (!step->point) {
        ctl.hurry = true;
        ctl.early--;
        return NULL;
    }
    p = ctl.tasks[step->point->task].at;
    ctl.spins = is_spin((enum go_op)p->at.op) ? ctl.spins + 1 : 0;
    if (step->partner == GO_NOWHERE || !p->would_park) /* or it is woken */
        return go_on(p, step->which);
    q = ctl.tasks[step->partner].at;
    if (q->would_park(q)) {
        p->which = step->which;
        ctl.then = p;
        return go_on(q, RT_POINT_PARK - step->partner_which);
    }
    rt_assert(p->would_park(p), "two meet, and none of them would park");
    q->which = step->partner_which;
    ctl.then = q;
    return go_on(p, RT_POINT_PARK - step->which);
}

static struct g *decide(void)
{
    uint32_t k;

    if (is_in_vain())
        return NULL;
    offer_all();
    if (!ctl.n)
        return NULL;
    if (ctl.taken >= ctl.by->steps)
        ctl.bound = true;
    k = ctl.bound ? GO_NOWHERE : ctl.by->choose(ctl.by->arg, ctl.steps, ctl.n);
    if (k == GO_NOWHERE) {
        ctl.bound = true;
        return NULL;
    }
    rt_check(k < ctl.n, "the driver takes a step that is not on offer");
    ctl.taken++;
    return take(&ctl.steps[k]);
}

struct g *rt_control_pick(struct p *p)
{
    struct g *g;

    if (ctl.cut)
        return NULL;
    if ((g = ctl.decided)) {
        ctl.decided = NULL;
        return g;
    }
    g = rt_pick_ready(p);
    if (!g)
        g = rt_pick_global();
    if (g || ctl.over || ctl.bound || ctl.hurry || ctl.due)
        return g;
    if (ctl.then) {
        struct rt_point *then = ctl.then;

        ctl.then = NULL;
        return go_on(then, then->which);
    }
    return ctl.still && rt_m()->g ? NULL : decide(); /* from the scheduler */
}

uint32_t rt_control_number(const struct g *g, uint32_t n)
{
    uint32_t k =
        n > 1 && !ctl.over ? ctl.by->number(ctl.by->arg, g->task, n) : 0;

    rt_check(k < n, "the driver draws a number that is too big");
    return k;
}

void rt_control_yield(struct g *g, const struct go_site *site)
{
    bool polls = rt_polls(g);

    rt_point_slow(g, GO_OP_YIELD, NULL, NULL, site);
    if (!polls)
        return;
    ctl.flowed = true;
    rt_clock_flow(GO_MICROSECOND);
}

void rt_note_slow(enum go_note note, const struct g *g, const void *obj)
{
    if (ctl.by->note && !ctl.over)
        ctl.by->note(ctl.by->arg, note, g->task, obj, GO_NOWHERE);
}

void rt_note_wake_slow(const struct g *other)
{
    const struct g *by = rt_m()->g;

    if (ctl.by->note && !ctl.over && by)
        ctl.by->note(ctl.by->arg, GO_NOTE_WAKE, by->task, NULL, other->task);
}

static bool is_in_livelock(const struct g *g)
{
    const struct rt_livelock *l = &ctl.livelock;

    for (uint32_t i = 0; l->how && i < l->n; i++)
        if (l->goroutines[i] == g->id)
            return true;
    return false;
}

/* Without control from here on: those who stand somewhere go on as they can;
   who is in a livelock stays for the last look, and none of the others can. */
static void let_go(void)
{
    uint32_t i = 0;
    const struct rt_point *p;

    rt_store(rt_controlled, false);
    rt_race_end();
    see_releases();
    if (ctl.then)
        rt_enqueue_global(go_on(ctl.then, ctl.then->which));
    ctl.then = NULL;
    while ((p = rt_point_next(&i)))
        if (!is_in_livelock(ctl.tasks[p->at.task].g))
            rt_enqueue_global(go_on(ctl.tasks[p->at.task].at, RT_POINT_ANY));
}

/* ---- tasks ---------------------------------------------------------------*/

/* Tasks without a number are not controlled: the execution is cut off, or the
   run goes on by the ordinary rules. */
static void too_many(void)
{
    if (ctl.loops)
        ctl.bound = ctl.cut = true;
    else
        let_go();
}

struct g *rt_control_stack(struct p *p, struct g *by, uint32_t *task)
{
    uint32_t *spawned = &ctl.clock_spawned, parent = RT_TASK_CLOCK;
    struct task *t;

    if (by && by->status != RT_G_FOREIGN) {
        parent = by->task;
        spawned = &ctl.tasks[parent].spawned;
    }
    *task = rt_s.last_id ? rt_task_number(parent, *spawned) : 0;
    if (*task == GO_NOWHERE) {
        too_many();
        return rt_stack_take(p);
    }
    ++*spawned;
    t = &ctl.tasks[*task];
    rt_check(!t->lives, "one task twice in an execution");
    if (!t->g) {
        t->g = rt_stack_take(p);
    } else { /* C4 */
        rt_san_unpoison(rt_stack_low(t->g), rt_stack_size());
        rt_stack_scrub(t->g);
    }
    if (ctl.words <= *task / BITS)
        ctl.words = *task / BITS + 1;
    return t->g;
}

void rt_control_spawned(struct g *by, struct g *g)
{
    struct task *t;

    if (g->task == GO_NOWHERE)
        return;
    t = &ctl.tasks[g->task];
    t->lives = true;
    t->spawned = 0;
    if (ctl.by->note && by && by->status != RT_G_FOREIGN)
        ctl.by->note(ctl.by->arg, GO_NOTE_SPAWN, by->task, NULL, g->task);
}

void rt_control_exit(struct g *g)
{
    rt_note_slow(GO_NOTE_END, g, NULL);
}

void rt_control_finish(struct g *g)
{
    ctl.tasks[g->task].lives = false;
}

bool rt_control_cut(void)
{
    if (!ctl.loops)
        return false;
    ctl.cut = true;
    return true;
}

bool rt_control_panic(struct g *g, const char *message)
{
    if (!ctl.loops)
        return false;
    ctl.panicked = g;
    ctl.message = message;
    ctl.cut = true;
    return true;
}

/* ---- one execution after another -----------------------------------------*/

static struct go_execution outcome(void)
{
    bool main_over = rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited);
    struct go_execution e = {.steps = ctl.taken,
                             .clock = rt_now(),
                             .timers = rt_timer_used(),
                             .panic = ctl.message,
                             .flowed = ctl.flowed};

    if (ctl.panicked) {
        e.goroutine = ctl.panicked->id;
        e.site = ctl.panicked->last;
    }
    e.end = ctl.livelock.how ? GO_END_LIVELOCK
            : ctl.bound      ? GO_END_BOUND
            : ctl.panicked   ? GO_END_PANIC
            : !main_over     ? GO_END_STUCK
            : is_left()      ? GO_END_LEFT
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

    while ((g = rt_pick_ready(p)) || (g = rt_pick_global()))
        if (g->task == GO_NOWHERE) {
            drop(g);
            rt_stack_give(p, g);
        }
    for (uint32_t i = 0; i < rt_task_count(); i++) {
        struct task *t = &ctl.tasks[i];

        if (t->lives)
            drop(t->g);
        t->lives = false;
        t->at = NULL;
        t->spawned = 0;
    }
    memset(ctl.standing, 0, ctl.words * sizeof(*ctl.standing));
    ctl.clock_spawned = 0;
}

static void begin_execution(void)
{
    ctl.then = NULL;
    ctl.decided = NULL;
    ctl.over = ctl.bound = ctl.cut = ctl.hurry = ctl.still = false;
    ctl.due = ctl.flowed = false;
    ctl.spins = 0;
    ctl.livelock.how = NULL;
    ctl.early = ctl.by->early;
    if (ctl.by->alike)
        ctl.more = ctl.by->more;
    see_releases();
    ctl.advances = 0;
    ctl.taken = 0;
    ctl.panicked = NULL;
    ctl.message = NULL;
    ctl.watched = 0;
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
    if (ctl.by->reset)
        ctl.by->reset(ctl.by->arg);
    rt_store(p->tick, 0);
    p->next_row = 0;
    rt_store(rt_s.ng, 0);
    rt_store(rt_s.last_id, 0);
    rt_store(rt_s.virt, 0);
    rt_store(rt_s.main_ended, false);
    rt_store(rt_s.main_exited, false);
    begin_execution();
}

/* This execution is over: another one begins, or the run ends. */
static void next_execution(struct m *m)
{
    const struct go_execution e = outcome();

    if (ctl.by->over(ctl.by->arg, &e)) {
        reset(m->p);
        rt_check(rt_spawn(NULL, &ctl.main), "no stack for goroutine 1");
        return;
    }
    ctl.over = true;
    forget_tasks(m->p);
    rt_ended_forget();
    rt_store(rt_s.ng, 0);
}

/* To the earliest timer, if there is one that time may go on to. All that are
   due then fire before anybody runs. */
static bool advance(void)
{
    int64_t next = rt_timer_next();
    const struct rt_point *p;
    uint32_t i = 0;

    if (next == INT64_MAX ||
        (rt_load(rt_s.main_ended) && !rt_load(rt_s.main_exited) &&
         next > rt_load(rt_s.main_ended_at) + rt_s.config.settle_for)) {
        ctl.bound |= ctl.due; /* they could go on for ever */
        return false;
    }
    if (!ctl.hurry) {
        while ((p = rt_point_next(&i)))
            ctl.tasks[p->at.task].at->arrived = true;
        if (++ctl.advances > ADVANCES_MAX) {
            ctl.bound = true;
            return false;
        }
        if (ctl.by->note)
            ctl.by->note(ctl.by->arg, GO_NOTE_CLOCK, GO_NOWHERE, NULL,
                         GO_NOWHERE);
    }
    ctl.hurry = ctl.due = false;
    if (next > rt_now())
        rt_store(rt_s.virt, next);
    return true;
}

bool rt_control_loops(void)
{
    return rt_load(rt_controlled) && ctl.loops;
}

bool rt_control_done(void)
{
    return rt_load(rt_controlled) && ctl.over;
}

bool rt_control_idle(struct m *m)
{
    if (ctl.over)
        return false;
    if (rt_netpoll_waiters() || rt_load(rt_s.nblocking))
        return false; /* by the ordinary rules: real time */
    if (!ctl.cut && !ctl.bound && advance())
        return true;
    if (ctl.loops)
        next_execution(m);
    else
        let_go();
    return true;
}

void rt_control_begin(const struct rt_config *config,
                      const struct go_call *call, const struct go_site *site)
{
    rt_check(config->procs == 1 && config->clock_virtual,
             "a controlled run has one worker, and its own time");
    ctl.by = config->control;
    ctl.loops = ctl.by->over != NULL;
    memcpy(ctl.arg, call->arg, sizeof(ctl.arg));
    ctl.main = (struct rt_spawn){.fn = call->fn, .arg = ctl.arg, .site = site};
    ctl.more = ctl.by->more;
    /* what the run before has used: most of it was never touched */
    memset(ctl.tasks, 0, ctl.words * BITS * sizeof(*ctl.tasks));
    memset(ctl.standing, 0, sizeof(ctl.standing));
    ctl.words = 0;
    rt_race_begin(ctl.by);
    rt_store(rt_controlled, true);
    begin_execution();
    if (ctl.loops)
        rt_halt_rooms(); /* the first begins as the others will */
}

void rt_control_end(void)
{
    rt_store(rt_controlled, false);
    rt_race_end();
    see_releases();
    ctl.more = 0; /* who asks before the next run is not told of this one */
    ctl.livelock.how = NULL;
    ctl.by = NULL;
}
