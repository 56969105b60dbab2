/*
 * search.c - executions, until one fails or none is left to be tried.
 *
 * In:  what is asked for. Out: the first execution that fails, as its choices,
 * or all that fail otherwise than those before; or that all were tried.
 *
 * Method: turns.c says whose turn it is, course.c what an execution does. Here
 * is what comes of each that is over: what it adds to what is known, and whether
 * another one follows.
 *
 * S1  An execution that was cut off is no failure: it may be but long.
 * S2  With a prefix (exploration behind a schedule that is given) all
 *     executions begin by it: its choices are counted by what it says, in each.
 *     No search is exhaustive there.
 * S3  The first executions are done twice. Where they differ only random
 *     strategies go on, and nothing is claimed to be complete. It is the
 *     scenario's doing, but where things came from outside: those come when
 *     they come.
 * S4  Where all orders of arrival are steps no search is exhaustive either: dpor
 *     knows but of guards.
 * S5  Who searches in order does not go on after a crash: what could have been
 *     done at its end is gone with it.
 * S6  Apart (loop.h), what is to be known later is in memory that executions
 *     share.
 * S7  Where all were tried and timers could be early, or some executions were
 *     cut off, that is not all that may happen: random strategies go on.
 * S8  Somebody who is left alive is the mildest finding, and may be what is
 *     meant: some more executions follow, for one that fails in a graver way.
 *     Fewer, where each of them may wait for what comes from outside.
 */
#include "harness/explore/search.h"

#include <stdio.h>

#include "harness/explore/course.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/room.h"
#include "harness/explore/signature.h"
#include "harness/explore/silence.h"
#include "harness/explore/turns.h"
#include "harness/explore/watchdog.h"

enum {
    LEFT_MORE = 100,   /* executions behind one in which some are left: S8 */
    LEFT_WAITING = 20, /* likewise, where they wait for so long */
    EARLY_MORE = 10000 /* executions with early timers, where all others
                              were tried */
};

struct search {
    struct hn_course course; /* first: control's arg is both */
    const struct hn_explore_ask *ask;
    struct hn_found *to;
    struct go_control control;
    struct hn_loop loop;
    struct hn_states *states; /* NULL: not known */
    struct hn_turns turns;
    uint64_t most; /* executions */
    bool asked;    /* who is left was looked at: S8 */
    bool outside;  /* what is done twice had to do with it: S3 */
    bool ended;    /* all were tried; the last is done again: S3 */
};

/* ---- an execution --------------------------------------------------------*/

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

static void begin(struct search *s)
{
    struct hn_course *c = &s->course;
    bool alike = s->control.alike || !s->to->executions;

    if (s->turns.portfolio)
        be_racy(s, hn_turns_racy(&s->turns, s->to->complete));
    c->kind = hn_turns_kind(&s->turns);
    c->strategy = hn_turns_strategy(&s->turns);
    s->asked = false;
    hn_course_begin(c, &s->control, alike ? s->control.more : hn_loop_more());
}

/* ---- how one ends --------------------------------------------------------*/

/* S2. An execution that is over before it failed as well. */
static bool prefix_fits(struct search *s)
{
    bool failed = s->course.base.misfit[0];

    if (!failed && !hn_follow_leads(&s->course.base))
        return true;
    hn_follow_end(&s->course.base);
    snprintf(s->to->misfit, sizeof(s->to->misfit), "%s", s->course.base.misfit);
    return false;
}

static bool has_outside(const struct go_execution *e)
{
    return e->unasked & (GO_UNASKED_OUTSIDE | GO_UNASKED_THREADS);
}

/* The same choices are to be taken again, if they mean the same there. */
static bool does_again(struct search *s, const struct go_execution *e,
                       uint32_t early)
{
    if (e->end == GO_END_BOUND || e->end == GO_END_LIVELOCK ||
        s->control.early != early || s->to->now.more != go_control_more() ||
        !hn_twice_over(&s->course.twice))
        return false;
    s->outside = has_outside(e);
    hn_course_again(&s->course, &s->control);
    return true;
}

static void note_difference(struct search *s)
{
    struct hn_found *to = s->to;
    struct hn_differs *d = &to->differs;

    hn_turns_random(&s->turns);
    to->complete = false;
    if (s->outside) {
        to->limits.moved = true;
        *d = (struct hn_differs){0};
        return;
    }
    snprintf(to->trouble, sizeof(to->trouble),
             "not deterministic: step %u was '%s', and when the same is done "
             "again it is '%s'",
             d->at, d->was, d->is);
}

/* They were, and came to the same, or not: S3. Whether it goes on. */
static bool over_again(struct search *s, const struct go_execution *e)
{
    struct hn_found *to = s->to;
    const struct hn_differs *d = &to->differs;

    hn_twice_over(&s->course.twice);
    s->outside |= has_outside(e);
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
    if (to->limits.spent || hn_course_late(&s->course))
        return false;
    return hn_turns_next(&s->turns, more, s->ask->schedules - to->executions);
}

