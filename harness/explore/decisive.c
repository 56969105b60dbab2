/*
 * decisive.c - which order of two steps a failure depends on.
 *
 * In:  a schedule that fails, shrunk. Out: two of its steps, such that with
 * them the other way round it does not fail in that way.
 *
 * Method: between an execution that passes and one that fails there is a swap
 * of two neighbours that turns one into the other (O'Callahan and others use
 * it in Hermit). A deviation that is needed gives both: with it the schedule
 * fails, without it it passes. Its step is moved down the passing execution:
 * at its own place it still fails, at the end it does not, and bisection finds
 * the two places next to each other where that changes. The step of the
 * passing one that lies between them is the second of the pair. The last
 * deviations come first; a pair on one object is better than another.
 *
 * Where no deviation gives a pair (the default schedule fails itself, or only
 * numbers deviate), each two steps on one object that could both be done are
 * tried the other way round, the last first.
 *
 * D1  What is told was verified by an execution of its own, at the end.
 * D2  An execution that was cut off proves nothing, neither way.
 * D3  Another failure may have come before this one could: a pair behind which
 *     nothing fails is better than any behind which something else does, and
 *     that is told.
 */
#define _GNU_SOURCE
#include "harness/explore/decisive.h"

#include <stdio.h>
#include <string.h>

#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/signature.h"
#include "harness/explore/walk.h"

enum {
    PAIRS_MAX = 200,
    OVER_MAX = 256, /* steps between the two places that are counted */
};

/* What an execution is for. */
enum phase {
    LEAVE,  /* a deviation out: that must pass */
    BISECT, /* its step later by so much */
    VERIFY, /* D1 */
    SURVEY, /* the schedule itself: which pairs are there */
    PAIRS,  /* one of them the other way round */
    DONE
};

enum outcome {
    SAME,  /* it fails in that way */
    OTHER, /* in another */
    PASSES,
    CUT /* D2 */
};

/* How good the pair that is told is. */
enum rank {
    NONE,
    OTHER_FAR, /* D3; of two objects */
    OTHER_NEAR,
    PASSES_FAR,
    PASSES_NEAR /* nothing is better */
};

/* Steps of two tasks that could both be done at a choice. */
struct pair {
    struct hn_deviation first, second;
};

struct decisive {
    const struct hn_schedule *schedule;
    uint64_t signature;
    struct hn_decisive *to;
    enum phase phase;
    enum rank rank;                /* of what is in to */
    char other[HN_DECISIVE_OTHER]; /* of the execution that is over */
    bool bad;                      /* no memory */
    struct hn_follow follow;
    struct hn_schedule candidate;
    uint64_t steps;
    size_t k; /* the deviation that is moved: k - 1 */
    struct pair pairs[PAIRS_MAX];
    uint32_t npairs;

    struct hn_deviation moved; /* whose step is moved, */
    uint32_t by;               /* by how many steps */
    uint32_t low, high;        /* fails; does not */
    bool placed, spent;        /* it was taken; it cannot be any more */
    struct hn_did first, second;
    const void *object[2];           /* theirs */
    uint32_t path[OVER_MAX], path_n; /* tasks of the steps it was moved over */
};

/* ---- an execution --------------------------------------------------------*/

static bool is_step_of(const struct go_step *step, uint32_t task)
{
    return hn_schedule_task(step) == task ||
           (task != GO_NOWHERE && step->partner == task);
}

/* The step of the moved one; GO_NOWHERE: not yet, or not any more. */
static uint32_t place(struct decisive *d, const struct go_step *steps,
                      uint32_t n)
{
    struct hn_follow *f = &d->follow;
    uint32_t k = hn_schedule_find(steps, n, &d->moved);

    if (k == GO_NOWHERE)
        return k;
    d->placed = true;
    while (f->next < f->schedule->n && f->schedule->all[f->next].at <= f->at)
        f->next++; /* it stands where another deviation stood */
    f->at++;
    hn_default_took(&f->usual, &steps[k]);
    return k;
}

static void note_first(struct decisive *d, const struct go_step *steps,
                       uint32_t n)
{
    uint32_t k = hn_schedule_find(steps, n, &d->moved);

    d->spent = k == GO_NOWHERE;
    if (d->spent)
        return;
    hn_did_step(&d->first, &steps[k]);
    d->object[0] = hn_walk_object(&steps[k]);
}

