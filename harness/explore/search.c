/*
 * search.c - the portfolio: which strategy has the next executions.
 *
 * In:  what is asked for. Out: the first execution that fails, as its choices,
 * or all that fail otherwise than those before; or that all were tried.
 *
 * Method: no strategy finds everything, so the default is a plan: one run by
 * the default schedule, then some by those in turn that most often find what
 * there is at once; then rounds of 64 in which each random strategy has its
 * share; after two of these the exhaustive search for half of what is left,
 * then rounds again. A strategy keeps what it has learned from round to round.
 * In every second execution of theirs timers may be early.
 *
 * S1  Every choice is recorded before it is done.
 * S2  An execution that was cut off is no failure: it may be but long.
 * S3  With a prefix (exploration behind a schedule that is given) all
 *     executions begin by it: its choices are counted by what it says, in each.
 *     No search is exhaustive there.
 * S4  The exhaustive search would try each number of rounds of a loop that
 *     waits: after some the execution goes on by the default schedule, to where
 *     it is looked at (sched/looks.c), and is cut off. It is not complete.
 * S5  The first executions are done twice. Where they differ only random
 *     strategies go on, and nothing is claimed to be complete.
 * S6  Where all orders of arrival are steps no search is exhaustive either: dpor
 *     knows but of guards.
 * S7  Who searches in order does not go on after a crash: what could have been
 *     done at its end is gone with it.
 * S8  Apart (loop.h), what is to be known later is in memory that executions
 *     share.
 * S9  Where all were tried and timers could be early, or some executions were
 *     cut off, that is not all that may happen: random strategies go on.
 * S10 Somebody who is left alive is the mildest finding, and may be what is
 *     meant: some more executions follow, for one that fails in a graver way.
 */
#include "harness/explore/search.h"

#include <stdio.h>
#include <string.h>

#include "harness/clock.h"
#include "harness/explore/drawn.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/runaway.h"
#include "harness/explore/signature.h"
#include "harness/explore/starve.h"
#include "harness/explore/strategy.h"
#include "harness/explore/twice.h"
#include "harness/explore/watch.h"
#include "harness/explore/watchdog.h"

enum {
    CLOCK_EVERY = 1 << 14, /* steps and executions between looks at the clock */
    WORK_MAX = 1 << 14,    /* steps on offer, within one execution */
    LOOK_STEPS = 400,      /* a look at memory takes the time of so many */
    LOOK_FREE = 1 << 13,   /* looks that need not be earned by steps */
    IDLE_MAX = 64,         /* steps for nothing, where all are to be tried; */
    LINGER_STEPS = 1100,   /* from there to two moments at which it is looked */
    LINGERS = 32,          /* executions of a search that go on to there */
    LEFT_MORE = 100,    /* executions behind one in which some are left: S10 */
    TASTES = 4,         /* rounds of one execution each, before the others, */
    TASTED = 4,         /* of the first strategies */
    EARLY_MORE = 10000, /* executions with early timers, where all others
                              were tried */
};

/* One strategy's share of a round. */
struct share {
    const struct hn_strategy_kind *kind; /* NULL: the default schedule */
    uint32_t parameter;
    uint64_t count;
};

enum {
    SHARES_MAX = 9
};

struct search {
    const struct hn_explore_ask *ask;
    struct hn_found *to;
    struct go_control control;
    struct hn_loop loop;
    struct hn_states *states; /* NULL: not known */
    struct hn_watch *watch;
    struct hn_twice twice;
    struct hn_runaway runaway;
    struct hn_starve starve; /* of fair executions */
    struct share round[SHARES_MAX];
    struct hn_strategy *made[SHARES_MAX]; /* of round[], once they were used */
    uint32_t shares, share;               /* how many; whose turn it is */
    uint64_t left;                        /* executions of this turn */
    uint32_t rounds, tastes;
    uint64_t most;         /* executions */
    struct hn_follow base; /* the prefix, then the default schedule */
    /* Of this execution: whose turn it is, and whether to try all. */
    const struct hn_strategy_kind *kind;
    struct hn_strategy *strategy;
    bool exhaustive, fair;
    struct hn_drawn drawn;
    bool plain; /* each choice is the strategy's, and only noted: choose */
    int64_t began;
    bool asked;       /* who is left was looked at: S10 */
    bool in_vain;     /* the strategy has given this execution up */
    bool stopped;     /* so have we: nobody else has */
    uint64_t until;   /* choices, where it goes on by the default: S4; else 0 */
    uint32_t lingers; /* executions that have gone on so */
    bool ended;       /* all were tried; the last is done again: S5 */
    uint32_t work;    /* steps on offer since the last look at the clock */
    uint64_t looked;  /* steps and executions, at the last look at the clock */
    bool portfolio;
};

