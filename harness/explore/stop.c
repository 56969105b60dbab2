/*
 * stop.c - asks which choice of a schedule decides.
 *
 * In:  a schedule. Out: the number of a choice.
 *
 * Method: one execution says how the schedule fails, then the decisive pair is
 * looked for as after an exploration. A worker does both: a crash costs no more
 * than the answer.
 */
#include "harness/explore/stop.h"

#include "harness/explore/decisive.h"
#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/reset.h"
#include "harness/explore/signature.h"
#include "harness/explore/worker.h"

struct work {
    const struct go_run *run;
    const struct hn_schedule *schedule;
    struct hn_follow follow;
    uint64_t signature; /* 0: it does not fail */
    struct hn_decisive decisive;
};

static bool over(void *arg, const struct go_execution *e)
{
    struct hn_follow *f = arg;
    struct work *w = f->arg;

    if (hn_follow_end(f) && hn_is_finding(e))
        w->signature = hn_signature(e);
    return false;
}

static void decide(void *arg)
{
    struct work *w = arg;
    struct go_control control = {.arg = &w->follow,
                                 .choose = hn_follow_choose,
                                 .number = hn_follow_number,
                                 .over = over,
                                 .early = hn_schedule_early(w->schedule),
                                 .more = w->schedule->more,
                                 .steps = HN_EXPLORE_STEPS};
    struct hn_loop loop;
    char why[HN_RESET_WHY];
    bool apart = hn_reset_keeps(why);

    if (!hn_loop_begin(&loop, w->run, false))
        return;
    hn_follow_begin(&w->follow);
    hn_loop_run(&loop, &control, NULL);
    hn_loop_end(&loop);
    if (w->signature)
        hn_decisive(w->run, w->schedule, w->signature, apart, &w->decisive);
}

uint32_t hn_stop(const struct go_run *run, const struct hn_schedule *schedule,
                 int64_t limit)
{
    struct work *w = hn_worker_memory(sizeof(*w));
    uint32_t at = GO_NOWHERE;

    if (!w)
        return at;
    w->run = run;
    w->schedule = schedule;
    w->follow = (struct hn_follow){.schedule = schedule, .arg = w};
    if (hn_worker(decide, w, limit) == 0 &&
        w->decisive.kind != HN_DECISIVE_NONE)
        at = w->decisive.at;
    hn_worker_memory_free(w, sizeof(*w));
    return at;
}

uint32_t hn_stop_usual(const struct hn_schedule *schedule)
{
    return schedule->n ? schedule->all[schedule->n - 1].at : 0;
}
