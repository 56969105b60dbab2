/*
 * overflow.c - a fault on a stack's guard page is told as what it is.
 *
 * Method: faults are handled on a stack of their own, one for each worker. Who
 * hits its own guard page, or within its frame anything below its stack, ends
 * the run by a panic, with the limit; any other fault names the goroutine and
 * goes to whoever handled it before, by default to the system, so that the
 * process dies of its signal. Where a lock's memory is gone before which somebody
 * stands (away.c), it is that goroutine that is named.
 *
 * A frame may be larger than all of the stack, and step over the guard: where
 * it is touched is somebody else's then, or nobody's. That the frame is its own
 * is seen by the stack pointer, which lies below the stack, too. The guard page
 * of somebody else is no proof of anything: a wild pointer may point there.
 * Where it comes down on the stack of somebody else nothing faults: unless its
 * code was compiled to touch each page of a frame (-fstack-clash-protection), it
 * is seen by the next look, which compares stack pointers with stacks. A look at
 * each switch would be paid for by all who switch.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "runtime/base/own.h"
#include "runtime/sched/control.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"

enum {
    BELOW = 256 /* bytes below the stack pointer that a frame may have */
};

static struct sigaction before_segv, before_bus;

static void say(const char *text)
{
    if (write(2, text, strlen(text)) < 0)
        return; /* standard error is gone: the exit status has to do */
}

static const char *message_of(const struct g *g)
{
    const char *name = rt_load(g->name);
    static char message[128];

    snprintf(message, sizeof(message),
             "stack overflow: goroutine %llu%s%.30s%s exceeds its %zu-byte "
             "stack",
             (unsigned long long)g->id, name ? " \"" : "", name ? name : "",
             name ? "\"" : "", rt_stack_size());
    return message;
}

/* Where no report is possible. */
__attribute__((noreturn)) static void end(const struct g *g, const char *more)
{
    say("fatal error: ");
    say(message_of(g));
    say(more);
    _exit(RT_EXIT_STUCK);
}

void rt_overflow_astray(const struct g *g)
{
    end(g, ", and has gone past its guard into those of others\n");
}

static void overflow(struct m *m, struct g *g, ucontext_t *uc)
{
    if (m->in_rt || g != m->g) /* locks may be held */
        end(g, "\n");
    m->context = uc;
    rt_end_panicked(g, message_of(g));
}

#if defined(__x86_64__)
static uintptr_t sp_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
}
#else
static uintptr_t sp_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.sp;
}
#endif

/* g runs: its frame reaches below its stack, and was touched there. */
static bool is_below(const struct g *g, uintptr_t at, const ucontext_t *uc)
{
    uintptr_t low = (uintptr_t)rt_stack_low(g);

    return at < low && at + BELOW >= sp_of(uc) && sp_of(uc) < low;
}

/* Whose stack was too small; NULL: nobody's that is known. In the runtime it
   may be that of who ran before. */
static struct g *overflown(const struct m *m, uintptr_t at,
                           const ucontext_t *uc)
{
    struct g *guarded = rt_stack_guarded((const void *)at);

    if (guarded && (m->in_rt || guarded == m->g))
        return guarded;
    return m->g && is_below(m->g, at, uc) ? m->g : NULL;
}

static void tell_fault(const struct m *m, int sig, const void *at)
{
    const struct rt_point *p = m->in_rt ? rt_point_at((uintptr_t)at) : NULL;
    const struct go_site *site = p ? p->at.site : NULL;
    char line[256];

    if (p)
        snprintf(line, sizeof(line),
                 "fatal error: the memory at %p is gone, and goroutine %llu "
                 "stands before a lock in it, at %.100s:%d\n",
                 at, (unsigned long long)p->at.goroutine,
                 site && site->file ? site->file : "?", site ? site->line : 0);
    else
        snprintf(line, sizeof(line),
                 "fatal error: unexpected signal %d (%s) in goroutine %llu, "
                 "address %p\n",
                 sig, sig == SIGSEGV ? "SIGSEGV" : "SIGBUS",
                 (unsigned long long)m->g->id, at);
    say(line);
}

static void fault(int sig, siginfo_t *info, void *context)
{
    bool sent = info->si_code <= 0; /* by kill or raise: of no address */
    struct m *m = rt_m();
    struct g *g = NULL;

    if (m && !sent)
        g = overflown(m, (uintptr_t)info->si_addr, context);
    if (g)
        overflow(m, g, context);
    if (m && m->g && !sent)
        tell_fault(m, sig, info->si_addr);
    /* Returning runs the instruction again, now under the old handler; what was
       sent comes no more, so it is sent again. */
    sigaction(sig, sig == SIGSEGV ? &before_segv : &before_bus, NULL);
    if (sent)
        raise(sig);
}

int rt_overflow_open(void)
{
    struct sigaction sa = {.sa_sigaction = fault,
                           .sa_flags = SA_SIGINFO | SA_ONSTACK};

    sigemptyset(&sa.sa_mask);
    if (sigaction(SIGSEGV, &sa, &before_segv) ||
        sigaction(SIGBUS, &sa, &before_bus))
        return -*__errno_location();
    return 0;
}

void rt_overflow_close(void)
{
    sigaction(SIGSEGV, &before_segv, NULL);
    sigaction(SIGBUS, &before_bus, NULL);
}

/* Without one, faults of this worker die unexplained: no reason to fail. */
void rt_altstack_open(struct m *m)
{
    stack_t ss = {.ss_size = RT_ALTSTACK};

    ss.ss_sp = mmap(NULL, RT_ALTSTACK, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ss.ss_sp == MAP_FAILED)
        return;
    rt_own_add(ss.ss_sp, RT_ALTSTACK);
    m->altstack = ss.ss_sp;
    sigaltstack(&ss, &m->before_altstack);
}

/* ASan gives each thread one of its own, and wants it back at its end. */
void rt_altstack_close(struct m *m)
{
    if (!m->altstack)
        return;
    sigaltstack(&m->before_altstack, NULL);
    rt_own_remove(m->altstack);
    munmap(m->altstack, RT_ALTSTACK);
}
