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

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <vigil/control.h>

#include "harness/explore/loaded.h"

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

static const char *base_of(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

/* Frames of the program's; the first ones are this handler's. */
static void write_where(char *to, size_t n)
{
    void *pcs[FRAMES];
    int frames = backtrace(pcs, FRAMES), told = 0;
    size_t at = 0;

    for (int i = 0; i < frames && told < TOLD && at < n; i++) {
        Dl_info in;

        if (!dladdr(pcs[i], &in) || !in.dli_fname ||
            hn_loaded_is_ours(in.dli_fname) ||
            (told == 0 && strncmp(base_of(in.dli_fname), "libc.so", 7) == 0))
            continue;
        at += (size_t)snprintf(
            to + at, n - at, "%s%s%s%s+0x%lx%s", told++ ? " < " : "",
            in.dli_sname ? in.dli_sname : "", in.dli_sname ? " (" : "",
            base_of(in.dli_fname),
            (unsigned long)((char *)pcs[i] - (char *)in.dli_fbase),
            in.dli_sname ? ")" : "");
    }
}

static void on_tick(int signal)
{
    int saved = errno;
    uint64_t moment = go_control_moment();
    struct sigaction usual = {.sa_handler = SIG_DFL};

    /* atomic: a tick comes on any thread, the next one on another */
    if (moment != __atomic_exchange_n(&dog.moment, moment, __ATOMIC_ACQ_REL) ||
        !go_control_runs())
        __atomic_store_n(&dog.strikes, 0, __ATOMIC_RELEASE);
    if (__atomic_add_fetch(&dog.strikes, 1, __ATOMIC_ACQ_REL) <= STRIKES) {
        errno = saved;
        return;
    }
    write_where(dog.to->where, sizeof(dog.to->where));
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
    const struct sigaction action = {.sa_handler = on_tick,
                                     .sa_flags = SA_RESTART | SA_ONSTACK};
    const struct itimerval every = {{0, TICK_US}, {0, TICK_US}};
    void *pc;

    dog.to = to;
    dog.strikes = 0;
    make_room();
    backtrace(&pc, 1); /* it loads what it needs at its first call */
    if (sigaction(SIGPROF, &action, NULL) == 0)
        setitimer(ITIMER_PROF, &every, NULL);
}

void hn_watchdog_end(void)
{
    const struct itimerval never = {{0, 0}, {0, 0}};

    setitimer(ITIMER_PROF, &never, NULL);
}
