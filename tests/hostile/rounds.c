/*
 * rounds.c - loops that look as if nothing changed in them, and something
 * does: each of them ends, by what one place in memory, or outside, says.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/rounds.h"

SCENARIO(in_a_frame, .about = "a counter on main's stack", .explore = true)
{
    int n = 0;

    both(counts, &n);
}

static void alone(void)
{
    for (int n = 0; n < ROUNDS; n++)
        go_yield();
}

SCENARIO(in_a_register, .about = "a counter that is in no variable",
         .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, alone);
    go_waitgroup_wait(&wg);
}

static int variable;

SCENARIO(in_a_variable, .about = "a counter in .bss", .explore = true)
{
    both(counts, &variable);
}

static _Thread_local int own;

static bool counts_own(void *arg)
{
    (void)arg;
    return ++own < ROUNDS;
}

SCENARIO(in_a_threads, .about = "a counter of the thread", .explore = true)
{
    both(counts_own, NULL);
}

SCENARIO(on_the_heap, .about = "a counter that was allocated", .explore = true)
{
    int *n = calloc(1, sizeof(*n));

    both(counts, n);
    free(n);
}

static bool counts_errno(void *arg)
{
    (void)arg;
    return ++errno < ROUNDS;
}

SCENARIO(in_errno, .about = "a counter that the C library has", .explore = true)
{
    errno = 0;
    both(counts_errno, NULL);
}

/* The place where the C library goes on. */
static bool cuts_words(void *arg)
{
    (void)arg;
    return strtok(NULL, " ") != NULL;
}

SCENARIO(in_the_library, .about = "words that are cut off one by one",
         .explore = true)
{
    static char text[2 * ROUNDS];

    memset(text, ' ', sizeof(text) - 1);
    for (size_t i = 0; i < sizeof(text) - 1; i += 2)
        text[i] = 'x';
    strtok(text, " ");
    both(cuts_words, NULL);
}

static bool counts_down(void *arg)
{
    struct go_chan *c = arg;
    chan(int) values = (chan(int))c;
    int value = 0;

    return chan_try_recv(values, &value);
}

/* Its answers are in a buffer of its own; nothing else keeps the number. */
static __attribute__((noinline)) long count_in_answer(const char *answer)
{
    return a64l(l64a(a64l(answer) + 1));
}

SCENARIO(in_a_librarys_variable, .about = "a counter in an answer of its own",
         .explore = true)
{
    const char *answer = l64a(1);

    while (count_in_answer(answer) < ROUNDS)
        go_yield();
}

SCENARIO(in_a_channel, .about = "values that are taken one by one",
         .explore = true)
{
    chan(int) c = chan_make(int, ROUNDS);

    for (int i = 0; i < ROUNDS; i++)
        chan_send(c, i);
    both(counts_down, (void *)c);
}

static bool draws(void *arg)
{
    (void)arg;
    return go_choose(100) != 99;
}

SCENARIO(by_chance, .about = "until a number is drawn", .explore = true)
{
    both(draws, NULL);
}

/* Memory that nobody knows of. */
SCENARIO(in_a_mapping, .about = "a counter in memory of its own",
         .explore = true)
{
    int *n = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    both(counts, n);
    munmap(n, 4096);
}

/* What the kernel counts. */
static bool reads(void *arg)
{
    char byte;

    return read(*(int *)arg, &byte, 1) == 1;
}

SCENARIO(in_a_file, .about = "bytes of a file, one by one", .explore = true)
{
    int fd = memfd_create("rounds", MFD_CLOEXEC);

    if (ftruncate(fd, ROUNDS) == 0)
        both(reads, &fd);
    close(fd);
}

static bool asks(void *arg)
{
    (void)arg;
    return syscall(SYS_getppid) >= 0;
}

SCENARIO(asks_the_kernel, .about = "goes round, but who knows what it asks",
         .explore = true)
{
    both(asks, NULL);
}

#if defined(__x86_64__)
static bool is_early(void *arg)
{
    return __builtin_ia32_rdtsc() < *(unsigned long long *)arg;
}

SCENARIO(asks_the_processor, .about = "until its clock says so",
         .explore = true)
{
    unsigned long long end = __builtin_ia32_rdtsc() + 2000000000;

    both(is_early, &end);
}
#endif

SCENARIO(for_ever, .about = "nothing ends it", .expect = EXPECT_LIVELOCK,
         .explore = true)
{
    both(always, NULL);
}

static void spin(void)
{
    go_expect_daemon();
    for (;;)
        go_yield();
}

SCENARIO(daemon_goes_round, .about = "a daemon may, main has returned",
         .explore = true)
{
    go(spin);
    go_yield();
}

/* Asks the kernel itself, whom vigil does not answer for. */
static int64_t kernel_ns(void)
{
    struct timespec t;

    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

static void moody(struct go_mutex *m)
{
    int64_t now = kernel_ns();

    go_mutex_lock(m);
    if (now / 64 % 2)
        go_yield();
    go_mutex_unlock(m);
}

SCENARIO(asks_the_kernels_time, .about = "does now this, now that",
         .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 20; i++)
        go_waitgroup_go(&wg, moody, &m);
    go_waitgroup_wait(&wg);
}

/* No yield, so no time goes by: but elsewhere it does. */
static void try_until(struct go_mutex *m, go_instant end)
{
    while (go_instant_before(go_now(), end))
        if (go_mutex_trylock(m))
            go_mutex_unlock(m);
}

SCENARIO(by_the_clock, .about = "until it is late", .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, try_until, &m, go_add(go_now(), GO_SECOND));
    go_waitgroup_wait(&wg);
}

/* Where one of four numbers leads to: a loop without a point. */
static void compute_if(int unlucky)
{
    volatile bool on = unlucky;

    while (on)
        ;
}

SCENARIO(computes_for_ever, .about = "a loop in which nothing can be decided",
         .explore = true)
{
    compute_if(go_choose(4) == 3);
}