static const struct hn_strategy_kind *kind_of(const struct search *s)
{
    return s->round[s->share].kind;
}

static struct hn_strategy *strategy_of(const struct search *s)
{
    return s->made[s->share];
}

static bool is_late(const struct search *s)
{
    bool late = s->ask->time > 0 && hn_now_ns() - s->began >= s->ask->time;

    s->to->limits.late |= late;
    return late;
}

static bool is_time_up(struct search *s)
{
    uint64_t done = s->to->points + s->to->executions;

    if (done < s->looked + CLOCK_EVERY)
        return false;
    s->looked = done;
    return is_late(s);
}

/* ---- an execution --------------------------------------------------------*/

/* A loop that waits, where every way through it is one more schedule: S4. */
static bool is_too_idle(const struct search *s)
{
    return s->exhaustive && hn_watch_idle(s->watch) > IDLE_MAX;
}

/* Whether it goes on, then: it is not the strategy's any more. */
static bool lingers(struct search *s)
{
    uint64_t at = s->to->now.n;

    s->to->limits.loops = true;
    if (!s->until && s->lingers < LINGERS) {
        s->lingers++;
        s->until = 4 * at + LINGER_STEPS;
        s->base.usual = HN_DEFAULT_INIT;
    }
    s->stopped = at >= s->until;
    return !s->stopped;
}

static uint32_t choose_again(struct search *s, const struct go_step *steps,
                             uint32_t n)
{
    uint32_t k = hn_twice_choose(&s->twice, steps, n);

    if (k != GO_NOWHERE)
        hn_record_add(&s->to->now, k); /* S1 */
    return k;
}

/* What was drawn since: as take has it, of steps that are nothing to others. */
static inline void count_drawn(struct search *s)
{
    uint64_t ops;
    uint32_t drawn = hn_drawn_count(&s->drawn, &ops);

    s->work += drawn;
    hn_watch_drew(s->watch, drawn, ops & HN_WATCH_MOVES);
    hn_runaway_drew(&s->runaway, drawn);
}

static __attribute__((noinline)) void let_draw(struct search *s)
{
    hn_drawn_allow(&s->drawn,
                   hn_drawn_control(&s->drawn) && s->plain &&
                       !hn_watch_alert(s->watch) &&
                       !hn_twice_notes(&s->twice) &&
                       hn_record_room(&s->to->now) > HN_DRAWN_MAX &&
                       s->runaway.steps + HN_DRAWN_MAX < HN_RUNAWAY_FROM);
}

/* It was chosen: it is noted, and done. */
static inline uint32_t take(struct search *s, const struct go_step *steps,
                            uint32_t n, uint32_t k)
{
    s->in_vain = k == GO_NOWHERE;
    if (s->in_vain)
        return k; /* the strategy knows where this leads to */
    s->work += n;
    if (s->work >= WORK_MAX) {
        s->work = 0;
        s->stopped = is_late(s);
        if (s->stopped)
            return GO_NOWHERE;
    }
    hn_record_add(&s->to->now, k); /* S1 */
    hn_watch_took(s->watch, steps, n, k);
    hn_twice_step(&s->twice, steps, k);
    hn_runaway_took(&s->runaway, &steps[k]);
    if (__builtin_expect(s->fair, 0))
        hn_starve_took(&s->starve, &steps[k]);
    return k;
}

