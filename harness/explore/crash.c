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

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/answers.h"
#include "harness/explore/orders.h"
#include "harness/explore/reset.h"
#include "harness/explore/worker.h"

enum {
    TAIL = 66, /* where a headline says of what run it is, as in reports */
    ROOM = 200
};

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
    go_crash_catch(&c->where);
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

    if (died == 0 && c && c->where.exited)
        died = SIGABRT; /* with status 0 */
    if (died <= 0) {
        hn_crash_free(c);
        return NULL;
    }
    c->signal = died;
    hn_tasks_take(&c->tasks);
    return c;
}

void hn_crash_free(struct hn_crash *c)
{
    hn_worker_memory_free(c, sizeof(*c));
}

/* Without a stack nothing is known but the signal. */
static bool is_caught(const struct hn_crash *c)
{
    return c->where.signal == c->signal;
}

/* Whether it has an address at all: what is sent has none. */
static bool has_address(const struct hn_crash *c)
{
    return is_caught(c) && !c->where.sent && !c->where.exited &&
           (c->signal == SIGSEGV || c->signal == SIGBUS);
}

/* No signal ended it. */
static bool ended_itself(const struct hn_crash *c)
{
    return c->signal == SIGABRT && (!is_caught(c) || c->where.exited);
}

static int headline(const struct hn_crash *c, char *to, size_t n)
{
    struct go_frame at;
    int len = snprintf(to, n, "CRASH: SIG%s (%s)", sigabbrev_np(c->signal),
                       sigdescr_np(c->signal));

    if (ended_itself(c))
        len = snprintf(to, n, "CRASH: the process ended by itself");
    if (c->where.exited)
        len += snprintf(to + len, n - (size_t)len, ", exit status %d",
                        c->where.status & 0xff);
    if (has_address(c))
        len += snprintf(to + len, n - (size_t)len, " at address 0x%" PRIxPTR,
                        (uintptr_t)c->where.address);
    if (!go_crash_place(&c->where, &at))
        return len;
    len += snprintf(to + len, n - (size_t)len, ", in %.60s",
                    at.func ? at.func : "?");
    if (at.file)
        len += snprintf(to + len, n - (size_t)len, " at %.60s:%d",
                        hn_did_file(at.file), at.line);
    return len;
}

void hn_crash_tell(const struct hn_crash *c, const struct go_run *run, int fd)
{
    char text[2 * ROOM];
    int width = headline(c, text, sizeof(text));

    dprintf(fd, "%s%*sscenario %s, seed %llu\n", text,
            width < TAIL ? TAIL - width : 3, "", run->scenario,
            (unsigned long long)run->seed);
    if (run->replay)
        dprintf(fd, "replay: %s\n", run->replay);
    dprintf(fd, "\n");
    go_crash_print(&c->where, fd);
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *stack_of(const struct go_crash *crash)
{
    struct go_frame frames[GO_CRASH_FRAMES];
    size_t n = go_crash_stack(crash, frames, GO_CRASH_FRAMES);
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:i, s:o, s:I}", "func",
                      text_or_null(frames[i].func), "file",
                      text_or_null(frames[i].file), "line", frames[i].line,
                      "module", text_or_null(frames[i].module), "offset",
                      (json_int_t)frames[i].offset));
    return list;
}

json_t *hn_crash_json(const struct hn_crash *c)
{
    struct go_frame at;
    char address[32];
    json_t *fields =
        json_pack("{s:s, s:I, s:o}", "signal",
                  ended_itself(c) ? "" : sigabbrev_np(c->signal), "goroutine",
                  (json_int_t)c->where.goroutine, "stack", stack_of(&c->where));

    json_object_set_new(fields, "status",
                        c->where.exited ? json_integer(c->where.status & 0xff)
                                        : json_null());
    snprintf(address, sizeof(address), "0x%" PRIxPTR,
             (uintptr_t)c->where.address);
    json_object_set_new(fields, "address",
                        has_address(c) ? json_string(address) : json_null());
    json_object_set_new(fields, "site",
                        go_crash_place(&c->where, &at)
                            ? json_pack("{s:o, s:i, s:o}", "file",
                                        text_or_null(at.file), "line", at.line,
                                        "func", text_or_null(at.func))
                            : json_null());
    return fields;
}
