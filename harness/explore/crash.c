/*
 * crash.c - plays a schedule to its crash, and tells that.
 *
 * In:  a schedule. Out: the signal, who it was and where, and what had been
 * done.
 *
 * Method: a worker plays it, with its table in shared memory. The handler of
 * vigil/crash.h adds where it was. What is told of it is told by the process
 * that waits, whose heap is whole, and which has the same program at the same
 * addresses.
 */
#define _GNU_SOURCE
#include "harness/explore/crash.h"

#include <signal.h>

#include "harness/explore/answers.h"
#include "harness/explore/orders.h"
#include "harness/explore/reset.h"
#include "harness/explore/worker.h"

struct job {
    struct go_run run;
    const struct hn_schedule *schedule;
    bool loose;
    const struct hn_schedfile *steps;
    const struct hn_decisive *decisive;
    struct hn_crash *to;
};

/* ---- in the worker -------------------------------------------------------*/

/* Its tasks are to be known to who reads the table. */
static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_crash *c = arg;

    hn_tasks_learn(&c->tasks);
    return c->play.control.choose(&c->play, steps, n);
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_crash *c = arg;

    hn_tasks_learn(&c->tasks);
    return c->play.control.number(&c->play, task, n);
}

static void race(void *arg, const struct go_race *r)
{
    struct hn_crash *c = arg;

    c->play.control.race(&c->play, r);
}

static void play(void *arg)
{
    struct job *job = arg;
    struct hn_crash *c = job->to;
    struct hn_reset *reset = hn_reset_begin(); /* as shown.c's P1 */
    struct go_control control;

    hn_play_init(&c->play, job->schedule, hn_schedule_early(job->schedule));
    hn_table_begin(&c->play.table, job->decisive);
    c->play.follow.loose = job->loose;
    c->play.witness.steps = job->loose ? NULL : job->steps;
    control = c->play.control;
    control.arg = c;
    control.choose = choose;
    control.number = number;
    control.race = race;
    job->run.control = &control;
    job->run.text_fd = job->run.json_fd = job->run.dot_fd = -1;
    job->run.outcome = NULL;
    go_crash_catch(&c->died.where);
    hn_answers_begin();
    hn_orders_begin();
    go_run(&job->run);
    hn_answers_end();
    go_crash_ignore();
    hn_reset_end(reset);
}

/* ---- in who waits for it -------------------------------------------------*/

struct hn_crash *hn_crash_play(const struct go_run *run,
                               const struct hn_schedule *schedule, bool loose,
                               const struct hn_schedfile *steps,
                               const struct hn_decisive *decisive,
                               int64_t limit)
{
    struct hn_crash *c = hn_worker_memory(sizeof(*c));
    struct job job = {.run = *run,
                      .schedule = schedule,
                      .loose = loose,
                      .steps = steps,
                      .decisive = decisive,
                      .to = c};
    int died = c ? hn_worker(play, &job, limit) : 0;

    if (died == 0 && c && c->died.where.exited)
        died = SIGABRT; /* with status 0 */
    if (died <= 0) {
        hn_crash_free(c);
        return NULL;
    }
    c->died.signal = died;
    c->died.status = hn_worker_status();
    hn_tasks_take(&c->tasks);
    return c;
}

void hn_crash_free(struct hn_crash *c)
{
    hn_worker_memory_free(c, sizeof(*c));
}