/* It has nothing left, and is not complete. */
static void note_incomplete(struct search *s,
                            const struct hn_strategy_kind *kind)
{
    struct hn_found *to = s->to;

    if (kind->full && kind->full(hn_turns_strategy(&s->turns))) {
        to->limits.memory = true;
        return;
    }
    if (!kind->lost || !kind->lost(hn_turns_strategy(&s->turns))) {
        to->limits.loops |= !to->limits.wide && !to->limits.bound &&
                            !to->limits.waits && !to->limits.silent &&
                            !to->limits.crowds; /* course.c C2 */
        return;
    }
    if (to->limits.outside || to->limits.threads) {
        to->limits.moved = true;
        return;
    }
    to->limits.lost = hn_loop_condition(&s->loop) != NULL;
    if (!to->limits.lost && !*to->trouble)
        snprintf(to->trouble, sizeof(to->trouble),
                 "not deterministic: choices that %s made before came to other "
                 "steps when they were made again",
                 kind->name);
}

/* S7. */
static bool goes_on_after_all(struct search *s)
{
    struct hn_found *to = s->to;

    if (!s->turns.portfolio || (!to->cut && !(to->timers && s->ask->racy)))
        return false;
    to->complete = !to->cut && !to->differs.differs;
    if (to->complete && to->executions + EARLY_MORE < s->most)
        s->most = to->executions + EARLY_MORE;
    return true;
}

/* course.c C2: to the strategy it is cut off where it was no more the strategy's. */
static bool end_strategy(struct search *s, const struct go_execution *e)
{
    const struct hn_strategy_kind *kind = hn_turns_kind(&s->turns);
    struct go_execution cut;

    if (!kind)
        return true;
    if (!s->course.until)
        return kind->end(hn_turns_strategy(&s->turns), e);
    cut = *e;
    cut.end = GO_END_BOUND;
    return kind->end(hn_turns_strategy(&s->turns), &cut);
}

/* Stuck, or alive: S8. */
static bool unsure(void *arg, const struct go_execution *e)
{
    struct search *s = arg;

    (void)e;
    s->asked = !s->course.twice.again;
    return s->asked;
}

/* Keeps it. Whether the search is at its end by that: S8. */
static bool add_finding(struct search *s, const struct go_execution *e)
{
    struct hn_found *to = s->to;
    bool livelock = e->end == GO_END_LIVELOCK, first = to->nfailures == 0;
    struct hn_failed how = {.signature =
                                livelock ? hn_watch_signature(s->course.watch)
                                         : hn_signature(e),
                            .gravity = hn_gravity(e, s->asked || e->looked),
                            .livelock = livelock};
    bool mild = how.gravity == HN_GRAVITY_LEFT;
    uint32_t more = e->settled ? LEFT_WAITING : LEFT_MORE;

    how.seen = hn_gravity_verdict(e, how.gravity);
    if (e->end == GO_END_PANIC && e->panic)
        snprintf(how.panic, sizeof(how.panic), "%s", e->panic);
    hn_found_add(to, &how);
    if (!to->limits.descriptors)
        to->limits.descriptors = hn_room_descriptors();
    if (!to->one || !mild)
        return to->one;
    if (first && to->executions + more < s->most)
        s->most = to->executions + more;
    return false;
}

/* Why it was not all there is, or could not be told by its choices: most were. */
static __attribute__((noinline)) void
note_limits(struct search *s, const struct go_execution *e, bool bound)
{
    struct hn_found *to = s->to;
    const struct hn_strategy_kind *kind = hn_turns_kind(&s->turns);

    /* Not all was a choice, or others could go on. What a loop left out the
       strategy knows (course.c C2), and to try more does nothing about what
       comes from outside, or what else the kernel goes by. */
    to->cut +=
        !s->course.looped &&
        (bound ||
         e->unasked & ~(unsigned)(GO_UNASKED_OUTSIDE | GO_UNASKED_KERNEL) ||
         e->looked);
    to->limits.bound += bound && e->steps >= HN_EXPLORE_STEPS;
    to->limits.waits +=
        bound && e->steps < HN_EXPLORE_STEPS && !s->course.stopped &&
        /* these are told of by themselves */
        !(e->unasked &
          (GO_UNASKED_THREADS | GO_UNASKED_CROWD | GO_UNASKED_SILENCE));
    to->limits.daemons += e->end == GO_END_CLEAN && e->looked;
    to->unended += bound;
    to->usual_unended |= bound && !kind;
    if (bound && e->waits)
        hn_waiting_note(&to->waiting, to->executions);
    to->limits.flowed += (e->unasked & GO_UNASKED_CLOCK) != 0;
    if (e->unasked & GO_UNASKED_SILENCE) {
        to->limits.silent++;
        to->limits.brief += hn_silence_was_short();
    }
    to->limits.turns += (e->unasked & GO_UNASKED_TURNS) != 0;
    to->limits.threads += (e->unasked & GO_UNASKED_THREADS) != 0;
    to->limits.outside += (e->unasked & GO_UNASKED_OUTSIDE) != 0;
    to->limits.asked += (e->unasked & GO_UNASKED_KERNEL) != 0;
    to->limits.crowds += (e->unasked & GO_UNASKED_CROWD) != 0;
    to->limits.libraries += (e->unasked & GO_UNASKED_LIBRARY) != 0;
    if (bound && e->steps >= HN_EXPLORE_STEPS && !to->runaway[0])
        hn_runaway_text(&s->course.runaway, to->runaway, sizeof(to->runaway));
}