static __attribute__((noinline)) uint32_t
choose_closely(struct search *s, const struct go_step *steps, uint32_t n)
{
    if (s->twice.again)
        return choose_again(s, steps, n);
    if (hn_watch_moment(s->watch))
        return GO_NOWHERE;
    if ((s->until || is_too_idle(s)) && !lingers(s))
        return GO_NOWHERE;
    if (s->kind && !s->until && !hn_follow_leads(&s->base)) {
        uint32_t k = s->kind->choose(s->strategy, steps, n);

        if (k != GO_NOWHERE || !s->kind->loops ||
            !s->kind->loops(s->strategy) || !lingers(s))
            return take(s, steps, n, k);
    }
    return take(s, steps, n, hn_follow_choose(&s->base, steps, n));
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct search *s = arg;

    uint32_t k;

    hn_tasks_meet(&s->to->tasks, steps, n);
    if (__builtin_expect(!s->plain, 0))
        return choose_closely(s, steps, n);
    if (hn_drawn_control(&s->drawn))
        count_drawn(s);
    if (hn_watch_moment(s->watch))
        return GO_NOWHERE;
    k = take(s, steps, n, s->kind->choose(s->strategy, steps, n));
    if (hn_drawn_control(&s->drawn))
        let_draw(s);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct search *s = arg;
    const struct hn_strategy_kind *kind = kind_of(s);
    uint32_t k = s->twice.again ? hn_twice_draw(&s->twice, task, n)
                 : kind && !s->until && !hn_follow_leads(&s->base)
                     ? kind->number(strategy_of(s), task, n)
                     : hn_follow_number(&s->base, task, n);

    count_drawn(s);
    s->to->limits.wide |= n > HN_WIDE;
    hn_record_add(&s->to->now, k);
    hn_watch_break(s->watch);
    if (!s->twice.again)
        hn_twice_number(&s->twice, task, k, n);
    return k;
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct search *s = arg;

    if (s->fair && what == GO_NOTE_FAILED)
        hn_starve_failed(&s->starve, task);
    if (s->kind->note && !s->until)
        s->kind->note(s->strategy, what, task, object, other);
}

/* Looks take their part of the time, not all. */
static enum hn_watch_how how_to_watch(const struct search *s)
{
    uint64_t earned = LOOK_FREE + s->to->points / LOOK_STEPS;

    return !s->ask->blind && hn_watch_looks(s->watch) < earned
               ? HN_WATCH_PATIENT
               : HN_WATCH_COUNT;
}

static void race(void *arg, const struct go_race *r)
{
    hn_races_add(&((struct search *)arg)->to->races, r);
}

static void unseen(void *arg, const char *what)
{
    hn_races_note_unseen(&((struct search *)arg)->to->races, what);
}

/* Timers may fire early; always when the prefix says that one does. */
static void be_racy(struct search *s, bool racy)
{
    racy |= s->ask->prefix && hn_schedule_early(s->ask->prefix) > 0;
    s->control.early = racy ? HN_EXPLORE_EARLY : 0;
}

static void begin_draw(struct search *s)
{
    bool draws = s->kind && s->kind->draws && !s->control.note;

    hn_drawn_begin(&s->drawn, draws ? s->kind->draws(s->strategy) : NULL,
                   HN_WATCH_NEUTRAL | HN_WATCH_MOVES, &s->to->now);
    s->control.draw = hn_drawn_control(&s->drawn);
    let_draw(s);
}

/* In the portfolio: see Method. Where all was tried without, all is with. */
static bool is_racy(const struct search *s)
{
    const struct hn_strategy_kind *kind = kind_of(s);

    return s->ask->racy && kind && !kind->complete &&
           (s->to->complete || (s->tastes > 0 ? s->tastes : s->left) % 2);
}

static void begin(struct search *s)
{
    const struct hn_strategy_kind *kind = kind_of(s);

    if (s->portfolio)
        be_racy(s, is_racy(s));
    s->kind = kind;
    s->strategy = strategy_of(s);
    s->exhaustive = kind && kind->complete;
    s->stopped = s->asked = false;
    s->until = 0;
    s->fair = kind && kind->fair;
    hn_record_begin(&s->to->now, s->control.alike || !s->to->executions
                                     ? s->control.more
                                     : hn_loop_more());
    s->to->racy_now = s->control.early > 0;
    s->to->strategy_now = kind ? kind->name : "default";
    s->control.note = kind && (kind->note || kind->fair) ? note : NULL;
    hn_follow_begin(&s->base);
    hn_watch_begin(s->watch, how_to_watch(s));
    hn_twice_begin(&s->twice, false);
    hn_runaway_begin(&s->runaway);
    hn_starve_begin(&s->starve);
    s->plain = kind && !s->exhaustive && !s->ask->prefix;
    begin_draw(s);
    if (kind)
        kind->begin(strategy_of(s));
}

/* ---- whose turn it is ----------------------------------------------------*/

