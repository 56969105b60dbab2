/*
 * explore.c - an exploration: a search, then what is to be told of each
 * failure that it found.
 *
 * In:  a scenario's run. Out: schedules that fail, or that none was found.
 *
 * Method: the caller's process never runs the scenario here. Workers do
 * (worker.h): one searches, others explain what it found. All are forks of the
 * caller, so they begin alike, and what they know is in shared memory. A worker
 * that dies has left the choices that led there: a crash is a finding.
 *
 * E1  The gravest failures come first; of these such that need no early timer,
 *     then short ones.
 * E2  What fails only behind other executions is no failure of the program's:
 *     where memory can not be set back they have a process each, asked for or
 *     not.
 * E3  That each has a token comes before that one has a short one: who shrinks
 *     writes down at once what it has, and nobody has the time of all.
 * E4  However late the search was over, the first failure is done again: without
 *     a token it could not be shown, and of a livelock nothing be claimed.
 */
#include "harness/explore/explore.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/explore/explain.h"
#include "harness/explore/interrupt.h"
#include "harness/explore/outside.h"
#include "harness/explore/reset.h"
#include "harness/explore/search.h"
#include "harness/explore/signature.h"
#include "harness/explore/worker.h"

enum {
    CRASHES_MAX = 20, /* that a search which is to find all goes on after */
    HANGS_MAX = 3,    /* that any search goes on after */
    WHERE = 200,      /* of a text */
};

/* What a worker does; everything that comes of it is in shared memory. */
struct job {
    const struct go_run *run;
    struct hn_explore_ask ask; /* of what is left */
    struct hn_found *found;
    int64_t until;   /* 0: no limit */
    int64_t grace;   /* beyond its time */
    bool late;       /* the time was up, and it went on: */
    bool moves;      /* it has come to a choice since, */
    uint64_t moment; /* to which it had come then */
};

static void search(void *arg)
{
    const struct job *job = arg;

    hn_search(job->run, &job->ask, job->found);
}

/* The execution that the worker died in is the one that fails: of no end, for
   it never came to one. */
static void note_crash(struct hn_found *found, int signal)
{
    const struct hn_failed how = {.signature =
                                      hn_signature_crash(signal, &found->crash),
                                  .gravity = HN_GRAVITY_END,
                                  .seen = GO_VERDICT_CRASH,
                                  .died = {.signal = signal,
                                           .status = hn_worker_status(),
                                           .where = found->crash}};

    found->executions++;
    hn_found_add(found, &how);
}

/* An execution that came to no choice proves nothing: it may be but long. */
static void note_hang(struct hn_found *found)
{
    char where[WHERE];

    found->executions++;
    found->cut++;
    found->hung = true;
    if (found->hangs++)
        return;
    hn_watchdog_text(&found->stuck, where, sizeof(where));
    snprintf(found->hang, sizeof(found->hang),
             "schedule %llu (%s) was given up: for 1 s of processor time it "
             "came to no choice, in %s",
             (unsigned long long)found->executions, found->strategy_now, where);
}

/* Nor one that was ended while it came to choices: its steps take long. */
static void note_slow(struct hn_found *found)
{
    found->executions++;
    found->cut++;
    found->unended++;
    found->limits.late = true;
}

/* The run came to rest in the middle of a search: main has returned, and who is
   left is in a call that no choice ends. 0 */
static int note_outside(struct hn_found *found)
{
    snprintf(found->ended, sizeof(found->ended),
             "the search was ended: an execution came to rest where somebody "
             "is in a call of go_blocking");
    return 0;
}

/* After a crash: what all strategies know is gone, and those that go by order
   would come to the same end again. */
static bool goes_on(struct job *job, const struct hn_explore_ask *ask,
                    int crashes, bool hung)
{
    bool ordered =
        !strcmp(ask->strategy, "dpor") || !strcmp(ask->strategy, "delay");

    if (ordered || (hung ? job->found->hangs >= HANGS_MAX : !ask->all) ||
        crashes >= CRASHES_MAX || job->found->executions >= ask->schedules)
        return false;
    job->ask.seed = ask->seed + job->found->executions;
    job->ask.resumed = true;
    if (job->until)
        job->ask.time = job->until - hn_now_ns();
    return !job->until || job->ask.time > 0;
}

