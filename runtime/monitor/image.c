/*
 * image.c - a copy of the process, for a scan that takes long.
 *
 * In:  memory.c. Out: its result, by shared memory.
 *
 * Method: a bare clone without an end signal: not fork, whose handlers would
 * take the program's locks, and wait() of the program must not see the copy.
 * It dies with its parent, of any fault, and first of all when memory is short.
 *
 * Z1  Memory that the program shares with others is not copied: who scans an
 *     image must see whether there is any. What is not copied at all, or comes
 *     as zeros, is seen here: by the size of the address space, and by flags.
 * Z2  The copy keeps no file open: who reads a pipe of the program's would wait
 *     for its end as long as the copy lives.
 * Z3  No handler of the program's runs in the copy: all signals are blocked
 *     from before it is there, and those of faults kill whom they come to then.
 * Z4  Only a copy that is still a child of ours is killed: its number may be
 *     another's when the program has waited for children of all kinds.
 */
#define _GNU_SOURCE
#include "runtime/monitor/image.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/descriptor.h>

#include "runtime/base/own.h"
#include "runtime/base/throw.h"

enum {
    NICER = 10 /* a tenth of a processor, where the program wants them all */
};

struct mon_extent mon_image_extent(void)
{
    struct mon_extent pages;
    char text[64], *end;
    int fd = open("/proc/thread-self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    pages.mapped = strtoul(text, &end, 10);
    pages.resident = strtoul(end, NULL, 10);
    return pages;
}

/* Flags of a mapping that is all zeros in a copy; "dp", what the kernel may
   drop at any time, holds nothing that anybody relies on. */
static bool is_wiped(const char *line)
{
    return strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " wf") &&
           !strstr(line, " dp");
}

/* Z1. Doubt is yes. */
static bool any_wiped(void)
{
    char text[8192], *line, *end;
    int fd = open("/proc/thread-self/smaps", O_RDONLY | O_CLOEXEC);
    size_t have = 0;
    ssize_t n = -1;
    bool wiped = false;

    while (fd >= 0 && !wiped &&
           (n = read(fd, text + have, sizeof(text) - 1 - have)) > 0) {
        have += (size_t)n;
        text[have] = 0;
        for (line = text; (end = strchr(line, '\n')); line = end + 1) {
            *end = 0;
            wiped |= is_wiped(line);
        }
        have = (size_t)(text + have - line);
        memmove(text, line, have);
    }
    if (fd >= 0)
        close(fd);
    return wiped || n < 0 || have;
}

static void die_first(void)
{
    static const struct rlimit none = {0, 0};
    int fd = open("/proc/thread-self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    setrlimit(RLIMIT_CORE, &none);
    if (fd >= 0) {
        ssize_t n = write(fd, "1000", 4);

        (void)n; /* else it will just not be the first */
        close(fd);
    }
}

/* The whole life of a copy. */
static __attribute__((noreturn)) void live(pid_t parent, unsigned long space,
                                           mon_image_work *work, void *arg,
                                           const struct mon_image *i)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    go_descriptor_none();
    syscall(SYS_close_range, 0, ~0u, 0); /* Z2 */
    die_first();
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICER);
    work(arg, space && space == mon_image_extent().mapped && !any_wiped(),
         i->result, i->size);
    _exit(0);
}

int mon_image_map(struct mon_image *i, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE),
           room = (size + page - 1) & ~(page - 1);
    void *result = mmap(NULL, room, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    rt_check(!i->result, "image: one at a time");
    if (result == MAP_FAILED)
        return -errno;
    rt_own_add(result, room); /* to the last byte: it is none of Z1's */
    *i = (struct mon_image){0, result, room};
    return 0;
}

int mon_image_start(struct mon_image *i, mon_image_work *work, void *arg)
{
    pid_t parent = getpid();
    unsigned long space;
    sigset_t all, before;
    int err = 0;

    rt_check(i->result && !i->pid, "image: nothing is mapped for it");
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* Z3 */
    space = mon_image_extent().mapped;
    i->pid = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (i->pid == 0)
        live(parent, space, work, arg, i);
    if (i->pid < 0) {
        err = -errno;
        i->pid = 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err;
}

int mon_image_poll(struct mon_image *i)
{
    int status;
    pid_t pid;

    rt_check(i->pid > 0, "image: there is none");
    pid = waitpid(i->pid, &status, WNOHANG | __WALL);
    if (pid == 0)
        return 0;
    i->pid = 0;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : -1;
}

void mon_image_drop(struct mon_image *i)
{
    if (i->pid && mon_image_poll(i) == 0) { /* Z4 */
        kill(i->pid, SIGKILL);
        while (waitpid(i->pid, NULL, __WALL) < 0 && errno == EINTR)
            ;
    }
    if (i->result) {
        rt_own_remove(i->result);
        munmap(i->result, i->size);
    }
    *i = (struct mon_image){0};
}