/* False: there is no memory for it. */
static bool take_turn(struct search *s, uint32_t share)
{
    const struct share *turn = &s->round[share];

    s->share = share;
    s->left = s->tastes > 0 ? 1 : turn->count;
    if (!turn->kind || s->made[share])
        return true;
    s->made[share] = turn->kind->make(turn->parameter, s->ask->seed + share);
    if (!s->made[share])
        snprintf(s->to->trouble, sizeof(s->to->trouble), "no memory for %s",
                 turn->kind->name);
    return s->made[share] != NULL;
}

static void plan(struct search *s, const struct share *round, uint32_t n)
{
    memcpy(s->round, round, n * sizeof(*round));
    s->shares = n;
}

/* The default: see Method. The exhaustive search comes once, in the third
   round, with the order of timers as they are. */
static bool next_round(struct search *s)
{
    uint64_t rest = s->ask->schedules - s->to->executions;

    s->round[0].count = 0;
    if (s->tastes > 0) {
        s->tastes--;
        return take_turn(s, 1);
    }
    s->rounds++;
    if (s->rounds == 3 && s->round[s->shares - 1].kind) {
        bool took;

        s->round[s->shares - 1].count = rest / 2;
        took = take_turn(s, s->shares - 1);
        s->round[s->shares - 1].count = 0; /* once */
        return took;
    }
    return take_turn(s, 1);
}

static bool next_turn(struct search *s)
{
    uint32_t share = s->share + 1;

    if (!s->portfolio)
        return false; /* its one strategy has nothing left */
    while (share < s->shares && !s->round[share].count)
        share++;
    return share < s->shares && (share <= TASTED || s->tastes == 0)
               ? take_turn(s, share)
               : next_round(s);
}

/* S3. An execution that is over before it failed as well. */
static bool prefix_fits(struct search *s)
{
    bool failed = s->base.misfit[0];

    if (!failed && !hn_follow_leads(&s->base))
        return true;
    hn_follow_end(&s->base);
    snprintf(s->to->misfit, sizeof(s->to->misfit), "%s", s->base.misfit);
    return false;
}

/* The same choices are to be taken again, if they mean the same there. */
static bool does_again(struct search *s, const struct go_execution *e,
                       uint32_t early)
{
    if (e->end == GO_END_BOUND || s->control.early != early ||
        s->to->now.more != go_control_more() || !hn_twice_over(&s->twice))
        return false;
    hn_record_begin(&s->to->now, s->to->now.more);
    s->control.note = NULL;
    s->control.draw = NULL;
    hn_watch_begin(s->watch, HN_WATCH_COUNT);
    hn_twice_begin(&s->twice, true);
    s->plain = false;
    return true;
}

static void note_difference(struct search *s)
{
    struct hn_found *to = s->to;
    const struct hn_differs *d = &to->differs;

    if (s->portfolio)
        s->round[s->shares - 1].kind = NULL;
    to->complete = false;
    snprintf(to->trouble, sizeof(to->trouble),
             "not deterministic: step %u was '%s', and when the same is done "
             "again it is '%s'",
             d->at, d->was, d->is);
}

/* They were, and came to the same, or not: S5. Whether it goes on. */
static bool over_again(struct search *s)
{
    struct hn_found *to = s->to;
    const struct hn_differs *d = &to->differs;

    hn_twice_over(&s->twice);
    if (s->ended)
        to->complete = !to->cut && !d->differs;
    if (d->differs)
        note_difference(s);
    if (!s->ended)
        begin(s);
    return !s->ended;
}

/* Whether there is another execution; more: the strategy has one. */
static bool goes_on(struct search *s, bool more)
{
    const struct hn_found *to = s->to;

    s->to->limits.spent = to->executions >= s->most;
    if (to->limits.spent || is_time_up(s))
        return false;
    if (!more)
        s->round[s->share].count = 0; /* nor in later rounds */
    return (more && --s->left > 0) || next_turn(s);
}

/* It has nothing left, and is not complete. */
static void note_incomplete(struct search *s,
                            const struct hn_strategy_kind *kind)
{
    struct hn_found *to = s->to;

    if (kind->full && kind->full(strategy_of(s))) {
        to->limits.memory = true;
        return;
    }
    if (!kind->lost || !kind->lost(strategy_of(s))) {
        to->limits.loops |= !to->limits.wide && !to->limits.bound; /* S4 */
        return;
    }
    to->limits.lost = hn_loop_condition(&s->loop) != NULL;
    if (!to->limits.lost && !*to->trouble)
        snprintf(to->trouble, sizeof(to->trouble),
                 "not deterministic: choices that %s made before came to other "
                 "steps when they were made again",
                 kind->name);
}

