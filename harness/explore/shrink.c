/*
 * shrink.c - leaves out what a failing schedule does not need.
 *
 * In:  the choices of an execution that failed, by number. Out: its deviations
 * from the default schedule, as few as can be found.
 *
 * Method: the first execution repeats the choices and notes which of them
 * deviate. Then delta debugging (Zeller 1999): leave out a half, a quarter,
 * ... single ones, for as long as what is left fails in the same way. An
 * execution follows what is left loosely: what cannot be done is left out by
 * itself, and what was done is what is kept. If more than one deviation is
 * left, all schedules that have but one are tried as well: most failures need
 * no more, and the one found first may have taken another road.
 *
 * R1  best is a schedule that was seen to fail in this way.
 * R2  When it ends without being cut, no single deviation can be left out.
 */
#include "harness/explore/shrink.h"

#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/signature.h"
#include "harness/explore/token.h"
#include "harness/explore/watch.h"

enum {
    SINGLES_MAX = 600
};

/* What an execution is for, in this order. */
enum phase {
    REPEAT,    /* the choices of the record, by number */
    LEAVE_OUT, /* some of best */
    SURVEY,    /* the default schedule, to see what else could be done in it */
    SINGLES,   /* one of that */
    CONFIRM    /* all of best, and nothing else */
};

struct shrink {
    const struct hn_record *failing;
    uint64_t signature;
    struct hn_shrunk *to;
    struct hn_watch *watch; /* of a livelock; NULL: it is none */
    enum phase phase;
    bool bad; /* no memory */
    struct hn_schedule best, candidate, done;
    struct hn_schedule singles; /* each a schedule by itself */
    size_t single;              /* that is tried */
    uint64_t steps;             /* of all replays */
    size_t chunk, at;           /* what candidate leaves out of best */
    struct hn_follow follow;
};

static void write_one(struct hn_shrunk *to, const struct hn_deviation *d)
{
    to->cut |= !hn_token_add(to->body, sizeof(to->body), d);
}

/* Part of what is done. While the record is repeated it is told at once: it
   may be a crash that it leads to. */
static void add(struct shrink *s, struct hn_deviation d)
{
    s->bad |= !hn_schedule_add(&s->done, d);
    if (s->phase == REPEAT)
        write_one(s->to, &d);
}

/* A choice was taken: when it deviates it is part of what was done. */
static void note_choice(void *arg, uint32_t at, const struct go_step *steps,
                        uint32_t n, uint32_t k)
{
    struct shrink *s = arg;

    if (k != hn_default_step(&s->follow.usual, steps, n))
        add(s, hn_schedule_deviation(at, &steps[k]));
    for (uint32_t i = 0; s->phase == SURVEY && i < n; i++)
        if (i != k && s->singles.n < SINGLES_MAX)
            s->bad |= !hn_schedule_add(&s->singles,
                                       hn_schedule_deviation(at, &steps[i]));
}

static uint32_t repeat_next(struct shrink *s)
{
    uint32_t at = s->follow.at++;

    return at < s->failing->n && at < HN_RECORD_MAX ? s->failing->k[at]
                                                    : GO_NOWHERE;
}

static uint32_t choose_one(struct shrink *s, const struct go_step *steps,
                           uint32_t n)
{
    uint32_t k;

    if (s->phase != REPEAT)
        return hn_follow_choose(&s->follow, steps, n);
    k = repeat_next(s);
    if (k >= n)
        return GO_NOWHERE; /* not what it was: not the same signature */
    note_choice(s, s->follow.at - 1, steps, n, k);
    hn_default_took(&s->follow.usual, &steps[k]);
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct shrink *s = arg;
    uint32_t k;

    if (s->watch && hn_watch_moment(s->watch))
        return GO_NOWHERE;
    k = choose_one(s, steps, n);
    if (s->watch && k != GO_NOWHERE)
        hn_watch_took(s->watch, steps, n, k);
    return k;
}

static void note_number(struct shrink *s, uint32_t at, uint32_t k)
{
    struct hn_deviation d = {.at = at,
                             .task = GO_NOWHERE,
                             .which = (int32_t)k,
                             .partner = GO_NOWHERE,
                             .partner_which = -1,
                             .number = true};

    if (k > 0)
        add(s, d);
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct shrink *s = arg;
    uint32_t at = s->follow.at, k;

    if (s->watch)
        hn_watch_break(s->watch);
    k = s->phase == REPEAT ? repeat_next(s)
                           : hn_follow_number(&s->follow, task, n);
    if (k >= n)
        k = 0;
    note_number(s, at, k);
    return k;
}

/* R1: best, where it outlives us. */
static void publish(struct shrink *s)
{
    s->to->same = true;
    s->to->cut = false;
    hn_token_begin(s->to->body, sizeof(s->to->body), s->failing->more);
    for (size_t i = 0; i < s->best.n; i++)
        write_one(s->to, &s->best.all[i]);
}

/* The next thing to be left out; false: all have been tried. */
static bool next_candidate(struct shrink *s)
{
    if (s->at >= s->best.n) {
        if (s->chunk <= 1)
            return false;
        s->chunk /= 2;
        s->at = 0;
    }
    s->candidate.n = 0;
    for (size_t i = 0; i < s->best.n; i++)
        if (i < s->at || i >= s->at + s->chunk)
            s->bad |= !hn_schedule_add(&s->candidate, s->best.all[i]);
    return !s->bad;
}

