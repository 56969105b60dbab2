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
 * Where none of them does, choices are left out as well, by the same method:
 * all of them, not the deviations alone. What is left is done in its order,
 * without what can not be done: so a loop that went round a hundred times, and
 * had to deviate each time, goes round once. Then deviations once more.
 *
 * R1  best is a schedule that was seen to fail in this way.
 * R2  When it ends without being cut, no single deviation can be left out.
 */
#include "harness/explore/shrink.h"

#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/room.h"
#include "harness/explore/signature.h"
#include "harness/explore/watch.h"

/* Executions, the first; choices. */
enum {
    SINGLES_MAX = 600,
    PATH_MAX = 1 << 14, /* choices, where some are to be cut out */
    PATH_SLACK = 1000
};

/* What an execution is for, in this order. */
enum phase {
    REPEAT,    /* the choices of the record, by number */
    LEAVE_OUT, /* some of best */
    SURVEY,    /* the default schedule, to see what else could be done in it */
    SINGLES,   /* one of that */
    CUT,       /* the choices of best, all but some */
    CONFIRM    /* all of best, and nothing else */
};

struct shrink {
    struct go_control control;
    const struct hn_record *failing;
    uint64_t signature;
    struct hn_shrunk *to;
    struct hn_watch *watch; /* of a livelock; NULL: it is none */
    enum phase phase;
    bool bad;          /* no memory */
    bool cut, shorter; /* CUT has been; and was of use */
    struct hn_schedule best, candidate, done;
    struct hn_schedule path, steps_done; /* each choice: of best, of done */
    struct hn_schedule singles;          /* each a schedule by itself */
    size_t single;                       /* that is tried */
    uint64_t steps;                      /* of all replays */
    size_t chunk, at;                    /* what candidate leaves out */
    struct hn_follow follow;
};

static void write_one(struct hn_shrunk *to, const struct hn_deviation *d)
{
    to->cut |= !hn_token_add(&to->body, d);
}

/* Part of what is done. While the record is repeated it is told at once: it
   may be a crash that it leads to. */
static void add(struct shrink *s, struct hn_deviation d)
{
    s->bad |= !hn_schedule_add(&s->done, d);
    if (s->phase == REPEAT)
        write_one(s->to, &d);
}

/* Any choice. At the most those that take() looks at. */
static void add_step(struct shrink *s, struct hn_deviation d)
{
    if (s->steps_done.n <= PATH_MAX)
        s->bad |= !hn_schedule_add(&s->steps_done, d);
}

/* A choice was taken: when it deviates it is part of what was done. */
static void note_choice(void *arg, uint32_t at, const struct go_step *steps,
                        uint32_t n, uint32_t k)
{
    struct shrink *s = arg;

    add_step(s, hn_schedule_deviation(at, &steps[k]));
    if (k != hn_default_step(&s->follow.usual, steps, n))
        add(s, hn_schedule_deviation(at, &steps[k]));
    for (uint32_t i = 0; s->phase == SURVEY && i < n; i++)
        if (i != k && s->singles.n < SINGLES_MAX)
            s->bad |= !hn_schedule_add(&s->singles,
                                       hn_schedule_deviation(at, &steps[i]));
}

/* Where the record ends a look has ended it. That may come later here: so it
   goes on by the default, for who has failed does nothing any more. */
static uint32_t repeat_next(struct shrink *s, uint32_t usual)
{
    uint32_t at = s->follow.at++;

    if (at >= HN_RECORD_MAX)
        return GO_NOWHERE;
    return at < s->failing->n ? s->failing->k[at] : usual;
}

/* The next of the candidate's that can be done; the default where none can. */
static uint32_t cut_next(struct shrink *s, const struct go_step *steps,
                         uint32_t n)
{
    const struct hn_schedule *c = &s->candidate;
    uint32_t k = GO_NOWHERE;

    s->follow.at++;
    while (k == GO_NOWHERE && s->follow.next < c->n) {
        const struct hn_deviation *d = &c->all[s->follow.next++];

        if (!d->number)
            k = hn_schedule_find(steps, n, d);
    }
    return k == GO_NOWHERE ? hn_default_step(&s->follow.usual, steps, n) : k;
}