/* The worker did not come to its end when it was asked to. */
static void note_late(struct hn_found *found, const struct hn_explore_ask *ask)
{
    bool interrupted = hn_interrupted() != 0;
    int64_t grace =
        interrupted ? HN_INTERRUPT_WORKER : hn_budget_grace(ask->time);

    found->limits.interrupted |= hn_interrupt_why() == HN_INTERRUPT_ASKED;
    found->hung = true;
    snprintf(found->ended, sizeof(found->ended),
             "the search was ended: an execution did not come to a choice "
             "for %d ms",
             (int)(grace / GO_MILLISECOND));
}

/* When its time is up it has some more, to come to an end: then it is known
   whether it comes to choices. So it has when that is wanted of it. */
static int64_t be_patient(void *arg)
{
    struct job *job = arg;
    uint64_t moment = hn_record_moment(&job->found->now);

    if (hn_interrupted())
        return hn_interrupted() + HN_INTERRUPT_WORKER - hn_now_ns();
    job->moves = job->late && moment != job->moment;
    job->moment = moment;
    job->late = !job->late;
    return job->late ? job->grace : 0;
}

/* One worker; what it died of, 0, or -errno. */
static int search_once(struct job *job)
{
    struct hn_found *found = job->found;
    int died;

    found->crash = (struct go_crash){0};
    found->goes_on = found->rests = found->apart_died = false;
    job->late = false;
    died = hn_worker_late(search, job, job->ask.time, be_patient);
    if (died > 0 || found->apart_died)
        hn_worker_said(found->said);
    if (died == 0 && found->goes_on && !found->rests)
        died = SIGABRT; /* a stack overflow ends the run, not its process */
    return died;
}

/* What the last worker ended by, whose execution came to choices. */
static int note_end(const struct job *job, const struct hn_explore_ask *ask,
                    int died)
{
    struct hn_found *found = job->found;

    if (died == 0 && found->rests)
        return note_outside(found);
    if (died == -ETIMEDOUT && job->moves) {
        note_slow(found);
        return 0;
    }
    if (died == -ETIMEDOUT) {
        note_late(found, ask);
        return 0;
    }
    if (died == -ENOMEM) {
        snprintf(found->lack, sizeof(found->lack), "%s", hn_worker_lacked());
        return 0;
    }
    if (died > 0 && ask->all)
        snprintf(found->ended, sizeof(found->ended),
                 "the search was ended by a crash");
    return died < 0 ? died : 0;
}

/* 0 or -errno. */
static int search_all(struct job *job, const struct hn_explore_ask *ask)
{
    struct hn_found *found = job->found;
    int crashes = 0, died;
    bool hung;

    job->grace = hn_budget_grace(ask->time);
    do {
        died = search_once(job);
        hung = died == SIGPROF && found->stuck.stuck;
        found->stuck.stuck = false;
        if (hung)
            note_hang(found);
        else if (died > 0)
            note_crash(found, died);
    } while (died > 0 && goes_on(job, ask, ++crashes, hung));
    return hung ? 0 : note_end(job, ask, died);
}

static void tell(const struct hn_found *found, struct hn_explored *out)
{
    /* what was done behind it, with early timers, may have come to no end */
    out->complete = found->complete && !found->cut && !found->ended[0] &&
                    !found->trouble[0] && !found->lack[0] &&
                    !found->differs.differs && !found->limits.outside &&
                    !found->limits.asked && !found->limits.descriptors;
    out->timers = found->timers;
    out->executions = found->executions;
    out->points = found->points;
    out->cut = found->cut;
    out->others = found->others;
    out->races = found->races;
    out->starved = found->starved;
    memcpy(out->strategy, found->strategy, sizeof(out->strategy));
    memcpy(out->trouble, found->trouble, sizeof(out->trouble));
    memcpy(out->lack, found->lack, sizeof(out->lack));
    memcpy(out->misfit, found->misfit, sizeof(out->misfit));
    memcpy(out->conditions, found->conditions, sizeof(out->conditions));
    out->differs = found->differs;
    out->limits = found->limits;
    memcpy(out->ended, found->ended, sizeof(out->ended));
    out->hung = found->hung;
    out->unended = found->unended + found->hangs;
    out->endless = found->usual_unended ||
                   (found->executions && found->unended >= found->executions);
    out->beside =
        found->executions && found->unended >= found->executions &&
        found->limits.threads + found->limits.silent >= found->executions;
    out->waiting = found->waiting;
    memcpy(out->runaway, found->runaway, sizeof(out->runaway));
    memcpy(out->hang, found->hang, sizeof(out->hang));
    memcpy(out->said, found->said, sizeof(out->said));
}

