/*
 * outside.c - looks for system calls and clocks, by the kernel's own means.
 *
 * Method: syscall user dispatch (prctl, Linux 5.11). While a byte of ours says
 * so, the thread's next system call does not happen but raises SIGSYS. The
 * handler notes its number, clears the byte and sets the thread back to the
 * instruction: it happens then, and so do all others.
 *
 * The instruction that reads the processor's clock is made one that faults, in
 * this thread: SIGSEGV, and then it happens. The kernel's own code for the time
 * (the vDSO), which makes no call, uses it; but not for coarse clocks and
 * time(), which stay unseen. Any other fault comes again at once, and goes where
 * it would have gone.
 *
 * A program that handles these signals itself takes them away from us. It asks
 * the kernel for that, so it is seen doing it.
 *
 * Why not seccomp, which would need a filter that can not be taken off, or
 * ptrace: another process, and two switches for each call of everybody.
 */
#define _GNU_SOURCE
#include "harness/explore/outside.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <ucontext.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF          0
#define PR_SYS_DISPATCH_ON           1
#endif

#if defined(__x86_64__)

enum {
    ALLOW = 0,
    BLOCK = 1,
    LENGTH = 2 /* of the instruction */
};

static volatile char selector;
static volatile int seen = -1;

static void on_call(int signal, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

    (void)signal;
    selector = ALLOW; /* first of all: to return from here is a call */
    seen = info->si_syscall;
    regs[REG_RAX] = info->si_syscall;
    regs[REG_RIP] -= LENGTH;
}

/* ---- clocks --------------------------------------------------------------*/

static struct sigaction before; /* of SIGSEGV */
static volatile bool guarded;

static void unguard(void)
{
    if (!guarded)
        return;
    guarded = false;
    prctl(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0);
    sigaction(SIGSEGV, &before, NULL);
}

static void on_clock(int signal)
{
    (void)signal;
    selector = ALLOW;
    if (seen < 0)
        seen = HN_OUTSIDE_CLOCK;
    unguard();
}

static bool guard(void)
{
    const struct sigaction action = {.sa_handler = on_clock,
                                     .sa_flags = SA_ONSTACK};

    if (sigaction(SIGSEGV, &action, &before))
        return false;
    guarded = true;
    return !prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0);
}

/* ---- both ----------------------------------------------------------------*/

bool hn_outside_begin(void)
{
    const struct sigaction action = {.sa_sigaction = on_call,
                                     .sa_flags = SA_SIGINFO | SA_ONSTACK};

    selector = ALLOW;
    seen = -1;
    if (sigaction(SIGSYS, &action, NULL) || !guard() ||
        prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0,
              &selector))
        return false;
    selector = BLOCK;
    return true;
}

void hn_outside_end(void)
{
    selector = ALLOW;
    unguard();
    prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, NULL);
}

int hn_outside_seen(void)
{
    return seen;
}

#else

bool hn_outside_begin(void)
{
    return false;
}

void hn_outside_end(void)
{
}

int hn_outside_seen(void)
{
    return -1;
}

#endif
