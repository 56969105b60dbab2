/*
 * watchdog.c - looks twice a second, of the processor's time, whether any
 * choice was made since.
 *
 * A loop without a point can not be left from outside: so the worker ends, and
 * who waits for it starts another. Time in which it does not run is not
 * counted: a machine that is busy makes nobody slow.
 */
#define _GNU_SOURCE
#include "harness/explore/watchdog.h"

#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
#include <vigil/control.h>
#include <vigil/elsewhere.h>

#include "harness/explore/did.h"

enum {
    TICK_US = 250000,
    STRIKES = 4, /* ticks without a choice */
    FRAMES = 16,
    TOLD = 4,
    PAGE = 4096,
    FRAME = 16 * PAGE /* more than a signal and its handler take */
};

static struct {
    struct hn_stuck *to;
    uint64_t moment; /* that was seen last */
    int strikes;
} dog;

#if defined(__x86_64__)
static const void *pc_of(const ucontext_t *context)
{
    return (const void *)context->uc_mcontext.gregs[REG_RIP];
}
#else
static const void *pc_of(const ucontext_t *context)
{
    return (const void *)context->uc_mcontext.pc;
}
#endif

/* From where the signal came on: the first ones are this handler's. */
static void note_where(struct go_crash *to, const ucontext_t *context)
{
    void *pcs[FRAMES];
    int frames = backtrace(pcs, FRAMES), i = 0;

    to->pc[0] = pc_of(context);
    to->n = 1;
    while (i < frames && pcs[i] != to->pc[0])
        i++;
    for (i++; i < frames; i++)
        to->pc[to->n++] = pcs[i];
}

static void on_tick(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    uint64_t moment = go_control_moment();
    struct sigaction usual = {.sa_handler = SIG_DFL};

    (void)info;
    /* atomic: a tick comes on any thread, the next one on another */
    if (moment != __atomic_exchange_n(&dog.moment, moment, __ATOMIC_ACQ_REL) ||
        !go_control_runs())
        __atomic_store_n(&dog.strikes, 0, __ATOMIC_RELEASE);
    if (__atomic_add_fetch(&dog.strikes, 1, __ATOMIC_ACQ_REL) <= STRIKES) {
        errno = saved;
        return;
    }
    note_where(&dog.to->where, context);
    dog.to->stuck = true;
    sigaction(signal, &usual, NULL);
    raise(signal); /* when this returns */
    errno = saved;
}

/* The stack of a thread that sleeps in a call: under valgrind it does not grow
   by itself for a signal that comes then. */
static __attribute__((noinline)) void make_room(void)
{
    volatile char room[FRAME];

    for (size_t i = 0; i < sizeof(room); i += PAGE)
        room[i] = 0;
}

void hn_watchdog_begin(struct hn_stuck *to)
{
    const struct sigaction action = {.sa_sigaction = on_tick,
                                     .sa_flags =
                                         SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    const struct itimerval every = {{0, TICK_US}, {0, TICK_US}};
    void *pc;

    dog.to = to;
    dog.strikes = 0;
    make_room();
    backtrace(&pc, 1); /* it loads what it needs at its first call */
    if (sigaction(SIGPROF, &action, NULL) == 0)
        setitimer(ITIMER_PROF, &every, NULL);
}

static int say_frame(char *to, size_t n, const struct go_frame *f)
{
    const char *func = f->func ? f->func : "?";

    if (f->file)
        return snprintf(to, n, "%s at %s:%d", func, hn_did_file(f->file),
                        f->line);
    return snprintf(to, n, "%s (%s+0x%llx)", func,
                    f->module ? hn_did_file(f->module) : "?",
                    (unsigned long long)f->offset);
}

void hn_watchdog_text(const struct hn_stuck *stuck, char *to, size_t n)
{
    struct go_frame frames[2 * FRAMES];
    size_t all = go_crash_stack(&stuck->where, frames, 2 * FRAMES), at = 0;
    int told = 0;

    *to = '\0';
    for (size_t i = 0; i < all && told < TOLD && at < n; i++) {
        if (!frames[i].program)
            continue;
        if (told++)
            at += (size_t)snprintf(to + at, n - at, " < ");
        if (at < n)
            at += (size_t)say_frame(to + at, n - at, &frames[i]);
    }
    if (!told)
        snprintf(to, n, "no code of the program's");
}

void hn_watchdog_end(void)
{
    const struct itimerval never = {{0, 0}, {0, 0}};

    setitimer(ITIMER_PROF, &never, NULL);
}
