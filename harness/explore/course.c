/*
 * course.c - one execution of a search, choice by choice.
 *
 * In:  whose turn it is; what is on offer. Out: what is taken, noted, and seen
 * by all who watch.
 *
 * C1  Every choice is recorded before it is done.
 * C2  The exhaustive search would try each number of rounds of a loop that
 *     waits: after some the execution goes on by the default schedule, to where
 *     it is looked at (sched/looks.c), and is cut off. It is not complete.
 * C3  A look at the clock costs what a step does, and a step may wait in a call
 *     for as long as it likes: how much is done between two looks follows how
 *     long it took, so that a search is over soon after its time.
 * C4  An execution that is short comes to its end when the time is up: who is
 *     in a call may wait there for what is not done in one that was cut off.
 * C5  Who is interrupted has no more time.
 */
#include "harness/explore/course.h"

#include "harness/clock.h"
#include "harness/explore/interrupt.h"

enum {
    WORK_MAX = 1 << 14,  /* between two looks at the clock, at the most */
    LOOK_STEPS = 400,    /* a look at memory takes the time of so many */
    LOOK_FREE = 1 << 13, /* looks that need not be earned by steps */
    IDLE_MAX = 8,        /* steps for nothing, where all are to be tried, for
                            each round of a loop that is; */
    LINGER_STEPS = 1100, /* from there to two moments at which it is looked */
    LINGERS = 32         /* executions of a search that go on to there */
};
#define PACE   (10 * GO_MILLISECOND) /* from one look at the clock to the next */
#define LEEWAY (GO_SECOND / 4) /* to come to its end: C4; < the least grace */

/* As much as takes about PACE: twice what took less, the part of what took
   more. */
static void set_pace(struct hn_course *c, int64_t took)
{
    uint64_t every = took < PACE ? 2 * (uint64_t)c->every + 1
                                 : (uint64_t)c->work * PACE / (uint64_t)took;

    c->every = every < WORK_MAX ? (uint32_t)every : WORK_MAX;
    c->work = 0;
}

/* C3. Whether it is so late. */
static __attribute__((noinline)) bool look_at_clock(struct hn_course *c,
                                                    int64_t late)
{
    enum hn_interrupt why = hn_interrupt_why();
    int64_t now = hn_now_ns(), at = hn_interrupted(),
            until = c->ask->time > 0 ? c->began + c->ask->time : INT64_MAX;

    set_pace(c, now - c->looked);
    c->looked = now;
    c->to->limits.late |= now >= until || why == HN_INTERRUPT_LATE;
    c->to->limits.interrupted |= why == HN_INTERRUPT_ASKED;
    if (at && at < until) /* C5 */
        until = at;
    return now >= until && now - until >= late;
}

static inline bool is_late(struct hn_course *c, uint32_t work, int64_t late)
{
    c->work += work;
    return c->work >= c->every && look_at_clock(c, late);
}

bool hn_course_late(struct hn_course *c)
{
    return c->to->limits.late || c->to->limits.interrupted || is_late(c, 1, 0);
}

void hn_course_set_out(struct hn_course *c)
{
    c->began = c->looked = hn_now_ns();
    c->work = c->every = 0;
}

/* A loop that waits, where every way through it is one more schedule: C2. */
static bool is_too_idle(const struct hn_course *c)
{
    return c->idle && hn_watch_idle(c->watch) > c->idle;
}

/* Whether it goes on, then: it is not the strategy's any more. */
static bool lingers(struct hn_course *c)
{
    uint64_t at = c->to->now.n;

    c->to->limits.loops = true;
    if (!c->looped && c->kind->leaves)
        c->kind->leaves(c->strategy);
    c->looped = true;
    if (!c->until && c->lingers < LINGERS) {
        c->lingers++;
        c->until = 4 * at + LINGER_STEPS;
        c->plain = false;
        c->base.usual = HN_DEFAULT_INIT;
    }
    c->stopped = at >= c->until;
    return !c->stopped;
}

static uint32_t choose_again(struct hn_course *c, const struct go_step *steps,
                             uint32_t n)
{
    uint32_t k = hn_twice_choose(&c->twice, steps, n);

    if (k != GO_NOWHERE)
        hn_record_add(&c->to->now, k); /* C1 */
    return k;
}

/* What was drawn since: as take has it, of steps that are nothing to others. */
static inline void count_drawn(struct hn_course *c)
{
    uint64_t ops;
    uint32_t drawn = hn_drawn_count(&c->drawn, &ops);

    c->work += drawn;
    hn_watch_drew(c->watch, drawn, ops & HN_WATCH_MOVES);
    hn_runaway_drew(&c->runaway, drawn);
}

/* Or made as it was known; no more than up to the next look at the clock: C3. */
static __attribute__((noinline)) void let_draw(struct hn_course *c)
{
    bool may = !c->ask->prefix && !c->until && !hn_watch_alert(c->watch) &&
               !hn_twice_notes(&c->twice) &&
               hn_record_room(&c->to->now) > HN_DRAWN_MAX &&
               c->runaway.steps + HN_DRAWN_MAX < HN_RUNAWAY_FROM &&
               c->work < c->every;

    hn_drawn_allow(&c->drawn, may ? c->every - c->work : 0);
}