/* S9. */
static bool goes_on_after_all(struct search *s)
{
    struct hn_found *to = s->to;

    if (!s->portfolio || (!to->cut && !(to->timers && s->ask->racy)))
        return false;
    to->complete = !to->cut && !to->differs.differs;
    if (to->complete && to->executions + EARLY_MORE < s->most)
        s->most = to->executions + EARLY_MORE;
    return true;
}

/* S4: to the strategy it is cut off where it was no more the strategy's. */
static bool end_strategy(struct search *s, const struct go_execution *e)
{
    const struct hn_strategy_kind *kind = kind_of(s);
    struct go_execution cut = *e;

    if (s->until)
        cut.end = GO_END_BOUND;
    return !kind || kind->end(strategy_of(s), &cut);
}

/* Stuck, or alive: S10. */
static bool unsure(void *arg, const struct go_execution *e)
{
    struct search *s = arg;

    (void)e;
    s->asked = !s->twice.again;
    return s->asked;
}

/* Keeps it. Whether the search is at its end by that: S10. */
static bool add_finding(struct search *s, const struct go_execution *e)
{
    struct hn_found *to = s->to;
    bool livelock = e->end == GO_END_LIVELOCK, first = to->nfailures == 0;
    const struct hn_way way = {
        .signature = livelock ? hn_watch_signature(s->watch) : hn_signature(e),
        .gravity = hn_gravity(e, s->asked || e->looked),
        .livelock = livelock};
    bool mild = way.gravity == HN_GRAVITY_LEFT;

    hn_found_add(to, &way);
    if (!to->one || !mild)
        return to->one;
    if (first && to->executions + LEFT_MORE < s->most)
        s->most = to->executions + LEFT_MORE;
    return false;
}

static bool over_one(void *arg, const struct go_execution *e)
{
    struct search *s = arg;
    uint32_t early = s->control.early;
    struct hn_found *to = s->to;
    const struct hn_strategy_kind *kind = kind_of(s);
    bool bound = (e->end == GO_END_BOUND || s->until) && !s->in_vain;
    bool more;

    hn_tasks_learn(&to->tasks);
    if (s->twice.again)
        return over_again(s);
    more = end_strategy(s, e);
    s->in_vain = false;
    if (!prefix_fits(s))
        return false;
    to->executions++;
    if (s->fair)
        hn_starve_end(&s->starve, to->executions, &to->starved);
    to->points += e->steps;
    to->timers |= e->timers;
    /* time was none of the choices, or others could go on */
    to->cut += bound || e->flowed || e->looked;
    to->limits.bound += bound && e->steps >= HN_EXPLORE_STEPS;
    to->limits.waits += bound && e->steps < HN_EXPLORE_STEPS && !s->stopped;
    to->limits.daemons += e->end == GO_END_CLEAN && e->looked;
    to->unended += bound;
    to->usual_unended |= bound && !kind;
    if (bound && e->waits)
        hn_waiting_note(&to->waiting, to->executions);
    to->limits.flowed += e->flowed;
    if (bound && e->steps >= HN_EXPLORE_STEPS && !to->runaway[0])
        hn_runaway_text(&s->runaway, to->runaway, sizeof(to->runaway));
    if (hn_is_finding(e) && add_finding(s, e)) /* S2 */
        return false;
    if (!more && kind->complete && kind->complete(strategy_of(s))) {
        snprintf(to->strategy, sizeof(to->strategy), "%s", kind->name);
        if (!goes_on_after_all(s)) {
            s->ended = does_again(s, e, early);
            to->complete = !s->ended && !to->cut && !to->differs.differs;
            return s->ended;
        }
    } else if (!more && kind->complete) {
        note_incomplete(s, kind);
    }
    if (!goes_on(s, more))
        return false;
    if (!does_again(s, e, early))
        begin(s);
    return true;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct hn_found *to = ((struct search *)arg)->to;

    to->goes_on = over_one(arg, e);
    return to->goes_on;
}

