/*
 * refuses.c - a filter of calls, or an old kernel, that takes no advice on
 * memory (madvise). For scarce.bats.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/scenario.h>

#define REFUSE(call)                                                           \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1),                         \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static __attribute__((constructor)) void refuse(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_madvise),
        REFUSE(440 /* process_madvise */),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog all = {sizeof(filter) / sizeof(*filter), filter};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all))
        _exit(111);
}

/* Contexts and timers lie in maps that are emptied at the end. */
static void wait_for(struct go_context *of)
{
    struct go_context *ctx = go_context_with_timeout(of, GO_SECOND);

    chan_recv(go_context_done(ctx));
}

SCENARIO(ends, .about = "maps of ours are emptied")
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 100; i++)
        go_waitgroup_go(&wg, wait_for, go_context_background());
    go_waitgroup_wait(&wg);
}

static void receive(chan(int) c)
{
    chan_recv(c);
}

SCENARIO(leaks, .about = "nobody sends", .expect = EXPECT_LEAK(1))
{
    go(receive, chan_make(int, 0));
    wait_for(go_context_background());
}