/* E1. Those whose schedule is not known come last. */
static int compare(const void *a, const void *b)
{
    const struct hn_failing *one = a, *other = b;
    uint32_t early[] = {hn_schedule_early(&one->schedule),
                        hn_schedule_early(&other->schedule)};

    if (!one->token != !other->token)
        return one->token ? -1 : 1;
    if (one->gravity != other->gravity)
        return one->gravity > other->gravity ? -1 : 1;
    if (early[0] != early[1])
        return early[0] < early[1] ? -1 : 1;
    if (one->schedule.n != other->schedule.n)
        return one->schedule.n < other->schedule.n ? -1 : 1;
    return one->found_at < other->found_at ? -1 : 1;
}

static void note_trouble(struct hn_explored *out, const struct hn_failing *f)
{
    if (!f->flaky || f->livelock) /* that is then not proven */
        return;
    out->complete = false;
    snprintf(out->trouble, sizeof(out->trouble),
             "the same choices did not fail again: the scenario is not "
             "deterministic");
}

/* E3. Until when this one may be shrunk: those behind it want as long, and so
   does each livelock, which is confirmed after that: else it is none. */
static int64_t share_of(int64_t until, const struct hn_found *found,
                        uint32_t which)
{
    int64_t now = hn_now_ns();
    uint32_t parts = found->nfailures - which;

    for (uint32_t i = 0; i < found->nfailures; i++)
        parts += found->failures[i].how.livelock;
    until = hn_budget_share(now, hn_interrupt_until(until), parts);
    return which ? until : hn_budget_needed(now, until); /* E4 */
}

/* And until when what is left may be found out: E4. */
static int64_t rest_of(int64_t until, const struct hn_found *found,
                       uint32_t which)
{
    bool needed = !which && found->failures[which].how.livelock;

    return needed ? hn_budget_needed(hn_now_ns(), until) : until;
}

static int shrink_all(const struct job *job, const struct hn_explore_ask *ask,
                      int64_t until, struct hn_explored *out)
{
    const struct hn_found *found = job->found;
    int err = 0;

    for (uint32_t i = 0; i < found->nfailures && !err; i++) {
        struct hn_failing *f = &out->failures[out->nfailures++];

        err = hn_explain_shrink(job->run, ask, found, i,
                                share_of(until, found, i), f);
        note_trouble(out, f);
    }
    return err;
}

static int explain(const struct job *job, const struct hn_explore_ask *ask,
                   struct hn_explored *out)
{
    const struct hn_found *found = job->found;
    int64_t until = hn_budget_explained(hn_now_ns(), ask->time, out->until);
    int err;

    out->failures = calloc(found->nfailures + 1, sizeof(*out->failures));
    if (!out->failures)
        return -ENOMEM;
    err = shrink_all(job, ask, until, out);
    for (uint32_t i = 0; i < out->nfailures && !err; i++)
        err = hn_explain_rest(job->run, ask, &found->failures[i],
                              rest_of(until, found, i), &out->failures[i]);
    qsort(out->failures, out->nfailures, sizeof(*out->failures), compare);
    return err;
}

