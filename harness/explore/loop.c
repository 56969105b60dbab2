/*
 * loop.c - executions one after the other.
 *
 * In:  a driver. Out: its functions are called, execution after execution.
 *
 * Method: in one process go_run repeats by itself. Apart, this process never
 * runs the scenario: it forks for each execution, so all begin alike. What an
 * execution's process learns and the next has to know comes back in shared
 * memory: what the driver has there, which tasks have which numbers, and what
 * is counted as a step.
 *
 * L1  A task has one number in all executions: each that is new is told before
 *     anybody can remember its number.
 * L2  What an execution left running ends with it: it has a process group.
 */
#define _GNU_SOURCE
#include "harness/explore/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/explore/answers.h"
#include "harness/explore/copies.h"
#include "harness/explore/memory.h"
#include "harness/explore/opened.h"
#include "harness/explore/orders.h"
#include "harness/explore/reset.h"
#include "harness/explore/room.h"
#include "harness/explore/signature.h"
#include "harness/explore/silence.h"
#include "harness/explore/tasks.h"
#include "harness/explore/worker.h"

/* Between this process and that of the execution. */
struct hn_apart {
    bool ended, again;     /* over was called; what it said */
    bool rests;            /* it never will be, and nothing has crashed */
    uint32_t more;         /* go_control_more */
    struct hn_died died;   /* its end, if it was one */
    struct hn_tasks tasks; /* L1 */
};

/* The one loop that runs: control's arg is its owner's. */
static struct hn_loop *now;
static const struct go_control *driver; /* in an execution's own process */

/* What go_run has left of an outcome whose status was -1. Whether the run came
   to rest; there is no way back where none was begun. */
static bool was_run(const struct go_outcome *o)
{
    if (o->status < 0)
        hn_room_end("no run could be begun: too little memory, or descriptors");
    return o->status == 0;
}

/* ---- all in this process -------------------------------------------------*/

static void reset(void *arg)
{
    hn_reset_restore(now->reset);
    hn_opened_close();
    hn_answers_reset();
    if (now->was_reset)
        now->was_reset(arg);
}

static void opened(void *arg, int fd)
{
    (void)arg;
    hn_opened_add(fd);
}

/* ---- apart: in the process of an execution -------------------------------*/

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    now->apart->more = go_control_more();
    hn_tasks_learn(&now->apart->tasks);
    return driver->choose(arg, steps, n);
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    hn_tasks_learn(&now->apart->tasks);
    driver->note(arg, what, task, object, other);
}

static bool over(void *arg, const struct go_execution *e)
{
    struct hn_apart *a = now->apart;

    a->more = go_control_more();
    a->again = driver->over(arg, e);
    a->ended = true;
    _exit(0); /* nothing is left to be done in this process */
}

static void execute(const struct go_control *control, pid_t parent)
{
    struct go_control own = *control;
    struct go_outcome outcome = {.status = -1};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    if (getppid() != parent)
        _exit(0);
    driver = control;
    own.choose = choose;
    own.note = control->note ? note : NULL;
    own.over = over;
    own.reset = NULL;
    if (!control->alike)
        own.more = now->apart->more;
    now->run.control = &own;
    go_crash_catch(&now->apart->died.where);
    now->run.outcome = &outcome;
    go_run(&now->run); /* over does not return */
    now->apart->rests = was_run(&outcome);
    _exit(1);
}

/* ---- apart: in this one --------------------------------------------------*/

/* The signal that ended it, 0: it came to its end; or -errno. */
static int run_one(const struct go_control *control)
{
    struct hn_apart *a = now->apart;
    pid_t self = getpid(), pid;
    siginfo_t ended;
    int status;

    a->ended = a->rests = false;
    a->died.where = (struct go_crash){0};
    pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0)
        execute(control, self);
    setpgid(pid, pid); /* whoever comes first */
    while (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT) < 0)
        if (errno != EINTR)
            return -errno;
    kill(-pid, SIGKILL); /* L2: before its number is given to another */
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    hn_tasks_take(&a->tasks); /* L1 */
    if (hn_room_lack && hn_room_lack[0])
        _exit(0); /* and this process for the same */
    a->died.signal = a->ended              ? 0
                     : WIFSIGNALED(status) ? WTERMSIG(status)
                                           : SIGABRT;
    a->died.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return a->died.signal;
}

/* Whether it came to rest. */
static bool run_apart(struct hn_loop *l, const struct go_control *control,
                      bool (*crashed)(void *arg, int signal,
                                      uint64_t signature))
{
    struct hn_apart *a = l->apart;
    char why[HN_ROOM_LACK];
    int died;

    a->more = control->more;
    do {
        died = run_one(control);
        if (died > 0 && a->rests)
            return true; /* as where go_run comes back in this process */
        if (died > 0)
            a->again = crashed(control->arg, died,
                               hn_signature_crash(died, &a->died.where));
    } while (died >= 0 && a->again);
    if (died < 0) {
        snprintf(why, sizeof(why), "no process for an execution: %s",
                 strerror(-died));
        hn_room_end(why);
    }
    return false;
}

/* ---- both ----------------------------------------------------------------*/

bool hn_loop_begin(struct hn_loop *l, const struct go_run *run, bool apart)
{
    *l = (struct hn_loop){.run = *run};
    l->run.json_fd = l->run.dot_fd = l->run.text_fd = -1;
    l->run.report_left = false;
    l->run.outcome = NULL;
    if (apart) {
        l->apart = hn_worker_memory(sizeof(*l->apart));
        if (!l->apart || !hn_memory_share())
            return false;
    }
    hn_copies_begin();
    l->reset = hn_reset_begin();
    return l->reset != NULL;
}

const char *hn_loop_condition(const struct hn_loop *l)
{
    return l->apart ? NULL : hn_reset_condition(l->reset);
}

const struct hn_died *hn_loop_died(void)
{
    return &now->apart->died;
}

uint32_t hn_loop_more(void)
{
    return now && now->apart && !driver ? now->apart->more : go_control_more();
}

static bool run_here(struct hn_loop *l, struct go_control *control)
{
    struct go_outcome outcome = {.status = -1};

    control->reset = reset;
    control->opened = opened;
    l->run.control = control;
    l->run.outcome = &outcome;
    if (l->crash)
        go_crash_catch(l->crash);
    hn_opened_begin();
    go_run(&l->run);
    hn_opened_end();
    go_crash_ignore();
    return was_run(&outcome);
}

bool hn_loop_run(struct hn_loop *l, struct go_control *control,
                 bool (*crashed)(void *arg, int signal, uint64_t signature))
{
    bool rests;

    now = l;
    if (!control->silent)
        control->silent = hn_silence;
    hn_silence_anew();
    hn_answers_begin();
    hn_orders_begin();
    rests = l->apart ? run_apart(l, control, crashed) : run_here(l, control);
    hn_answers_end();
    return rests;
}

void hn_loop_end(struct hn_loop *l)
{
    hn_reset_end(l->reset);
    hn_worker_memory_free(l->apart, sizeof(*l->apart));
    now = NULL;
}