/* What was done fails as well, and is shorter: it is the best now. */
static void take(struct shrink *s)
{
    s->bad |= !hn_schedule_copy(&s->best, &s->done);
    publish(s);
    if (s->phase == REPEAT || s->chunk > s->best.n)
        s->chunk = (s->best.n + 1) / 2;
    else if (s->chunk == 1)
        s->at = 0; /* R2: what was needed may not be any more */
    if (s->at >= s->best.n)
        s->at = 0;
}

/* What is kept must do by itself, to the last choice. */
static void confirm(struct shrink *s)
{
    s->phase = CONFIRM;
    s->follow.loose = false;
    s->bad |= !hn_schedule_copy(&s->candidate, &s->best);
}

static void next_single(struct shrink *s)
{
    if (s->single == s->singles.n) {
        confirm(s);
        return;
    }
    s->phase = SINGLES;
    s->candidate.n = 0;
    s->bad |= !hn_schedule_add(&s->candidate, s->singles.all[s->single++]);
}

/* What the next execution is for. */
static void plan(struct shrink *s)
{
    bool spent = s->to->replays >= HN_SHRINK_REPLAYS ||
                 s->steps > HN_SHRINK_STEPS || s->best.n == 0;

    if (spent) {
        confirm(s);
    } else if (s->phase == SURVEY || s->phase == SINGLES) {
        next_single(s);
    } else if (!next_candidate(s)) {
        s->phase = s->best.n > 1 ? SURVEY : CONFIRM;
        s->candidate.n = 0;
        if (s->phase == CONFIRM)
            confirm(s);
    }
}

static void begin(struct shrink *s)
{
    s->done.n = 0;
    s->follow.schedule = &s->candidate;
    hn_follow_begin(&s->follow);
    if (s->watch)
        hn_watch_begin(s->watch, HN_WATCH_EAGER);
}

/* The way in which it failed. A livelock is seen sooner here than by who found
   it: what is seen first is what is meant. */
static uint64_t signature_of(struct shrink *s, const struct go_execution *e)
{
    if (!s->watch || e->end != GO_END_LIVELOCK)
        return s->watch ? 0 : hn_signature(e);
    if (s->phase == REPEAT)
        s->signature = hn_watch_signature(s->watch);
    return hn_watch_signature(s->watch);
}

/* What an execution has shown; false: it was the last one. */
static bool learn(struct shrink *s, bool same)
{
    switch (s->phase) {
    case REPEAT:
        if (!same || s->bad)
            return false;
        take(s);
        s->phase = LEAVE_OUT;
        return true;
    case LEAVE_OUT:
        if (same && s->done.n < s->best.n)
            take(s);
        else
            s->at += s->chunk;
        return true;
    case SURVEY:
        return true;
    case SINGLES:
        if (!same || s->done.n > 1)
            return true;
        take(s);
        s->single = s->singles.n;
        return true;
    case CONFIRM:
        break;
    }
    s->to->confirmed = same && hn_follow_end(&s->follow);
    s->to->hash = hn_follow_hash(&s->follow);
    return false;
}

static bool next(struct shrink *s, bool same)
{
    s->to->replays++;
    if (!learn(s, same))
        return false;
    plan(s);
    begin(s);
    return true;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct shrink *s = arg;

    s->steps += e->steps;
    return next(s, signature_of(s, e) == s->signature);
}

static bool crashed(void *arg, int signal)
{
    struct shrink *s = arg;

    return next(s, s->signature == (uint64_t)signal);
}

static void shrink(struct shrink *s, struct hn_loop *loop, bool livelock,
                   struct go_control *control)
{
    struct hn_states *states = NULL;

    if (livelock) {
        states = hn_states_open(loop->reset);
        s->watch = hn_watch_new(states);
        s->bad = !s->watch;
    }
    begin(s);
    hn_loop_run(loop, control, crashed);
    hn_watch_free(s->watch);
    hn_states_close(states);
    hn_schedule_free(&s->best);
    hn_schedule_free(&s->candidate);
    hn_schedule_free(&s->done);
    hn_schedule_free(&s->singles);
}

void hn_shrink(const struct go_run *run, const struct hn_shrink_ask *ask,
               struct hn_shrunk *to)
{
    struct go_control control = {.choose = choose,
                                 .number = number,
                                 .over = over,
                                 .early = ask->early,
                                 .steps = HN_EXPLORE_STEPS,
                                 .more = ask->failing->more,
                                 .alike = true};
    struct hn_loop loop;
    struct shrink *s;

    hn_tasks_take(ask->tasks);
    hn_token_begin(to->body, sizeof(to->body), ask->failing->more);
    if (!hn_loop_begin(&loop, run, ask->apart))
        return;
    s = control.arg = hn_memory_take(sizeof(*s));
    if (s) {
        s->failing = ask->failing;
        s->signature = ask->signature;
        s->to = to;
        s->follow =
            (struct hn_follow){.loose = true, .each = note_choice, .arg = s};
        shrink(s, &loop, ask->livelock, &control);
    }
    hn_loop_end(&loop);
    hn_memory_give(s);
}
