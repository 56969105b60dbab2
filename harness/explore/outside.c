/*
 * outside.c - looks for what an execution asks of others, by the kernel's own
 * means.
 *
 * Method: syscall user dispatch (prctl, Linux 5.11). While a byte of ours says
 * so, the thread's next system call does not happen but raises SIGSYS. The
 * handler notes its number, clears the byte and sets the thread back to the
 * instruction: it happens then, and so do all others. What the runtime asks to
 * read with care is none of the program's, and has an instruction of its own:
 * there the kernel lets it pass.
 *
 * The instruction that reads the processor's clock is made one that faults, in
 * this thread, and memory that is in no state is closed (unknown.h), the
 * kernel's answers to the time and the processor's number among it. Of that
 * number the C library has a note of its own, which the kernel keeps for it
 * until it is told to stop. A fault is noted, and happens then. Any other one
 * comes again at once, and goes where it would have gone.
 *
 * The thread that started the run keeps its tick, and reads a clock for it:
 * then it waits for the end. Nobody needs a tick who asks the kernel for
 * nothing.
 *
 * A program that handles these signals itself takes them away from us. It asks
 * the kernel for that, so it is seen doing it.
 *
 * Why not seccomp, which would need a filter that can not be taken off, or
 * ptrace: another process, and two switches for each call of everybody.
 */
#define _GNU_SOURCE
#include "harness/explore/outside.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <vigil/elsewhere.h>

#include "harness/explore/thread.h"
#include "harness/explore/unknown.h"

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
static volatile int seen = HN_OUTSIDE_NOTHING;

static void on_call(int signal, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

    (void)signal;
    selector = ALLOW; /* first of all: to return from here is a call */
    seen = info->si_syscall;
    regs[REG_RAX] = info->si_syscall;
    regs[REG_RIP] -= LENGTH;
}

/* ---- clocks, and memory --------------------------------------------------*/

static struct sigaction before; /* of SIGSEGV */
static volatile bool handled, guarded;
static pthread_t watched;
static volatile greg_t faulted; /* where the other thread did, unguarded */

/* In this order: who waits for it goes on. */
static void unguard(void)
{
    if (!guarded)
        return;
    hn_unknown_open();
    prctl(PR_SET_TSC, PR_TSC_ENABLE, 0, 0, 0);
    guarded = false;
}

static void unhandle(void)
{
    handled = false;
    sigaction(SIGSEGV, &before, NULL);
}

/* To the clock's instruction no address belongs. */
static int kind_of(const siginfo_t *info)
{
    enum hn_unknown_what what = hn_unknown_at(info->si_addr);

    return what == HN_UNKNOWN_MEMORY ? HN_OUTSIDE_MEMORY : HN_OUTSIDE_CLOCK;
}

/* It waits until all is open. Its fault may have been on its way when it
   was, so only the second one is the program's end. */
static void on_others_fault(greg_t at)
{
    const struct timespec nap = {.tv_nsec = 100000};

    if (!guarded && at == faulted)
        unhandle();
    faulted = guarded ? 0 : at;
    while (guarded)
        nanosleep(&nap, NULL);
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    int saved = errno;

    (void)signal;
    if (!pthread_equal(pthread_self(), watched)) {
        on_others_fault(regs[REG_RIP]);
    } else if (guarded) {
        selector = ALLOW;
        if (seen < 0)
            seen = kind_of(info);
        unguard();
    } else {
        unhandle();
    }
    errno = saved;
}

/* It stays from here on, for the other thread. */
static bool handle(void)
{
    const struct sigaction action = {.sa_sigaction = on_fault,
                                     .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (!handled && sigaction(SIGSEGV, &action, &before))
        return false;
    handled = true;
    faulted = 0;
    return true;
}

/* The kernel does not note any more on which processor this thread is. */
static bool forget_processor(void)
{
    enum {
        LEAST = 32,
        UNREGISTER = 1,
        SIGNATURE = 0x53053053 /* of the C library's */
    };
    struct hn_range r = hn_thread_processor();
    const int32_t *processor = (const int32_t *)(void *)(r.low + 4);

    return !r.size || *processor < 0 ||
           !syscall(SYS_rseq, r.low, LEAST, UNREGISTER, SIGNATURE) ||
           !syscall(SYS_rseq, r.low, r.size, UNREGISTER, SIGNATURE);
}

static bool guard(const struct hn_range *starter)
{
    watched = pthread_self();
    if (!forget_processor() || !handle())
        return false;
    guarded = true;
    return !prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0) &&
           hn_unknown_close(starter);
}

/* ---- both ----------------------------------------------------------------*/

bool hn_outside_begin(const struct hn_range *starter)
{
    const struct sigaction action = {.sa_sigaction = on_call,
                                     .sa_flags = SA_SIGINFO | SA_ONSTACK};
    size_t size;
    const void *ours = go_control_asks(&size);

    selector = ALLOW;
    seen = HN_OUTSIDE_NOTHING;
    if (sigaction(SIGSYS, &action, NULL) || !guard(starter) ||
        prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, ours, size,
              &selector)) {
        unguard();
        return false;
    }
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

bool hn_outside_begin(const struct hn_range *starter)
{
    (void)starter;
    return false;
}

void hn_outside_end(void)
{
}

int hn_outside_seen(void)
{
    return HN_OUTSIDE_NOTHING;
}

#endif
