/*
 * worker.c - forks, waits, and ends what does not end.
 *
 * W1  What a worker prints is nobody's: only the run that is shown in the end
 *     prints.
 * W2  Where vigil had no room for what it can not do without, that is told in
 *     memory that both see (room.h): nothing is learned of the scenario then.
 */
#define _GNU_SOURCE
#include "harness/explore/worker.h"

#include <errno.h>
#include <fcntl.h>
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

#include "harness/explore/room.h"

static char lacked[HN_ROOM_LACK]; /* by the last one: W2 */

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

__attribute__((noreturn)) static void
be_worker(void (*work)(void *arg), void *arg, pid_t parent, char *lack)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    be_silent();
    hn_room_lack = lack; /* W2 */
    go_crash_refused(hn_room_end);
    work(arg);
    _exit(0);
}

static int run(void (*work)(void *arg), void *arg, int64_t limit, char *lack)
{
    pid_t self = getpid(), pid = fork();
    bool ended;
    int status;

    if (pid < 0)
        return -errno;
    if (pid == 0)
        be_worker(work, arg, self, lack);
    ended = await(pid, limit);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return !ended                ? -ETIMEDOUT
           : lack[0]             ? -ENOMEM
           : WIFSIGNALED(status) ? WTERMSIG(status)
           : WEXITSTATUS(status) ? SIGABRT /* it exited by itself */
                                 : 0;
}

int hn_worker(void (*work)(void *arg), void *arg, int64_t limit)
{
    char *lack = hn_worker_memory(HN_ROOM_LACK);
    int died = lack ? run(work, arg, limit, lack) : -ENOMEM;

    snprintf(lacked, sizeof(lacked), "%s", lack ? lack : "");
    hn_worker_memory_free(lack, HN_ROOM_LACK);
    return died;
}

const char *hn_worker_lacked(void)
{
    return lacked[0] ? lacked : "too little memory";
}
