/*
 * explain.c - from a failure to what is told of it.
 *
 * In:  choices that fail. Out: a token, and what was found out about it.
 *
 * Method: stages, each a worker of its own: what one of them does to its
 * process, and a crash, is gone in the next. First the schedule is shrunk. If
 * it needs early timers even then, random walks without them look whether it
 * could do without: that would be the better one to show. Then come the
 * decisive pair and the frequency.
 *
 * X1  A stage that dies or is late leaves out what it was for, nothing else.
 * X2  What crashes is replayed apart, for each replay ends its process.
 * X3  A livelock is confirmed instead of what follows: it is a matter of many
 *     steps, and a random walk leaves it.
 */
#include "harness/explore/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/assert.h"
#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/explore/interrupt.h"
#include "harness/explore/outside.h"
#include "harness/explore/room.h"
#include "harness/explore/shrink.h"
#include "harness/explore/token.h"
#include "harness/explore/worker.h"

enum {
    BODY = 4 << 20 /* bytes of a token: more than most that could be */
};

/* What the stages work on; shared with them. */
struct work {
    const struct go_run *run;
    const struct hn_explore_ask *ask;
    const struct hn_schedule *schedule; /* shrunk */
    uint64_t signature;
    uint32_t early; /* in record; in walks */
    bool keep;      /* the first walk that fails so is wanted */
    bool apart;     /* X2 */
    struct hn_record record;
    const struct hn_tasks *tasks; /* by which it counts */
    struct hn_tasks met;          /* by walks */
    struct hn_shrunk shrunk;
    struct hn_decisive decisive;
    struct hn_frequency frequency;
    bool livelock;
    struct hn_confirmed confirmed;
    char body[BODY]; /* of shrunk; memory only where it is written to */
};

static void shrink(void *arg)
{
    struct work *w = arg;

    const struct hn_shrink_ask ask = {.failing = &w->record,
                                      .tasks = w->tasks,
                                      .signature = w->signature,
                                      .livelock = w->livelock,
                                      .early = w->early,
                                      .apart = w->apart};

    hn_shrink(w->run, &ask, &w->shrunk);
}

static void confirm(void *arg)
{
    struct work *w = arg;

    hn_confirm(w->run, w->schedule, hn_schedule_early(w->schedule),
               &w->confirmed);
}

static void decide(void *arg)
{
    struct work *w = arg;

    hn_decisive(w->run, w->schedule, w->signature, w->apart, &w->decisive);
}

static void walk(void *arg)
{
    struct work *w = arg;

    const struct hn_walks walks = {.signature = w->signature,
                                   .early = w->early,
                                   .more = w->ask->fifo ? GO_MORE_ARRIVALS : 0,
                                   .seed = w->ask->seed,
                                   .apart = w->apart,
                                   .tasks = &w->met};

    hn_frequency(w->run, &walks, &w->frequency, w->keep ? &w->record : NULL);
}

/* What is left until then, at most so much and at least some; 0: no limit. */
static int64_t limit_of(int64_t until, int64_t most)
{
    int64_t left;

    until = hn_interrupt_until(until);
    if (!until)
        return most;
    left = until - hn_now_ns();
    if (most && left > most)
        left = most;
    return left > 100 * GO_MILLISECOND ? left : 100 * GO_MILLISECOND;
}

static int read_schedule(struct hn_failing *out)
{
    struct hn_token read;
    char why[HN_TOKEN_WHY];

    hn_schedule_free(&out->schedule);
    if (hn_token_read(out->token, &read, why) != 0)
        return -ENOMEM;
    out->schedule = read.schedule;
    read.schedule = (struct hn_schedule){0};
    hn_token_free(&read);
    return 0;
}

/* 0, or -errno. */
static int shorten(struct work *w, int64_t until, struct hn_failing *out)
{
    int64_t start = hn_now_ns();
    int died;

    w->shrunk =
        (struct hn_shrunk){.body = {.to = w->body, .cap = sizeof(w->body)}};
    died = hn_worker(shrink, w, limit_of(until, 0));
    out->replays = w->shrunk.replays;
    out->shrink_ns = hn_now_ns() - start;
    if (died < 0 && died != -ETIMEDOUT)
        return died;
    out->late = died == -ETIMEDOUT;
    out->flaky = !out->late && (died || !w->shrunk.confirmed);
    if (out->flaky || (out->late && !w->shrunk.same))
        return 0;
    out->choices = w->shrunk.body.n;
    out->cut = w->shrunk.cut;
    if (out->cut)
        return 0;
    hn_check(w->shrunk.confirmed || w->shrunk.same,
             "a token of a schedule that was not seen to fail");
    out->token = hn_token_make(w->run->scenario, w->shrunk.hash,
                               w->shrunk.confirmed, w->shrunk.body.to);
    return out->token ? 0 : -ENOMEM;
}

/* Whether random walks fail so with timers in their order; then that is what
   is shown. */
