/*
 * running.c - one run that is under way.
 *
 * In:  its number. Out: a child, its pipes, a deadline; and what it came to.
 *
 * Method: at the deadline the child gets SIGQUIT, to which the runtime answers
 * with a full report, and a second later its whole group is killed; nothing that
 * a scenario ignores or blocks can hold that up. A search has no run that could
 * answer, but knows what it has found: it is told that its time is up, and comes
 * to the other deadline only when it has had some more to tell that. It keeps to
 * its time by itself, but a machine that is busy may not let it. Memory is
 * watched from here: limits of the kernel count reservations, and the runtime
 * reserves far more for stacks than it touches.
 */
#include "harness/running.h"

#include <stdlib.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/launch.h"
#include "harness/reproduce.h"

/* Kept of what a run says, by channel. */
static const struct room {
    size_t head, tail;
} rooms[HN_FROM_COUNT] = {
    [HN_FROM_OUTPUT] = {256 << 10, 256 << 10},
    [HN_FROM_REPORT] = {256 << 20, 0},
    [HN_FROM_TEXT] = {4 << 20, 1 << 20},
    [HN_FROM_GRAPH] = {64 << 20, 0},
    [HN_FROM_TRACE] = {64 << 20, 0},
};

static void give_back(struct hn_running *s)
{
    for (int c = 0; c < HN_FROM_COUNT; c++)
        hn_capture_free(&s->from[c]);
    s->used = false;
}

/* What is known of it before it begins. */
static void plan_run(struct hn_finished *f, const struct hn_scenario *scenario,
                     const struct hn_options *o, size_t repetition)
{
    f->scenario = scenario;
    f->options = o;
    f->seed = o->seed + repetition;
    if (f->seed == 0) /* to the runtime: draw one */
        f->seed = 1;
    f->procs = o->procs ? o->procs : scenario->procs;
    f->timeout = o->timeout                 ? o->timeout
                 : o->command == HN_EXPLORE ? HN_BUDGET_EXPLORE
                                            : scenario->timeout;
}

int hn_running_start(struct hn_running *s, const struct hn_suite *suite,
                     const struct hn_options *o, size_t index, bool graph)
{
    size_t repeat = (size_t)o->repeat;
    struct hn_finished *f = &s->finished;
    struct hn_plan plan;
    int err;

    *s = (struct hn_running){.index = index,
                             .started = hn_now_ns(),
                             .end_by = INT64_MAX,
                             .finished = {.from = s->from}};
    plan_run(f, &suite->all[index / repeat], o, index % repeat);
    plan = hn_launch_plan(o, f);
    f->explores = plan.kind != HN_PLAN_NONE;
    f->replay = hn_reproduce(o, f);
    s->searches = plan.kind == HN_PLAN_EXPLORE;
    if (__builtin_add_overflow(s->started, f->timeout, &s->deadline))
        s->deadline = INT64_MAX;
    for (int c = 0; c < HN_FROM_COUNT; c++)
        hn_capture_init(&s->from[c], rooms[c].head, rooms[c].tail);
    err = hn_launch(f, &plan, graph, &s->process);
    s->used = err == 0;
    if (err != 0)
        free(f->replay);
    return err;
}

/* P2 of process.c: nothing is waited for. */
void hn_running_drain(struct hn_running *s, int channel)
{
    int *fd = &s->process.from[channel];
    char buf[65536];
    ssize_t n = 1;

    while (*fd >= 0 && (n = read(*fd, buf, sizeof(buf))) > 0)
        hn_capture_add(&s->from[channel], buf, (size_t)n);
    if (*fd >= 0 && n == 0) {
        close(*fd);
        *fd = -1;
    }
}

/* Once, and not of the run that is shown in the end: that answers to SIGQUIT. */
static bool has_more_to_tell(const struct hn_running *s)
{
    return s->searches && !s->late && hn_process_hears(&s->process);
}

void hn_running_watch(struct hn_running *s, int64_t now, bool look)
{
    struct hn_finished *f = &s->finished;

    if (s->killed)
        return;
    if (f->stop == HN_STOP_NONE && look &&
        hn_process_resident(&s->process) > f->options->memory) {
        f->stop = HN_STOP_MEMORY;
        hn_process_kill(&s->process);
        s->killed = true;
    } else if (now >= s->deadline && has_more_to_tell(s)) {
        s->late = true;
        s->deadline = now + HN_INTERRUPT_GRACE;
        hn_process_late(&s->process);
    } else if (now >= s->deadline && f->stop == HN_STOP_NONE) {
        f->stop = HN_STOP_TIMEOUT;
        s->deadline = now + HN_BUDGET_KILL;
        hn_process_signal(&s->process, SIGQUIT);
    } else if (now >= s->deadline || now >= s->end_by) {
        hn_process_kill(&s->process);
        s->killed = true;
    }
}

/* Less time when all is told but the run that is shown, which hears nothing. */
bool hn_running_interrupt(struct hn_running *s, int64_t now)
{
    if (!s->searches)
        return false;
    s->end_by = now + (hn_process_hears(&s->process) ? HN_INTERRUPT_GRACE
                                                     : HN_INTERRUPT_REST);
    hn_process_interrupt(&s->process);
    return true;
}

/* Its pipes are emptied only when its strays are dead, too: until then they may
   still be written to. */
struct hn_result *hn_running_finish(struct hn_running *s)
{
    struct hn_result *result;

    if (s->killed && s->finished.stop == HN_STOP_NONE)
        s->finished.stop = HN_STOP_INTERRUPT;
    s->finished.ending = hn_process_reap(&s->process);
    s->finished.wall = hn_now_ns() - s->started;
    for (int c = 0; c < HN_FROM_COUNT; c++)
        hn_running_drain(s, c);
    hn_process_close(&s->process);
    result = hn_result_make(&s->finished);
    if (!result)
        free(s->finished.replay);
    give_back(s);
    return result;
}

void hn_running_drop(struct hn_running *s)
{
    hn_process_kill(&s->process);
    hn_process_reap(&s->process);
    hn_process_close(&s->process);
    free(s->finished.replay);
    give_back(s);
}
