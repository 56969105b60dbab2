/*
 * search.c - the portfolio: which strategy has the next executions.
 *
 * In:  what is asked for. Out: the first execution that fails, as its choices,
 * or all that fail otherwise than those before; or that all were tried.
 *
 * Method: no strategy finds everything, so the default is a plan: one run by
 * the default schedule, rounds of 64 in which each random strategy has its
 * share, first with timers in their order, then with early ones, then the
 * exhaustive search for half of what is left, then rounds again. A strategy
 * keeps what it has learned from round to round.
 *
 * S1  Every choice is recorded before it is done.
 * S2  An execution that was cut off is no failure: it may be but long.
 * S3  With a prefix (exploration behind a schedule that is given) all
 *     executions begin by it: its choices are counted by what it says, in each.
 *     No search is exhaustive there.
 * S4  The exhaustive search would try each number of rounds of a loop that
 *     waits: after some it is cut off, and is not complete.
 * S5  The first executions are done twice. Where they differ only random
 *     strategies go on, and nothing is claimed to be complete.
 * S6  Where all orders of arrival are steps no search is exhaustive either: dpor
 *     knows but of guards.
 * S7  Who searches in order does not go on after a crash: what could have been
 *     done at its end is gone with it.
 * S8  Apart (loop.h), what is to be known later is in memory that executions
 *     share. The watch is not: each begins with a new one.
 */
#include "harness/explore/search.h"

#include <stdio.h>
#include <string.h>

#include "harness/clock.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/runaway.h"
#include "harness/explore/signature.h"
#include "harness/explore/strategy.h"
#include "harness/explore/twice.h"
#include "harness/explore/watch.h"
#include "harness/explore/watchdog.h"

enum {
    CLOCK_EVERY = 1 << 14, /* steps and executions between looks at the clock */
    WORK_MAX = 1 << 14,    /* steps on offer, within one execution */
    LOOK_STEPS = 400,      /* a look at memory takes the time of so many */
    LOOK_FREE = 1 << 13,   /* looks that need not be earned by steps */
    IDLE_MAX = 64,         /* steps for nothing, where all are to be tried */
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
    struct share round[SHARES_MAX];
    struct hn_strategy *made[SHARES_MAX]; /* of round[], once they were used */
    uint32_t shares, share;               /* how many; whose turn it is */
    uint64_t left;                        /* executions of this turn */
    uint32_t rounds;
    struct hn_follow base; /* the prefix, then the default schedule */
    int64_t began;
    bool in_vain;    /* the strategy has given this execution up */
    bool ended;      /* all were tried; the last is done again: S5 */
    uint32_t work;   /* steps on offer since the last look at the clock */
    uint64_t looked; /* steps and executions, at the last look at the clock */
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
    return s->ask->time > 0 && hn_now_ns() - s->began >= s->ask->time;
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
    const struct hn_strategy_kind *kind = kind_of(s);

    return kind && kind->complete && hn_watch_idle(s->watch) > IDLE_MAX;
}

