/*
 * image.c - a copy of the process, for a scan that takes long.
 *
 * In:  memory.c. Out: its result, by shared memory.
 *
 * Method: a bare clone without an end signal: not fork, whose handlers would
 * take the program's locks, and wait() of the program must not see the copy.
 * It dies with its parent, and of any fault: the handlers are the program's.
 *
 * Z1  Memory that the program shares with others is not copied: who scans an
 *     image must see whether there is any.
 * Z2  The copy keeps no file open: who reads a pipe of the program's would wait
 *     for its end as long as the copy lives.
 */
#include "runtime/monitor/image.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/own.h"
#include "runtime/base/throw.h"

static void handlers_reset(void)
{
    static const int fatal[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE, SIGABRT,
                                SIGTERM, SIGTRAP, SIGINT, SIGQUIT};

    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        signal(fatal[i], SIG_DFL);
}

int mon_image_start(struct mon_image *i,
                    void (*work)(void *arg, void *result, size_t size),
                    void *arg, size_t size)
{
    void *result = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t parent = getpid();
    long pid;

    rt_check(!i->pid, "image: one at a time");
    if (result == MAP_FAILED)
        return -errno;
    rt_own_add(result, size);
    pid = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            syscall(SYS_exit_group, 1);
        syscall(SYS_close_range, 0, ~0u, 0); /* Z2 */
        handlers_reset();
        work(arg, result, size);
        syscall(SYS_exit_group, 0);
    }
    if (pid < 0) {
        int err = errno;

        rt_own_remove(result);
        munmap(result, size);
        return -err;
    }
    *i = (struct mon_image){(pid_t)pid, result, size};
    return 0;
}

int mon_image_poll(struct mon_image *i)
{
    int status;

    rt_check(i->pid > 0, "image: there is none");
    if (waitpid(i->pid, &status, WNOHANG | __WALL) != i->pid)
        return 0;
    i->pid = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : -1;
}

void mon_image_drop(struct mon_image *i)
{
    if (i->pid) {
        kill(i->pid, SIGKILL);
        waitpid(i->pid, NULL, __WALL);
    }
    if (i->result) {
        rt_own_remove(i->result);
        munmap(i->result, i->size);
    }
    *i = (struct mon_image){0};
}