static int try_quiet(struct work *w, int64_t until, struct hn_failing *out)
{
    struct hn_failing other = {0};
    int err = 0;

    w->early = 0;
    w->keep = true;
    if (hn_worker(walk, w, limit_of(until, HN_BUDGET_STAGE)) != 0)
        return 0; /* X1 */
    out->quiet = w->frequency;
    w->tasks = &w->met;
    if (out->quiet.same)
        err = shorten(w, until, &other);
    out->replays += other.replays;
    out->shrink_ns += other.shrink_ns;
    if (err || !other.token)
        return err;
    free(out->token);
    out->token = other.token;
    return read_schedule(out);
}

/* X1. */
static void find_out(struct work *w, int64_t until, struct hn_failing *out)
{
    w->schedule = &out->schedule;
    hn_worker(decide, w, limit_of(until, HN_BUDGET_STAGE));
    out->decisive = w->decisive;
    w->early = hn_schedule_early(&out->schedule) ? HN_EXPLORE_EARLY : 0;
    w->keep = false;
    w->frequency = (struct hn_frequency){0};
    hn_worker(walk, w, limit_of(until, HN_BUDGET_STAGE));
    out->frequency = w->frequency;
}

/* X3. */
static struct hn_confirmed
confirmed(struct work *w, const struct hn_schedule *schedule, int64_t limit)
{
    int died;

    w->schedule = schedule;
    w->confirmed = (struct hn_confirmed){.call = HN_OUTSIDE_NOTHING};
    died = hn_worker(confirm, w, limit);
    if (died == -ENOMEM) /* it would look as if it were none */
        hn_room_end(hn_worker_lacked());
    if (died != 0)
        return (struct hn_confirmed){.call = HN_OUTSIDE_NOTHING};
    return w->confirmed;
}

struct hn_round hn_explain_livelock(const struct go_run *run,
                                    const struct hn_schedule *schedule,
                                    int64_t limit)
{
    struct work *w = hn_worker_memory(sizeof(*w));
    struct hn_confirmed c = {.call = HN_OUTSIDE_NOTHING};

    if (w) {
        w->run = run;
        c = confirmed(w, schedule, limit);
    }
    hn_worker_memory_free(w, sizeof(*w));
    return c.alone ? c.round : (struct hn_round){0, 0};
}

/* For one failure; NULL: no memory. */
static struct work *begin(const struct go_run *run,
                          const struct hn_explore_ask *ask,
                          const struct hn_failure *failure)
{
    struct work *w = hn_worker_memory(sizeof(*w));

    if (!w)
        return NULL;
    w->run = run;
    w->ask = ask;
    w->signature = failure->how.signature;
    w->livelock = failure->how.livelock;
    w->early = failure->racy ? HN_EXPLORE_EARLY : 0;
    w->apart = ask->apart || failure->how.died.signal;
    hn_record_copy(&w->record, &failure->record);
    return w;
}

static bool is_late(int64_t until)
{
    until = hn_interrupt_until(until);
    return until && hn_now_ns() >= until;
}

int hn_explain_shrink(const struct go_run *run,
                      const struct hn_explore_ask *ask,
                      const struct hn_found *found, uint32_t which,
                      int64_t until, struct hn_failing *out)
{
    const struct hn_failure *failure = &found->failures[which];
    struct work *w;
    int err;

    *out = (struct hn_failing){.times = failure->times,
                               .found_at = failure->found_at,
                               .signature = failure->how.signature,
                               .seen = failure->how.seen,
                               .gravity = failure->how.gravity,
                               .died = failure->how.died,
                               .livelock = failure->how.livelock,
                               .confirmed = {.call = HN_OUTSIDE_NOTHING}};
    memcpy(out->strategy, failure->strategy, sizeof(out->strategy));
    memcpy(out->panic, failure->how.panic, sizeof(out->panic));
    out->late = is_late(until);
    if (out->late)
        return 0;
    w = begin(run, ask, failure);
    if (w)
        w->tasks = &found->tasks;
    err = w ? shorten(w, until, out) : -ENOMEM;
    hn_worker_memory_free(w, sizeof(*w));
    return err;
}

int hn_explain_rest(const struct go_run *run, const struct hn_explore_ask *ask,
                    const struct hn_failure *failure, int64_t until,
                    struct hn_failing *out)
{
    struct work *w;
    int err = out->token ? read_schedule(out) : 0;

    if (err || !out->token || is_late(until))
        return err;
    w = begin(run, ask, failure);
    if (!w)
        return -ENOMEM;
    if (failure->how.livelock) {
        out->confirmed = confirmed(w, &out->schedule, limit_of(until, 0));
    } else {
        if (hn_schedule_early(&out->schedule))
            err = try_quiet(w, until, out);
        if (!err)
            find_out(w, until, out);
    }
    hn_worker_memory_free(w, sizeof(*w));
    return err;
}

void hn_failing_free(struct hn_failing *f)
{
    hn_schedule_free(&f->schedule);
    free(f->token);
    f->token = NULL;
}