static uint32_t choose_again(struct search *s, const struct go_step *steps,
                             uint32_t n)
{
    uint32_t k = hn_twice_choose(&s->twice, steps, n);

    if (k != GO_NOWHERE)
        hn_record_add(&s->to->now, k); /* S1 */
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct search *s = arg;
    const struct hn_strategy_kind *kind = kind_of(s);
    uint32_t k;

    hn_tasks_meet(&s->to->tasks, steps, n);
    if (s->twice.again)
        return choose_again(s, steps, n);
    if (hn_watch_moment(s->watch) || is_too_idle(s))
        return GO_NOWHERE;
    k = kind && !hn_follow_leads(&s->base)
            ? kind->choose(strategy_of(s), steps, n)
            : hn_follow_choose(&s->base, steps, n);
    s->in_vain = k == GO_NOWHERE;
    if (s->in_vain)
        return k; /* the strategy knows where this leads to */
    s->work += n;
    if (s->work >= WORK_MAX) {
        s->work = 0;
        if (is_late(s))
            return GO_NOWHERE;
    }
    hn_record_add(&s->to->now, k); /* S1 */
    hn_watch_took(s->watch, steps, n, k);
    hn_twice_step(&s->twice, steps, k);
    hn_runaway_took(&s->runaway, &steps[k]);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct search *s = arg;
    const struct hn_strategy_kind *kind = kind_of(s);
    uint32_t k = s->twice.again ? hn_twice_draw(&s->twice, task, n)
                 : kind && !hn_follow_leads(&s->base)
                     ? kind->number(strategy_of(s), task, n)
                     : hn_follow_number(&s->base, task, n);

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

    kind_of(s)->note(strategy_of(s), what, task, object, other);
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

static void unseen(void *arg)
{
    ((struct search *)arg)->to->races.unseen = true;
}

static void begin(struct search *s)
{
    const struct hn_strategy_kind *kind = kind_of(s);

    hn_record_begin(&s->to->now, s->control.alike || !s->to->executions
                                     ? s->control.more
                                     : hn_loop_more());
    s->to->racy_now = s->control.early > 0;
    s->to->strategy_now = kind ? kind->name : "default";
    s->control.note = kind && kind->note ? note : NULL;
    hn_follow_begin(&s->base);
    hn_watch_begin(s->watch, how_to_watch(s));
    hn_twice_begin(&s->twice, false);
    hn_runaway_begin(&s->runaway);
    if (kind)
        kind->begin(strategy_of(s));
}

/* ---- whose turn it is ----------------------------------------------------*/

/* False: there is no memory for it. */
static bool take_turn(struct search *s, uint32_t share)
{
    const struct share *turn = &s->round[share];

    s->share = share;
    s->left = turn->count;
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

/* Timers may fire early; always when the prefix says that one does. */
static void be_racy(struct search *s, bool racy)
{
    racy |= s->ask->prefix && hn_schedule_early(s->ask->prefix) > 0;
    s->control.early = racy ? HN_EXPLORE_EARLY : 0;
}

/* The default: see Method. The exhaustive search comes once, in the third
   round, with the order of timers as they are. */
static bool next_round(struct search *s)
{
    uint64_t rest = s->ask->schedules - s->to->executions;

    s->rounds++;
    be_racy(s, s->ask->racy && s->rounds % 2 == 0);
    s->round[0].count = 0;
    if (s->rounds == 3 && s->round[s->shares - 1].kind) {
        bool took;

        be_racy(s, false);
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
    return share < s->shares ? take_turn(s, share) : next_round(s);
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
    hn_watch_begin(s->watch, HN_WATCH_COUNT);
    hn_twice_begin(&s->twice, true);
    return true;
}

static void note_difference(struct search *s)
{
    struct hn_found *to = s->to;
    const struct hn_differs *d = &to->differs;

    if (s->portfolio)
        s->round[s->shares - 1].kind = NULL;
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

    if (to->executions >= s->ask->schedules || is_time_up(s))
        return false;
    if (!more)
        s->round[s->share].count = 0; /* nor in later rounds */
    return (more && --s->left > 0) || next_turn(s);
}

static bool over(void *arg, const struct go_execution *e)
{
    struct search *s = arg;
    uint32_t early = s->control.early;
    struct hn_found *to = s->to;
    const struct hn_strategy_kind *kind = kind_of(s);
    bool bound = e->end == GO_END_BOUND && !s->in_vain;
    bool more;

    hn_tasks_learn(&to->tasks);
    if (s->twice.again)
        return over_again(s);
    more = !kind || kind->end(strategy_of(s), e);
    s->in_vain = false;
    if (!prefix_fits(s))
        return false;
    to->executions++;
    to->points += e->steps;
    to->timers |= e->timers;
    to->cut += bound || e->flowed; /* time was none of the choices */
    if (bound && e->steps >= HN_EXPLORE_STEPS && !to->runaway[0])
        hn_runaway_text(&s->runaway, to->runaway, sizeof(to->runaway));
    if (hn_is_finding(e)) { /* S2 */
        bool livelock = e->end == GO_END_LIVELOCK;

        hn_found_add(to,
                     livelock ? hn_watch_signature(s->watch) : hn_signature(e),
                     0, livelock);
        if (!s->ask->all)
            return false;
    }
    if (!more && kind->complete && kind->complete(strategy_of(s))) {
        snprintf(to->strategy, sizeof(to->strategy), "%s", kind->name);
        s->ended = does_again(s, e, early);
        to->complete = !s->ended && !to->cut && !to->differs.differs;
        return s->ended;
    }
    if (!more && kind->lost && kind->lost(strategy_of(s)) && !*to->trouble)
        snprintf(to->trouble, sizeof(to->trouble),
                 "not deterministic: choices that %s made before came to other "
                 "steps when they were made again",
                 kind->name);
    if (!goes_on(s, more))
        return false;
    if (!does_again(s, e, early))
        begin(s);
    return true;
}

/* S7. */
static bool crashed(void *arg, int signal)
{
    const struct go_execution e = {.end = GO_END_PANIC};
    struct search *s = arg;
    const struct hn_strategy_kind *kind = kind_of(s);
    bool more = !kind || !kind->complete;

    s->in_vain = false;
    s->to->executions++;
    hn_found_add(s->to, (uint64_t)signal, signal, false);
    if (!s->ask->all || s->ended)
        return false;
    if (kind && more)
        kind->end(strategy_of(s), &e);
    else if (kind && !s->portfolio)
        snprintf(s->to->conditions, sizeof(s->to->conditions),
                 "the search was ended by a crash");
    if (!goes_on(s, more))
        return false;
    begin(s);
    return true;
}

/* ---- all of it -----------------------------------------------------------*/

static bool set_up(struct search *s)
{
    const struct share all[] = {
        {NULL, 0, 1},     {&hn_surw, 0, 20}, {&hn_pos, 0, 16},
        {&hn_pct, 2, 8},  {&hn_pct, 3, 8},   {&hn_random, 0, 4},
        {&hn_hold, 0, 4}, {&hn_fair, 0, 4},  {hn_strategy_find("dpor"), 0, 0}};
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
    note_condition(s);
    hn_tasks_take(&s->to->tasks); /* of a search before, that has crashed */
    s->states = hn_states_open(s->loop.reset);
    s->watch = hn_watch_new(s->states);
    hn_twice_init(&s->twice, &s->to->differs);
    if (s->watch && set_up(s)) {
        begin(s);
        hn_watchdog_begin(&s->to->stuck);
        hn_loop_run(&s->loop, &s->control, crashed);
        hn_watchdog_end();
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
    s->control = (struct go_control){.arg = s,
                                     .choose = choose,
                                     .number = number,
                                     .over = over,
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