/* S7. */
static bool crashed_one(void *arg, int signal, uint64_t signature)
{
    const struct go_execution e = {.end = GO_END_PANIC};
    const struct hn_way way = {
        .signature = signature, .gravity = HN_GRAVITY_END, .crash = signal};
    struct search *s = arg;
    const struct hn_strategy_kind *kind = kind_of(s);
    bool more = !kind || !kind->complete;

    s->in_vain = false;
    s->to->executions++;
    hn_found_add(s->to, &way);
    if (!s->ask->all || s->ended)
        return false;
    if (kind && more)
        kind->end(strategy_of(s), &e);
    else if (kind && !s->portfolio)
        snprintf(s->to->ended, sizeof(s->to->ended),
                 "the search was ended by a crash");
    if (!goes_on(s, more))
        return false;
    begin(s);
    return true;
}

static bool crashed(void *arg, int signal, uint64_t signature)
{
    struct hn_found *to = ((struct search *)arg)->to;

    to->goes_on = crashed_one(arg, signal, signature);
    return to->goes_on;
}

/* ---- all of it -----------------------------------------------------------*/

static bool set_up(struct search *s)
{
    const struct share all[] = {
        {NULL, 0, 1},       {&hn_hold, 0, 4}, {&hn_surw, 0, 20},
        {&hn_pos, 0, 16},   {&hn_fair, 0, 4}, {&hn_pct, 2, 8},
        {&hn_random, 0, 4}, {&hn_pct, 3, 8},  {hn_strategy_find("dpor"), 0, 0}};
    const struct share one = {hn_strategy_find(s->ask->strategy), 0,
                              s->ask->schedules};

    s->portfolio = strcmp(s->ask->strategy, "default") == 0;
    if (s->portfolio)
        plan(s, all, sizeof(all) / sizeof(all[0]));
    else
        plan(s, &one, 1);
    if ((s->ask->prefix || s->ask->fifo) && s->portfolio)
        s->round[s->shares - 1].kind = NULL; /* S3, S6 */
    be_racy(s, !s->portfolio && s->ask->racy);
    s->most = s->ask->schedules;
    s->tastes = s->portfolio ? TASTES : 0;
    return take_turn(s, s->portfolio && s->ask->resumed);
}

static void note_condition(struct search *s)
{
    const char *condition = hn_loop_condition(&s->loop);

    snprintf(s->to->conditions, sizeof(s->to->conditions), "%s",
             condition ? condition : "");
}

static void search(struct search *s)
{
    struct go_outcome outcome = {0};

    note_condition(s);
    s->loop.run.outcome = &outcome;
    hn_tasks_take(&s->to->tasks); /* of a search before, that has crashed */
    s->states = hn_states_open(s->loop.reset);
    s->watch = hn_watch_new(s->states);
    hn_twice_init(&s->twice, &s->to->differs);
    if (s->watch && set_up(s)) {
        begin(s);
        s->to->goes_on = true;
        hn_watchdog_begin(&s->to->stuck);
        hn_loop_run(&s->loop, &s->control, crashed);
        hn_watchdog_end();
        s->to->rests = s->to->goes_on && outcome.status == 0;
    }
    for (uint32_t i = 0; i < s->shares; i++)
        if (s->made[i])
            s->round[i].kind->free(s->made[i]);
    hn_watch_free(s->watch);
    hn_twice_free(&s->twice);
    hn_states_close(s->states);
}

void hn_search(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_found *to)
{
    struct hn_loop loop;
    bool ready = hn_loop_begin(&loop, run, ask->apart);
    struct search *s = ready ? hn_memory_take(sizeof(*s)) : NULL; /* S8 */

    if (!s) {
        snprintf(to->trouble, sizeof(to->trouble), "no memory");
        return;
    }
    s->ask = ask;
    s->to = to;
    s->began = hn_now_ns();
    s->loop = loop;
    s->loop.crash = &to->crash;
    s->control = (struct go_control){.arg = s,
                                     .choose = choose,
                                     .number = number,
                                     .over = over,
                                     .unsure = unsure,
                                     .race = race,
                                     .unseen = unseen,
                                     .steps = HN_EXPLORE_STEPS};
    if (ask->fifo)
        s->control.more = GO_MORE_ARRIVALS;
    if (ask->prefix) { /* S3 */
        s->base.schedule = ask->prefix;
        s->control.more = ask->prefix->more;
        s->control.alike = true;
    }
    search(s);
    hn_loop_end(&s->loop);
    hn_memory_give(s);
}