static uint32_t choose_one(struct shrink *s, const struct go_step *steps,
                           uint32_t n)
{
    uint32_t k;

    if (s->phase != REPEAT && s->phase != CUT)
        return hn_follow_choose(&s->follow, steps, n);
    k = s->phase == CUT
            ? cut_next(s, steps, n)
            : repeat_next(s, hn_default_step(&s->follow.usual, steps, n));
    if (k >= n)
        return GO_NOWHERE; /* not what it was: not the same signature */
    note_choice(s, s->follow.at - 1, steps, n, k);
    hn_default_took(&s->follow.usual, &steps[k]);
    return k;
}

/* It is much longer than what is to become shorter: a loop, most likely, that
   nobody ends any more. */
static bool strays(const struct shrink *s)
{
    return s->phase != REPEAT && s->path.n <= PATH_MAX &&
           s->follow.at > 4 * s->path.n + PATH_SLACK;
}

/* It is a livelock, which is over by that. */
static bool goes_round(struct shrink *s)
{
    if (!s->watch)
        return false;
    hn_watch_hold(s->watch, s->phase == CONFIRM && hn_follow_leads(&s->follow));
    if (!hn_watch_moment(s->watch))
        return false;
    hn_follow_goes_round(&s->follow);
    return true;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct shrink *s = arg;
    uint32_t k;

    if (goes_round(s) || strays(s))
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

    add_step(s, d);
    if (k > 0)
        add(s, d);
}

static uint32_t cut_number(struct shrink *s)
{
    const struct hn_schedule *c = &s->candidate;

    s->follow.at++;
    if (s->follow.next == c->n || !c->all[s->follow.next].number)
        return 0;
    return (uint32_t)c->all[s->follow.next++].which;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct shrink *s = arg;
    uint32_t at = s->follow.at, k;

    if (s->watch)
        hn_watch_break(s->watch);
    k = s->phase == REPEAT ? repeat_next(s, 0)
        : s->phase == CUT  ? cut_number(s)
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
    hn_token_begin(&s->to->body, s->failing->more);
    for (size_t i = 0; i < s->best.n; i++)
        write_one(s->to, &s->best.all[i]);
}

/* What is to become less. */
static const struct hn_schedule *whole(const struct shrink *s)
{
    return s->phase == CUT ? &s->path : &s->best;
}

/* The next thing to be left out; false: all have been tried. */
static bool next_candidate(struct shrink *s)
{
    const struct hn_schedule *all = whole(s);

    if (s->at >= all->n) {
        if (s->chunk <= 1)
            return false;
        s->chunk /= 2;
        s->at = 0;
    }
    s->candidate.n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (i < s->at || i >= s->at + s->chunk)
            s->bad |= !hn_schedule_add(&s->candidate, all->all[i]);
    return !s->bad;
}

/* What was done fails as well, and is shorter: it is the best now. */
static void take(struct shrink *s)
{
    s->bad |= !hn_schedule_copy(&s->best, &s->done);
    s->bad |= !hn_schedule_copy(&s->path, &s->steps_done);
    publish(s);
    if (s->phase == REPEAT || s->chunk > whole(s)->n)
        s->chunk = (whole(s)->n + 1) / 2;
    else if (s->chunk == 1 && s->phase == LEAVE_OUT)
        s->at = 0; /* R2: what was needed may not be any more */
    if (s->at >= whole(s)->n)
        s->at = 0;
}

/* Begins to leave out; false: there is nothing to. */
static bool leave_out(struct shrink *s, enum phase what)
{
    s->phase = what;
    s->at = 0;
    s->chunk = (whole(s)->n + 1) / 2;
    return s->best.n > 1 && whole(s)->n <= PATH_MAX && next_candidate(s);
}

/* What is kept must do by itself, to the last choice, and end where a replay
   does. */
