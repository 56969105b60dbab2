/*
 * explore.c - the worker processes of an exploration, and what they leave.
 *
 * In:  a scenario's run. Out: a schedule that fails, or that none was found.
 *
 * Method: the caller's process never runs the scenario here. One worker
 * searches; if it found something, another one shrinks it. Both are forks of
 * the caller, so they begin alike, and what they know is in shared memory. A
 * worker that dies has left the choices that led there: a crash is a finding.
 *
 * E1  What an explored execution prints is nobody's: only the run that is
 *     shown in the end prints.
 */
#define _GNU_SOURCE
#include "harness/explore/explore.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/explore/search.h"
#include "harness/explore/shrink.h"
#include "harness/explore/token.h"

#define GRACE (GO_SECOND / 2) /* for a worker beyond its time */

/* What a worker does; everything that comes of it is in shared memory. */
struct job {
    const struct go_run *run;
    const struct hn_explore_ask *ask;
    struct hn_found *found;
    struct hn_shrunk *shrunk;
    uint64_t signature; /* to be shrunk to */
};

static void *shared_memory(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

/* E1. */
static void be_silent(void)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return; /* then it is heard: nothing worse */
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
}

static void search(const struct job *job)
{
    hn_search(job->run, job->ask, job->found);
}

static void shrink(const struct job *job)
{
    hn_shrink(job->run, &job->found->failing, job->signature,
              job->found->racy ? HN_EXPLORE_EARLY : 0, job->shrunk);
}

/* Until it has ended, or is late and is ended; false: it was. */
static bool await(pid_t pid, int64_t limit)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready = 1;

    if (limit > 0 && fd >= 0)
        while ((ready = poll(&p, 1, (int)(limit / GO_MILLISECOND))) < 0 &&
               errno == EINTR)
            ;
    if (fd >= 0)
        close(fd);
    if (ready == 0)
        kill(pid, SIGKILL);
    return ready != 0;
}

/* The signal that ended the worker, 0: none; or -errno: -ETIMEDOUT when it was
   ended, for it did not come to its end. */
static int in_worker(void (*work)(const struct job *), const struct job *job)
{
    int64_t limit = job->ask->time ? job->ask->time + GRACE : 0;
    pid_t self = getpid(), pid = fork();
    bool ended;
    int status;

    if (pid < 0)
        return -errno;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != self)
            _exit(0);
        be_silent();
        work(job);
        _exit(0);
    }
    ended = await(pid, limit);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return !ended                ? -ETIMEDOUT
           : WIFSIGNALED(status) ? WTERMSIG(status)
           : WEXITSTATUS(status) ? SIGABRT /* it exited by itself */
                                 : 0;
}

/* The execution that the worker died in is the one that fails. */
static void note_crash(struct hn_found *found, int signal)
{
    (void)signal;
    hn_record_copy(&found->failing, &found->now);
    found->racy = found->racy_now;
    found->found_at = ++found->executions;
    found->signature = 1; /* of no end: it never came to one */
    found->suspect = false;
}

static void take_schedule(const struct hn_shrunk *shrunk, const char *scenario,
                          struct hn_explored *out)
{
    struct hn_token read;
    char why[HN_TOKEN_WHY];

    if (shrunk->cut) {
        snprintf(out->trouble, sizeof(out->trouble),
                 "the schedule is too long to be written");
        return;
    }
    out->token =
        hn_token_make(scenario, shrunk->hash, shrunk->confirmed, shrunk->body);
    if (out->token && hn_token_read(out->token, &read, why) == 0)
        out->schedule = read.schedule;
    else
        snprintf(out->trouble, sizeof(out->trouble),
                 "no memory for the schedule");
}

static void tell(const struct hn_found *found, struct hn_explored *out)
{
    out->found = found->signature != 0 && !found->suspect;
    out->complete = found->complete;
    out->executions = found->executions;
    out->points = found->points;
    out->found_at = out->found ? found->found_at : 0;
    out->cut = found->cut;
    memcpy(out->strategy, found->strategy, sizeof(out->strategy));
    memcpy(out->trouble, found->trouble, sizeof(out->trouble));
    memcpy(out->misfit, found->misfit, sizeof(out->misfit));
    memcpy(out->conditions, found->conditions, sizeof(out->conditions));
}

static int explore(struct job *job, struct hn_explored *out)
{
    int died = in_worker(search, job);

    if (died == -ETIMEDOUT) {
        tell(job->found, out);
        snprintf(out->conditions, sizeof(out->conditions),
                 "the search was ended: an execution did not come to a choice "
                 "for %d ms",
                 (int)(GRACE / GO_MILLISECOND));
        return 0;
    }
    if (died < 0)
        return died;
    if (died > 0)
        note_crash(job->found, died);
    tell(job->found, out);
    out->crash = died;
    if (!out->found)
        return 0; /* what was only cut off is judged by the run that is shown */
    job->signature = job->found->signature;
    died = in_worker(shrink, job);
    if (died < 0)
        return died;
    if (died != out->crash || (!died && !job->shrunk->confirmed))
        snprintf(out->trouble, sizeof(out->trouble),
                 "the same choices did not fail again: the scenario is not "
                 "deterministic");
    else
        take_schedule(job->shrunk, job->run->scenario, out);
    return 0;
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * GO_SECOND + t.tv_nsec;
}

void hn_explored_free(struct hn_explored *x)
{
    hn_schedule_free(&x->schedule);
    free(x->token);
    x->token = NULL;
}

int hn_explore(const struct go_run *run, const struct hn_explore_ask *ask,
               struct hn_explored *out)
{
    struct job job = {.run = run, .ask = ask};
    int64_t began = now_ns();
    int err = -ENOMEM;

    *out = (struct hn_explored){0};
    job.found = shared_memory(sizeof(*job.found));
    job.shrunk = shared_memory(sizeof(*job.shrunk));
    if (job.found && job.shrunk)
        err = explore(&job, out);
    if (job.found)
        munmap(job.found, sizeof(*job.found));
    if (job.shrunk)
        munmap(job.shrunk, sizeof(*job.shrunk));
    out->ns = now_ns() - began;
    return err;
}