/* It was chosen: it is noted, and done. */
static inline uint32_t take(struct hn_course *c, const struct go_step *steps,
                            uint32_t n, uint32_t k)
{
    c->in_vain = k == GO_NOWHERE;
    if (c->in_vain)
        return k; /* the strategy knows where this leads to */
    if (is_late(c, n, LEEWAY)) {
        c->stopped = true;
        return GO_NOWHERE;
    }
    hn_record_add(&c->to->now, k); /* C1 */
    hn_watch_took(c->watch, steps, n, k);
    hn_twice_step(&c->twice, steps, k);
    hn_runaway_took(&c->runaway, &steps[k]);
    if (__builtin_expect(c->fair, 0))
        hn_starve_took(&c->starve, &steps[k]);
    return k;
}

/* The strategy has not: it knows where this leads to, or it is a loop that
   waits. */
static __attribute__((noinline)) uint32_t
choose_in_vain(struct hn_course *c, const struct go_step *steps, uint32_t n)
{
    return c->kind->loops && c->kind->loops(c->strategy) && lingers(c)
               ? hn_follow_choose(&c->base, steps, n)
               : GO_NOWHERE;
}

static inline uint32_t ask_strategy(struct hn_course *c,
                                    const struct go_step *steps, uint32_t n)
{
    uint32_t k = c->kind->choose(c->strategy, steps, n);

    return __builtin_expect(k == GO_NOWHERE, 0) ? choose_in_vain(c, steps, n)
                                                : k;
}

static __attribute__((noinline)) uint32_t
choose_closely(struct hn_course *c, const struct go_step *steps, uint32_t n)
{
    if (c->twice.again)
        return choose_again(c, steps, n);
    if (hn_watch_moment(c->watch))
        return GO_NOWHERE;
    if ((c->until || is_too_idle(c)) && !lingers(c))
        return GO_NOWHERE;
    return take(c, steps, n,
                c->kind && !c->until && !hn_follow_leads(&c->base)
                    ? ask_strategy(c, steps, n)
                    : hn_follow_choose(&c->base, steps, n));
}

uint32_t hn_course_choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_course *c = arg;
    uint32_t k;

    hn_tasks_meet(&c->to->tasks, steps, n);
    if (hn_drawn_any(&c->drawn))
        count_drawn(c);
    if (__builtin_expect(!c->plain || is_too_idle(c), 0))
        k = choose_closely(c, steps, n);
    else if (hn_watch_moment(c->watch))
        k = GO_NOWHERE;
    else
        k = take(c, steps, n, ask_strategy(c, steps, n));
    if (hn_drawn_left(&c->drawn))
        let_draw(c);
    return k;
}

void hn_course_end(struct hn_course *c)
{
    count_drawn(c);
}

uint32_t hn_course_number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_course *c = arg;
    uint32_t k;

    count_drawn(c);
    k = c->twice.again ? hn_twice_draw(&c->twice, task, n)
        : c->kind && !c->until && !hn_follow_leads(&c->base)
            ? c->kind->number(c->strategy, task, n)
            : hn_follow_number(&c->base, task, n);
    c->to->limits.wide |= n > HN_WIDE;
    hn_record_add(&c->to->now, k);
    hn_watch_break(c->watch);
    if (!c->twice.again)
        hn_twice_number(&c->twice, task, k, n);
    return k;
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct hn_course *c = arg;

    if (!c->until)
        c->kind->note(c->strategy, what, task, object, other);
}

static void note_fair(void *arg, enum go_note what, uint32_t task,
                      const void *object, uint32_t other)
{
    struct hn_course *c = arg;

    if (what == GO_NOTE_FAILED)
        hn_starve_failed(&c->starve, task);
    if (c->kind->note)
        note(arg, what, task, object, other);
}

/* Looks take their part of the time, not all. */
static enum hn_watch_how how_to_watch(const struct hn_course *c)
{
    uint64_t earned = LOOK_FREE + c->to->points / LOOK_STEPS;

    return !c->ask->blind && hn_watch_looks(c->watch) < earned
               ? HN_WATCH_PATIENT
               : HN_WATCH_COUNT;
}

static void begin_draw(struct hn_course *c, struct go_control *control)
{
    hn_drawn_begin(&c->drawn, c->kind, c->strategy, control->note != NULL,
                   HN_WATCH_NEUTRAL | HN_WATCH_MOVES, &c->to->now);
    control->draw = hn_drawn_control(&c->drawn);
    let_draw(c);
}

void hn_course_begin(struct hn_course *c, struct go_control *control,
                     uint32_t more)
{
    const struct hn_strategy_kind *kind = c->kind;

    c->stopped = c->in_vain = c->looped = false;
    c->until = 0;
    c->fair = kind && kind->fair;
    hn_record_begin(&c->to->now, more);
    c->to->racy_now = control->early > 0;
    c->to->strategy_now = kind ? kind->name : "default";
    control->note = c->fair ? note_fair : kind && kind->note ? note : NULL;
    hn_follow_begin(&c->base);
    hn_watch_begin(c->watch, how_to_watch(c));
    hn_twice_begin(&c->twice, false);
    hn_runaway_begin(&c->runaway);
    hn_starve_begin(&c->starve);
    c->plain = kind && !c->ask->prefix;
    if (kind)
        kind->begin(c->strategy);
    c->idle = kind && kind->rounds ? IDLE_MAX * kind->rounds(c->strategy) : 0;
    begin_draw(c, control);
}

void hn_course_again(struct hn_course *c, struct go_control *control)
{
    hn_record_begin(&c->to->now, c->to->now.more);
    control->note = NULL;
    control->draw = NULL;
    hn_watch_begin(c->watch, HN_WATCH_COUNT);
    hn_twice_begin(&c->twice, true);
    c->plain = false;
}
