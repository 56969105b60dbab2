/*
 * filtered.c - a container whose filter of calls is older than they are: it
 * answers EPERM, not ENOSYS, unless FILTERED says so. For scarce.bats,
 * interrupt.bats, foreign.bats and, where FILTERED names that call, noproc.bats;
 * the harness of this program is under the filter, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/answered.h"

#define REFUSE(call)                                                           \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                         \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error)

static __attribute__((constructor)) void refuse(void)
{
    const char *says = getenv("FILTERED");
    const unsigned error = says && !strcmp(says, "ENOSYS") ? ENOSYS : EPERM;
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(says && !strcmp(says, "tgkill") ? SYS_tgkill : SYS_pidfd_open),
        REFUSE(SYS_unshare),
        REFUSE(441 /* epoll_pwait2 */),
        REFUSE(SYS_process_madvise),
        REFUSE(SYS_membarrier),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog all = {sizeof(filter) / sizeof(*filter), filter};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all))
        _exit(111);
}

SCENARIO(waits, .about = "a timer, a descriptor, a deadline")
{
    be_answered();
}

static void receive(chan(int) c)
{
    chan_recv(c);
}

SCENARIO(leaks, .about = "nobody sends", .expect = EXPECT_LEAK(1))
{
    go(receive, chan_make(int, 0));
}

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(order, .about = "two locks, two orders", .expect = EXPECT_DEADLOCK,
         .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}

static void one_more(struct go_mutex *mu, int *n)
{
    go_mutex_lock(mu);
    ++*n;
    go_mutex_unlock(mu);
}

SCENARIO(alone, .about = "nothing but a lock", .explore = true)
{
    struct go_waitgroup wg = {0};
    struct go_mutex mu = {0};
    int n = 0;

    go_waitgroup_go(&wg, one_more, &mu, &n);
    go_waitgroup_go(&wg, one_more, &mu, &n);
    go_waitgroup_wait(&wg);
}

static void lock_often(struct go_mutex *m)
{
    for (int i = 0; i < 20; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
}

SCENARIO(goes_on, .about = "more schedules than can be tried", .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};
    int fd = open("goes_on", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, lock_often, &m);
    go_waitgroup_wait(&wg);
}