static void confirm(struct shrink *s)
{
    s->control.look_always = true;
    s->phase = CONFIRM;
    s->follow.loose = false;
    s->bad |= !hn_schedule_copy(&s->candidate, &s->best);
}

static void next_single(struct shrink *s)
{
    if (s->single == s->singles.n) {
        s->cut = true;
        if (!leave_out(s, CUT))
            confirm(s);
        return;
    }
    s->phase = SINGLES;
    s->candidate.n = 0;
    s->bad |= !hn_schedule_add(&s->candidate, s->singles.all[s->single++]);
}

static void survey(struct shrink *s)
{
    s->phase = SURVEY;
    s->candidate.n = 0;
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
        if (s->phase == LEAVE_OUT && s->best.n > 1 && !s->cut)
            survey(s);
        else if (s->phase != CUT || !s->shorter || !leave_out(s, LEAVE_OUT))
            confirm(s);
    }
}

static void begin(struct shrink *s)
{
    s->done.n = 0;
    s->steps_done.n = 0;
    s->follow.schedule = &s->candidate;
    hn_follow_begin(&s->follow);
    if (s->watch)
        hn_watch_begin(s->watch, HN_WATCH_EAGER);
}

/* The way in which it failed. A livelock, or who is stuck beside others, may be
   seen sooner here than by who found it: what is seen first is what is meant. */
static uint64_t signature_of(struct shrink *s, const struct go_execution *e)
{
    bool livelock = e->end == GO_END_LIVELOCK;
    uint64_t is;

    if (s->watch && !livelock)
        return 0;
    is = s->watch ? hn_watch_signature(s->watch) : hn_signature(e);
    if (s->phase == REPEAT && (s->watch || (e->looked && !livelock)))
        s->signature = is;
    return is;
}

/* Fewer deviations, or as many in fewer choices. */
static bool is_less(const struct shrink *s)
{
    return s->done.n < s->best.n ||
           (s->done.n == s->best.n && s->steps_done.n < s->path.n);
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
    case CUT:
        if (same && is_less(s)) {
            take(s);
            s->shorter = true;
        } else {
            s->at += s->chunk;
        }
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

static bool crashed(void *arg, int signal, uint64_t signature)
{
    struct shrink *s = arg;

    (void)signal;
    return next(s, s->signature == signature);
}

static void shrink(struct shrink *s, struct hn_loop *loop, bool livelock)
{
    struct hn_states *states = NULL;

    if (livelock) {
        states = hn_states_open(loop->reset);
        s->watch = hn_watch_new(states);
        s->bad = !s->watch;
    }
    begin(s);
    hn_loop_run(loop, &s->control, crashed);
    hn_watch_free(s->watch);
    hn_states_close(states);
    hn_schedule_free(&s->best);
    hn_schedule_free(&s->candidate);
    hn_schedule_free(&s->done);
    hn_schedule_free(&s->singles);
    hn_schedule_free(&s->path);
    hn_schedule_free(&s->steps_done);
}

void hn_shrink(const struct go_run *run, const struct hn_shrink_ask *ask,
               struct hn_shrunk *to)
{
    struct hn_loop loop;
    struct shrink *s;

    hn_tasks_take(ask->tasks);
    hn_token_begin(&to->body, ask->failing->more);
    if (!hn_loop_begin(&loop, run, ask->apart)) /* it would look flaky */
        hn_room_end("no memory to shrink what fails");
    s = hn_memory_take(sizeof(*s));
    if (s) {
        s->control = (struct go_control){.arg = s,
                                         .choose = choose,
                                         .number = number,
                                         .over = over,
                                         .early = ask->early,
                                         .steps = HN_EXPLORE_STEPS,
                                         .more = ask->failing->more,
                                         .alike = true};
        s->failing = ask->failing;
        s->signature = ask->signature;
        s->to = to;
        s->follow =
            (struct hn_follow){.loose = true, .each = note_choice, .arg = s};
        shrink(s, &loop, ask->livelock);
    }
    hn_loop_end(&loop);
    hn_memory_give(s);
}
