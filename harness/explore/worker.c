/*
 * worker.c - forks, waits, and ends what does not end.
 *
 * W1  What a worker prints is nobody's: only the run that is shown in the end
 *     prints.
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
#include "harness/explore/interrupt.h"
#include "harness/explore/room.h"

static char lacked[HN_ROOM_LACK]; /* by the last one: W3 */

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

/* W1. */
static void be_silent(void)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return; /* then it is heard: nothing worse */
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
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

/* Until fd is readable; false: not in its time. */
static bool is_ready(int fd, int64_t limit)
{
    struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.events = POLLIN}};
    int64_t began = hn_now_ns();
    int n;

    do {
        p[1].fd = hn_interrupt_fd();
        n = poll(p, 2, left_of(began, limit));
        if (n > 0 && p[1].revents)
            hn_interrupt_hear();
    } while (n < 0 ? errno == EINTR : n > 0 && !p[0].revents);
    return n != 0;
}

/* Of a process, as a worker is one. */
struct job {
    void (*work)(void *arg);
    void *arg;
    int64_t limit; /* 0: none */
    int64_t (*more)(void *arg);
};

/* Until it has ended, or is late and is ended; false: it was. */
static bool await(pid_t pid, const struct job *job)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool ready = fd < 0 || is_ready(fd, job->limit);
    int64_t more;

    while (!ready && job->more && (more = job->more(job->arg)) > 0)
        ready = is_ready(fd, more);
    if (fd >= 0)
        close(fd);
    if (!ready)
        kill(pid, SIGKILL);
    return ready;
}

__attribute__((noreturn)) static void be_worker(const struct job *job,
                                                pid_t parent, char *lack)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    be_silent();
    hn_room_lack = lack; /* W3 */
    go_crash_refused(hn_room_end);
    job->work(job->arg);
    _exit(0);
}

static int run(const struct job *job, char *lack)
{
    pid_t self = getpid(), pid = fork();
    bool ended;
    int status;

    if (pid < 0)
        return -errno;
    if (pid == 0)
        be_worker(job, self, lack);
    ended = await(pid, job);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
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