/* A step that the moved one is moved over. */
static void note_over(struct decisive *d, uint32_t over,
                      const struct go_step *step)
{
    if (is_step_of(step, d->moved.task))
        d->spent = true;
    if (over < OVER_MAX)
        d->path[over] = hn_schedule_task(step);
    d->path_n = over + 1;
    if (over + 1 != d->by)
        return;
    hn_did_step(&d->second, step);
    d->object[1] = hn_walk_object(step);
}

/* Steps on the object of the one that is taken. */
static void survey(struct decisive *d, uint32_t at, const struct go_step *steps,
                   uint32_t n, uint32_t k)
{
    const void *object = hn_walk_object(&steps[k]);

    for (uint32_t i = 0; i < n; i++) {
        if (!object || hn_walk_object(&steps[i]) != object ||
            is_step_of(&steps[i], hn_schedule_task(&steps[k])) ||
            is_step_of(&steps[k], hn_schedule_task(&steps[i])))
            continue;
        d->pairs[d->npairs++ % PAIRS_MAX] =
            (struct pair){hn_schedule_deviation(at, &steps[k]),
                          hn_schedule_deviation(at, &steps[i])};
    }
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct decisive *d = arg;
    uint32_t at = d->follow.at, over = at - d->moved.at, k = GO_NOWHERE;

    if (d->phase == SURVEY || at < d->moved.at) {
        k = hn_follow_choose(&d->follow, steps, n);
        if (d->phase == SURVEY && k != GO_NOWHERE)
            survey(d, at, steps, n, k);
        return k;
    }
    if (over == 0)
        note_first(d, steps, n);
    if (over >= d->by && !d->placed && !d->spent)
        k = place(d, steps, n);
    if (k != GO_NOWHERE)
        return k;
    k = hn_follow_choose(&d->follow, steps, n);
    if (k != GO_NOWHERE && !d->placed)
        note_over(d, over, &steps[k]);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    return hn_follow_number(&((struct decisive *)arg)->follow, task, n);
}

static void begin(struct decisive *d)
{
    d->placed = d->spent = false;
    d->path_n = 0;
    d->first = d->second = (struct hn_did){0};
    d->follow.schedule = &d->candidate;
    hn_follow_begin(&d->follow);
}

/* ---- what they are for ---------------------------------------------------*/

/* The schedule without what it does at a choice; with: done there instead. */
static void without(struct decisive *d, uint32_t at,
                    const struct hn_deviation *with)
{
    bool put = !with;

    d->candidate.n = 0;
    for (size_t i = 0; i < d->schedule->n; i++) {
        const struct hn_deviation *one = &d->schedule->all[i];

        if (!put && one->at >= at) {
            d->bad |= !hn_schedule_add(&d->candidate, *with);
            put = true;
        }
        if (one->at != at)
            d->bad |= !hn_schedule_add(&d->candidate, *one);
    }
    if (!put)
        d->bad |= !hn_schedule_add(&d->candidate, *with);
}

static void next_pair(struct decisive *d)
{
    const struct pair *pair;

    if (d->npairs == 0 || d->rank >= PASSES_FAR) {
        d->phase = DONE;
        return;
    }
    pair = &d->pairs[--d->npairs % PAIRS_MAX];
    d->phase = PAIRS;
    d->moved = pair->first;
    d->by = 1;
    without(d, pair->first.at, &pair->second);
}

/* From the last to the first; those that are numbers have no order. */
static void next_deviation(struct decisive *d)
{
    while (d->k > 0 && d->schedule->all[d->k - 1].number)
        d->k--;
    if (d->k == 0) {
        d->phase = d->rank < PASSES_FAR ? SURVEY : DONE;
        d->bad |= !hn_schedule_copy(&d->candidate, d->schedule);
        return;
    }
    d->phase = LEAVE;
    d->moved = d->schedule->all[--d->k];
    d->by = UINT32_MAX;
    without(d, d->moved.at, NULL);
}

static void next_place(struct decisive *d)
{
    d->phase = d->high - d->low > 1 ? BISECT : VERIFY;
    d->by = d->phase == BISECT ? d->low + (d->high - d->low) / 2 : d->high;
}

/* Which of its own steps it is that the other task does there. */
static uint32_t nth_of(const struct decisive *d)
{
    uint32_t nth = 0;

    if (d->by > OVER_MAX || d->path_n < d->by)
        return 0;
    for (uint32_t i = 0; i < d->by; i++)
        nth += d->path[i] == d->path[d->by - 1];
    return nth;
}

/* True: there is nothing better to be found. (The first of the two may not
   come at all behind the second: that is the other way round, too.) */
