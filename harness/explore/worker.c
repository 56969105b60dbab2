/*
 * worker.c - forks, waits, and ends what does not end.
 *
 * W1  What a worker prints is nobody's: only the run that is shown in the end
 *     prints. But the last lines on standard error are kept, for what ends a
 *     process may say there why, and may not do so again.
 * W2  Who is interrupted waits for no worker for long, whatever its time is.
 * W3  Where vigil had no room for what it can not do without, that is told in
 *     memory that both see (room.h): nothing is learned of the scenario then.
 */
#define _GNU_SOURCE
#include "harness/explore/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/crash.h>
#include <vigil/scratch.h>
#include <vigil/time.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/explore/interrupt.h"
#include "harness/explore/room.h"

static char lacked[HN_ROOM_LACK]; /* by the last one: W3 */
static int exit_status;           /* of it */
static struct {
    uint64_t total; /* bytes; kept are the last */
    char ring[HN_WORKER_SAID - 1];
} said; /* by it; no memory of malloc's, which is the scenario's, too */

enum {
    ASK = 20,   /* ms, between two looks whether a worker has ended */
    READS = 32, /* of what it says, at a time */
};

void *hn_worker_memory(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return NULL;
    go_scratch_aside(p, size);
    return p;
}

void hn_worker_memory_free(void *p, size_t size)
{
    if (!p)
        return;
    go_scratch_back(p);
    munmap(p, size);
}

/* W1. errors: where standard error goes, -1: nowhere. */
static void be_silent(int errors)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return; /* then it is heard: nothing worse */
    dup2(fd, STDOUT_FILENO);
    dup2(errors < 0 ? fd : errors, STDERR_FILENO);
    close(fd);
    if (errors >= 0)
        close(errors);
}

/* For poll: what is left of limit, of a worker that began then; W2. */
static int left_of(int64_t began, int64_t limit)
{
    int64_t at = hn_interrupted(), since = at > began ? at : began,
            until = limit > 0 ? began + limit : INT64_MAX, left;

    if (at && since + HN_INTERRUPT_WORKER < until)
        until = since + HN_INTERRUPT_WORKER;
    left = (until - hn_now_ns()) / GO_MILLISECOND;
    return until == INT64_MAX ? -1
           : left < 0         ? 0
           : left < INT_MAX   ? (int)left
                              : INT_MAX;
}

/* What is known of a worker while it is waited for. */
struct watch {
    pid_t pid;
    int fd;     /* readable when it has ended; -1: there is no such thing */
    int errors; /* its standard error, not to be waited for; -1: nobody's */
};

static bool has_ended(const struct watch *w)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)w->pid, &info, WEXITED | WNOWAIT | WNOHANG) ==
               0 &&
           info.si_pid == w->pid;
}

static void keep(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        said.ring[said.total++ % sizeof(said.ring)] = bytes[i];
}

/* Whatever there is, by so many reads at the most: who writes on and on is not
   waited for. */
static void hear(struct watch *w)
{
    char buf[4096];
    ssize_t n = -1;

    for (int i = 0; i < READS && w->errors >= 0; i++) {
        n = read(w->errors, buf, sizeof(buf));
        if (n <= 0)
            break;
        keep(buf, (size_t)n);
    }
    if (n != 0 || w->errors < 0)
        return;
    close(w->errors); /* nobody writes to it any more */
    w->errors = -1;
}

/* Until it has ended; false: not in its time. Without a descriptor that tells
   of it, it is asked for now and then. */
static bool is_over(struct watch *w, int64_t limit)
{
    struct pollfd p[] = {{.fd = w->fd, .events = POLLIN},
                         {.events = POLLIN},
                         {.events = POLLIN}};
    int64_t began = hn_now_ns();
    int left, n;

    do {
        left = left_of(began, limit);
        p[1].fd = hn_interrupt_fd();
        p[2].fd = w->errors;
        n = poll(p, 3, w->fd < 0 && (left < 0 || left > ASK) ? ASK : left);
        if (n < 0 && errno != EINTR)
            return true; /* waitpid is left */
        if (n > 0 && p[1].revents)
            hn_interrupt_hear(p[1].revents);
        if (n > 0 && p[2].revents)
            hear(w);
        if (w->fd < 0 ? has_ended(w) : n > 0 && p[0].revents)
            return true;
    } while (left != 0);
    return false;
}

/* Of a process, as a worker is one. */
struct job {
    void (*work)(void *arg);
    void *arg;
    int64_t limit; /* 0: none */
    int64_t (*more)(void *arg);
};

/* Until it has ended, or is late and is ended; false: it was. */
static bool await(struct watch *w, const struct job *job)
{
    bool over;
    int64_t more;

    w->fd = (int)syscall(SYS_pidfd_open, w->pid, 0);
    over = is_over(w, job->limit);
    while (!over && job->more && (more = job->more(job->arg)) > 0)
        over = is_over(w, more);
    if (w->fd >= 0)
        close(w->fd);
    if (!over)
        kill(w->pid, SIGKILL);
    hear(w);
    return over;
}

__attribute__((noreturn)) static void
be_worker(const struct job *job, pid_t parent, int errors, char *lack)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    be_silent(errors);
    hn_room_lack = lack; /* W3 */
    go_crash_refused(hn_room_end);
    job->work(job->arg);
    _exit(0);
}

/* Standard error of a worker to be: what is read, and written. -1: none. */
static void open_errors(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        ends[0] = ends[1] = -1;
    else
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
    said.total = 0;
}

static void close_one(int fd)
{
    if (fd >= 0)
        close(fd);
}

static int run(const struct job *job, char *lack)
{
    struct watch w;
    pid_t self = getpid();
    int errors[2], status;
    bool ended;

    open_errors(errors);
    w = (struct watch){.pid = fork(), .errors = errors[0]};
    if (w.pid == 0) {
        close_one(errors[0]);
        be_worker(job, self, errors[1], lack);
    }
    close_one(errors[1]);
    if (w.pid < 0) {
        close_one(w.errors);
        return -errno;
    }
    ended = await(&w, job);
    close_one(w.errors);
    while (waitpid(w.pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return !ended                ? -ETIMEDOUT
           : lack[0]             ? -ENOMEM
           : WIFSIGNALED(status) ? WTERMSIG(status)
           : WEXITSTATUS(status) ? SIGABRT /* it exited by itself */
                                 : 0;
}

int hn_worker_late(void (*work)(void *arg), void *arg, int64_t limit,
                   int64_t (*more)(void *arg))
{
    const struct job job = {work, arg, limit, more};
    char *lack = hn_worker_memory(HN_ROOM_LACK);
    int died = lack ? run(&job, lack) : -ENOMEM;

    snprintf(lacked, sizeof(lacked), "%s", lack ? lack : "");
    hn_worker_memory_free(lack, HN_ROOM_LACK);
    return died;
}

int hn_worker(void (*work)(void *arg), void *arg, int64_t limit)
{
    return hn_worker_late(work, arg, limit, NULL);
}

const char *hn_worker_lacked(void)
{
    return lacked[0] ? lacked : "too little memory";
}

int hn_worker_status(void)
{
    return exit_status;
}

void hn_worker_said(char to[HN_WORKER_SAID])
{
    const uint64_t size = sizeof(said.ring);
    uint64_t at = said.total > size ? said.total - size : 0;
    bool whole = at == 0;
    size_t n = 0;

    for (; at < said.total; at++) {
        char c = said.ring[at % size];

        if (whole)
            to[n++] = c ? c : ' ';
        whole |= c == '\n';
    }
    to[n] = '\0';
}