/* What it adds to what is known, but whether it failed. */
static void note_execution(struct search *s, const struct go_execution *e)
{
    struct hn_found *to = s->to;
    bool bound = e->end == GO_END_BOUND && !s->course.in_vain;

    s->course.in_vain = false;
    to->executions++;
    if (s->course.fair)
        hn_starve_end(&s->course.starve, to->executions, &to->starved);
    to->points += e->steps;
    to->timers |= e->timers;
    if (bound | e->looked | (e->unasked != 0))
        note_limits(s, e, bound);
}

static bool over_one(void *arg, const struct go_execution *e)
{
    struct search *s = arg;
    uint32_t early = s->control.early;
    struct hn_found *to = s->to;
    const struct hn_strategy_kind *kind = hn_turns_kind(&s->turns);
    bool more;

    hn_tasks_learn(&to->tasks);
    if (s->course.twice.again)
        return over_again(s, e);
    hn_course_end(&s->course);
    more = end_strategy(s, e);
    if (!prefix_fits(s))
        return false;
    note_execution(s, e);
    if (hn_is_finding(e) && add_finding(s, e)) /* S1 */
        return false;
    if (!more && kind->complete &&
        kind->complete(hn_turns_strategy(&s->turns))) {
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

/* S5. */
static bool crashed_one(void *arg, int signal, uint64_t signature)
{
    const struct go_execution e = {.end = GO_END_PANIC};
    const struct hn_failed how = {.signature = signature,
                                  .gravity = HN_GRAVITY_END,
                                  .seen = GO_VERDICT_CRASH,
                                  .died = *hn_loop_died()};
    struct search *s = arg;
    const struct hn_strategy_kind *kind = hn_turns_kind(&s->turns);
    bool more = !kind || !kind->complete;

    (void)signal;
    s->course.in_vain = false;
    s->to->executions++;
    s->to->apart_died = true;
    hn_found_add(s->to, &how);
    if (!s->ask->all || s->ended)
        return false;
    if (kind && more)
        kind->end(hn_turns_strategy(&s->turns), &e);
    else if (kind && !s->turns.portfolio)
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
    if (!hn_turns_begin(&s->turns, s->ask,
                        !s->ask->prefix && !s->ask->fifo)) /* S2, S4 */
        return false;
    be_racy(s, !s->turns.portfolio && s->ask->racy);
    s->most = s->ask->schedules;
    return true;
}

static void note_condition(struct search *s)
{
    const char *condition = hn_loop_condition(&s->loop);

    snprintf(s->to->conditions, sizeof(s->to->conditions), "%s",
             condition ? condition : "");
}

static void search(struct search *s)
{
    bool rests;

    note_condition(s);
    hn_tasks_take(&s->to->tasks); /* of a search before, that has crashed */
    s->states = hn_states_open(s->loop.reset);
    s->course.watch = hn_watch_new(s->states);
    hn_twice_init(&s->course.twice, &s->to->differs);
    if (s->course.watch && set_up(s)) {
        begin(s);
        s->to->goes_on = true;
        hn_silence_searches();
        hn_watchdog_begin(&s->to->stuck);
        rests = hn_loop_run(&s->loop, &s->control, crashed);
        hn_watchdog_end();
        s->to->rests = s->to->goes_on && rests;
    }
    if (s->turns.refused)
        snprintf(s->to->lack, sizeof(s->to->lack), "no memory for %s",
                 s->turns.refused);
    hn_turns_end(&s->turns);
    hn_watch_free(s->course.watch);
    hn_twice_free(&s->course.twice);
    hn_states_close(s->states);
}

void hn_search(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_found *to)
{
    struct hn_loop loop;
    bool ready = hn_loop_begin(&loop, run, ask->apart);
    struct search *s = ready ? hn_memory_take(sizeof(*s)) : NULL; /* S6 */

    if (!s) {
        snprintf(to->lack, sizeof(to->lack), "no memory for the search");
        return;
    }
    s->ask = s->course.ask = ask;
    s->to = s->course.to = to;
    hn_course_set_out(&s->course);
    s->loop = loop;
    s->loop.crash = &to->crash;
    s->control = (struct go_control){.arg = s,
                                     .choose = hn_course_choose,
                                     .number = hn_course_number,
                                     .over = over,
                                     .unsure = unsure,
                                     .race = race,
                                     .unseen = unseen,
                                     .steps = HN_EXPLORE_STEPS};
    if (ask->fifo)
        s->control.more = GO_MORE_ARRIVALS;
    if (ask->prefix) { /* S2 */
        s->course.base.schedule = ask->prefix;
        s->control.more = ask->prefix->more;
        s->control.alike = true;
    }
    search(s);
    hn_loop_end(&s->loop);
    hn_memory_give(s);
}