static bool tell(struct decisive *d, enum outcome outcome)
{
    bool near = d->object[0] && d->object[0] == d->object[1];
    enum rank rank =
        (outcome == PASSES ? PASSES_FAR : OTHER_FAR) + (near ? 1u : 0u);
    struct hn_decisive *to = d->to;

    if (!d->first.text[0] || !d->second.text[0] || rank <= d->rank)
        return false;
    d->rank = rank;
    to->kind = HN_DECISIVE_NONE; /* while it is written */
    to->differs = outcome == OTHER;
    memcpy(to->other, d->other, sizeof(to->other));
    to->at = d->moved.at;
    to->nth = nth_of(d);
    to->first = d->first;
    to->second = d->second;
    __atomic_store_n(&to->kind,
                     d->spent ? HN_DECISIVE_INSTEAD : HN_DECISIVE_ORDER,
                     __ATOMIC_RELEASE);
    return rank == PASSES_NEAR;
}

static bool is_over(enum outcome outcome)
{
    return outcome == PASSES || outcome == OTHER;
}

static void learn(struct decisive *d, enum outcome outcome)
{
    switch (d->phase) {
    case LEAVE:
        d->low = 0;
        d->high = d->follow.at > d->moved.at ? d->follow.at - d->moved.at : 0;
        if (is_over(outcome) && d->high > 0)
            next_place(d);
        else
            next_deviation(d);
        return;
    case BISECT:
        *(outcome == SAME ? &d->low : &d->high) = d->by;
        if (outcome == CUT)
            next_deviation(d);
        else
            next_place(d);
        return;
    case VERIFY:
        if (is_over(outcome) && tell(d, outcome))
            d->phase = DONE;
        else
            next_deviation(d);
        return;
    case PAIRS:
        if (is_over(outcome) && !d->spent)
            tell(d, outcome);
        break;
    case SURVEY:
    case DONE:
        break;
    }
    next_pair(d);
}

/* How it failed, when that is not the way that was looked for. */
static void note_other(struct decisive *d, const struct go_execution *e)
{
    if (e->end == GO_END_PANIC)
        snprintf(d->other, sizeof(d->other), "panic: %s",
                 e->panic ? e->panic : "");
    else
        snprintf(d->other, sizeof(d->other), "%s",
                 e->end == GO_END_STUCK ? "a deadlock, at other places"
                                        : "goroutines are left");
}

static enum outcome outcome_of(const struct decisive *d,
                               const struct go_execution *e)
{
    return e->end == GO_END_BOUND            ? CUT
           : e->end == GO_END_CLEAN          ? PASSES
           : hn_signature(e) == d->signature ? SAME
                                             : OTHER;
}

static bool next(struct decisive *d, enum outcome outcome)
{
    d->to->replays++;
    learn(d, outcome);
    if (d->phase == DONE || d->bad || d->to->replays >= HN_DECISIVE_REPLAYS ||
        d->steps > HN_DECISIVE_STEPS)
        return false;
    begin(d);
    return true;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct decisive *d = arg;

    d->steps += e->steps;
    note_other(d, e);
    return next(d, outcome_of(d, e));
}

static bool crashed(void *arg, int signal, uint64_t signature)
{
    struct decisive *d = arg;

    snprintf(d->other, sizeof(d->other), "SIG%s", sigabbrev_np(signal));
    return next(d, d->signature == signature ? SAME : OTHER);
}

void hn_decisive(const struct go_run *run, const struct hn_schedule *schedule,
                 uint64_t signature, bool apart, struct hn_decisive *to)
{
    struct go_control control = {.choose = choose,
                                 .number = number,
                                 .over = over,
                                 .early = hn_schedule_early(schedule),
                                 .more = schedule->more,
                                 .alike = true,
                                 .steps = HN_EXPLORE_STEPS};
    struct hn_loop loop;
    struct decisive *d;

    if (!hn_loop_begin(&loop, run, apart))
        return;
    d = control.arg = hn_memory_take(sizeof(*d));
    if (!d)
        return;
    d->schedule = schedule;
    d->signature = signature;
    d->to = to;
    d->k = schedule->n;
    d->follow = (struct hn_follow){.loose = true};
    next_deviation(d);
    begin(d);
    hn_loop_run(&loop, &control, crashed);
    hn_loop_end(&loop);
    hn_schedule_free(&d->candidate);
    hn_memory_give(d);
}

const char *hn_decisive_kind_text(enum hn_decisive_kind kind)
{
    return kind == HN_DECISIVE_ORDER     ? "order"
           : kind == HN_DECISIVE_INSTEAD ? "instead"
                                         : "none";
}