static void note_unproven(struct hn_explored *out, const struct hn_failing *f)
{
    unsigned long long at = f->found_at;

    if (f->confirmed.call == HN_OUTSIDE_NOTHING)
        snprintf(out->conditions, sizeof(out->conditions),
                 "schedule %llu goes round, but it is not proven", at);
    else if (f->confirmed.call == HN_OUTSIDE_CLOCK)
        snprintf(out->conditions, sizeof(out->conditions),
                 "schedule %llu goes round, but the program reads a clock: "
                 "what comes of that is not known",
                 at);
    else if (f->confirmed.call == HN_OUTSIDE_MEMORY)
        snprintf(out->conditions, sizeof(out->conditions),
                 "schedule %llu goes round, but the program uses memory that "
                 "it has mapped or shared itself: what comes of that is not "
                 "known",
                 at);
    else
        snprintf(out->conditions, sizeof(out->conditions),
                 "schedule %llu goes round, but the program calls the kernel "
                 "(system call %d): what comes of that is not known",
                 at, f->confirmed.call);
}

/* A livelock that is not proven is no failure: it is told as what there is no
   claim for; and the executions that it ended were not tried to their ends.
   Whether that was all there is. */
static bool drop_unproven(struct hn_explored *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < out->nfailures; i++) {
        struct hn_failing *f = &out->failures[i];

        if (!f->livelock || f->confirmed.alone) {
            out->failures[n++] = *f;
            continue;
        }
        note_unproven(out, f);
        out->livelocks++;
        hn_failing_free(f);
    }
    if (n == out->nfailures)
        return false;
    out->nfailures = n;
    out->complete = false;
    return n == 0;
}

void hn_explored_free(struct hn_explored *x)
{
    for (uint32_t i = 0; i < x->nfailures; i++)
        hn_failing_free(&x->failures[i]);
    free(x->failures);
    x->failures = NULL;
    x->nfailures = 0;
}

static int explore(const struct go_run *run, const struct hn_explore_ask *ask,
                   struct hn_explored *out)
{
    struct job job = {.run = run, .ask = *ask};
    int64_t began = hn_now_ns();
    int err = -ENOMEM;

    *out = (struct hn_explored){.until = out->until};
    job.until = ask->time ? began + ask->time : 0;
    job.found = hn_worker_memory(sizeof(*job.found));
    if (job.found) {
        job.found->one = !ask->all;
        err = search_all(&job, ask);
        tell(job.found, out);
        out->ns = hn_now_ns() - began;
    }
    if (!err)
        err = explain(&job, ask, out);
    if (err == -ENOMEM && !out->lack[0])
        snprintf(out->lack, sizeof(out->lack), "%s", hn_worker_lacked());
    else if (err && !out->lack[0])
        snprintf(out->lack, sizeof(out->lack), "no worker can be started: %s",
                 strerror(-err));
    hn_worker_memory_free(job.found, sizeof(*job.found));
    return err;
}

/* Once more, without a look for livelocks: one that is not proven must not
   hide what else there is. */
static int explore_blind(const struct go_run *run,
                         const struct hn_explore_ask *ask, int64_t spent,
                         struct hn_explored *out)
{
    struct hn_explore_ask blind = *ask;
    char condition[HN_EXPLORE_TEXT];
    uint32_t livelocks = out->livelocks;
    int err;

    memcpy(condition, out->conditions, sizeof(condition));
    hn_explored_free(out);
    blind.blind = true;
    if (ask->time)
        blind.time = spent < ask->time ? ask->time - spent : 1;
    err = explore(run, &blind, out);
    if (!out->conditions[0])
        memcpy(out->conditions, condition, sizeof(condition));
    out->complete = false;
    out->livelocks += livelocks;
    return err;
}

int hn_explore(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_explored *out)
{
    struct hn_explore_ask own = *ask;
    char why[HN_RESET_WHY];
    int64_t began = hn_now_ns();
    bool keeps = hn_reset_keeps(why), left_nothing;
    int err;

    own.apart |= keeps; /* E2 */
    out->until = hn_budget_told(began, ask->time);
    err = explore(run, &own, out);
    left_nothing = drop_unproven(out); /* whatever else went wrong */
    if (!err && left_nothing)
        err = explore_blind(run, &own, hn_now_ns() - began, out);
    if (keeps && !out->conditions[0])
        snprintf(out->conditions, sizeof(out->conditions),
                 "a process for each execution (--isolate=fork), for %s", why);
    out->interrupted = hn_interrupt_why() == HN_INTERRUPT_ASKED;
    return err;
}
