/*
 * threads_test.c - all threads are stopped, whatever they are at, and what
 * they hold in registers only is found. Not under ThreadSanitizer, which keeps
 * signals back until a thread calls into it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "tests/inside.h"

#ifndef __SANITIZE_THREAD__
enum {
    SPANS = 4096,
    ROUNDS = 20
};

/* A word that is nowhere in memory but where a test has put it. */
static uintptr_t secret(void)
{
    return ~(uintptr_t)0x5eced3c0ffee1234;
}

static struct rt_span span[SPANS];

static __attribute__((no_sanitize("address"))) bool in_span(struct rt_span s,
                                                            uintptr_t word)
{
    s.low = (s.low + 7) & ~(uintptr_t)7;
    for (const uintptr_t *p = (void *)s.low; (uintptr_t)(p + 1) <= s.high; p++)
        if (*p == word)
            return true;
    return false;
}

/* In the roots, or on the stack of a goroutine that is there. */
static bool is_held(uintptr_t word)
{
    uint32_t n = rt_saved_roots(span, SPANS);
    bool found = false;

    CHECK(n <= SPANS);
    for (uint32_t i = 0; i < n; i++)
        found |= in_span(span[i], word);
    for (uint32_t i = 0; i < rt_g_slots(); i++)
        if (rt_g_at(i))
            found |= in_span(rt_saved_stack(rt_g_at(i)), word);
    return found;
}

struct look {
    bool stopped;
    int silent;
    uint64_t first, last; /* count, as the stop began and ended */
    bool held;            /* the secret */
};

static __attribute__((noinline)) struct look look(uint64_t *count)
{
    struct look l = {0};

    CHECK(rt_world_stop(NULL));
    l.stopped = rt_threads_stop(RT_FRAME_HERE(), &l.silent);
    if (l.stopped) {
        l.first = count ? __atomic_load_n(count, __ATOMIC_RELAXED) : 0;
        for (int i = 0; i < 1000; i++)
            sched_yield();
        l.last = count ? __atomic_load_n(count, __ATOMIC_RELAXED) : 0;
        l.held = is_held(secret());
        rt_threads_start();
    }
    rt_world_start();
    return l;
}

/* What a thread of a test does until it is told to end. */
struct job {
    void (*body)(struct job *j);
    uint64_t count; /* [atomic] */
    uint32_t ready; /* [atomic] */
    uint32_t end;   /* [atomic] */
    int pipe[2];
    pthread_t thread;
};

static void *job_main(void *arg)
{
    struct job *j = arg;

    j->body(j);
    return NULL;
}

static void job_start(struct job *j, void (*body)(struct job *))
{
    j->body = body;
    CHECK_EQ(pipe(j->pipe), 0);
    CHECK_EQ(pthread_create(&j->thread, NULL, job_main, j), 0);
    while (!__atomic_load_n(&j->ready, __ATOMIC_ACQUIRE))
        sched_yield();
}

static void job_end(struct job *j)
{
    __atomic_store_n(&j->end, 1, __ATOMIC_RELEASE);
    CHECK_EQ(write(j->pipe[1], "", 1), 1);
    CHECK_EQ(pthread_join(j->thread, NULL), 0);
    close(j->pipe[0]);
    close(j->pipe[1]);
}

static void ready(struct job *j)
{
    __atomic_store_n(&j->ready, 1, __ATOMIC_RELEASE);
}

static bool goes_on(struct job *j)
{
    __atomic_add_fetch(&j->count, 1, __ATOMIC_RELAXED);
    return !__atomic_load_n(&j->end, __ATOMIC_ACQUIRE);
}

static void compute(struct job *j)
{
    ready(j);
    while (goes_on(j))
        ;
}

static void sleep_often(struct job *j)
{
    ready(j);
    while (goes_on(j))
        usleep(100);
}

static void read_one(struct job *j)
{
    char c;

    ready(j);
    CHECK_EQ(read(j->pipe[0], &c, 1), 1);
}

/* Count stands still while they are stopped, and moves on after that. */
static void stop_often(struct job *j)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct look l = look(&j->count);
        uint64_t now = l.last;

        CHECK(l.stopped);
        CHECK_EQ(l.first, l.last);
        while (now == l.last)
            now = __atomic_load_n(&j->count, __ATOMIC_RELAXED);
    }
}

static void inside_computing(void)
{
    struct job j = {.count = 0};

    job_start(&j, compute);
    stop_often(&j);
    job_end(&j);
}

Test(threads, one_that_computes_is_stopped_and_goes_on)
{
    INSIDE_REAL(inside_computing, 2);
}

static void inside_sleeping(void)
{
    struct job j = {.count = 0};

    job_start(&j, sleep_often);
    stop_often(&j);
    job_end(&j);
}

Test(threads, one_that_sleeps_is_stopped_and_goes_on)
{
    INSIDE_REAL(inside_sleeping, 2);
}

static void inside_reading(void)
{
    struct job j = {.count = 0};

    job_start(&j, read_one);
    for (int i = 0; i < ROUNDS; i++)
        CHECK(look(NULL).stopped);
    job_end(&j); /* it has read what was sent to it, and no error */
}

Test(threads, a_read_is_stopped_and_goes_on_waiting)
{
    INSIDE_REAL(inside_reading, 2);
}

static void block_signals(struct job *j)
{
    sigset_t set;

    sigfillset(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    __atomic_store_n(&j->count, (uint64_t)gettid(), __ATOMIC_RELAXED);
    read_one(j);
}

static void inside_deaf(void)
{
    struct job deaf = {.count = 0}, other = {.count = 0};
    struct look l;
    uint64_t before;

    job_start(&other, compute);
    job_start(&deaf, block_signals);
    l = look(NULL);
    CHECK(!l.stopped);
    CHECK_EQ(l.silent, deaf.count);
    before = __atomic_load_n(&other.count, __ATOMIC_RELAXED);
    while (__atomic_load_n(&other.count, __ATOMIC_RELAXED) == before)
        ; /* nobody stays stopped */
    job_end(&deaf);
    CHECK(look(NULL).stopped);
    job_end(&other);
}

Test(threads, one_that_blocks_the_signal_is_named_and_all_go_on)
{
    INSIDE_REAL(inside_deaf, 2);
}

static void *count_once(void *count)
{
    __atomic_add_fetch((uint64_t *)count, 1, __ATOMIC_RELAXED);
    return NULL;
}

/* Threads come and go all the time. */
static void breed(struct job *j)
{
    ready(j);
    while (!__atomic_load_n(&j->end, __ATOMIC_ACQUIRE)) {
        pthread_t t[4];
        int n = 0;

        while (n < 4 && !pthread_create(&t[n], NULL, count_once, &j->count))
            n++;
        while (n > 0)
            pthread_join(t[--n], NULL);
    }
}

static void inside_breeding(void)
{
    struct job j[2] = {{.count = 0}, {.count = 0}};

    for (int i = 0; i < 2; i++)
        job_start(&j[i], breed);
    stop_often(&j[0]);
    stop_often(&j[1]);
    for (int i = 0; i < 2; i++)
        job_end(&j[i]);
}

static uint32_t waits, taken; /* [atomic] */

/* Takes all signals there are, but for one that ends it. */
static void *waits_for_signals(void *arg)
{
    sigset_t every;
    int sig = 0;

    (void)arg;
    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, NULL);
    __atomic_store_n(&waits, 1, __ATOMIC_RELEASE);
    while (sig != SIGTERM) {
        sigwait(&every, &sig);
        __atomic_add_fetch(&taken, sig != SIGTERM, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void inside_signals(void)
{
    pthread_t t;

    CHECK_EQ(pthread_create(&t, NULL, waits_for_signals, NULL), 0);
    while (!__atomic_load_n(&waits, __ATOMIC_ACQUIRE))
        sched_yield();
    for (int i = 0; i < 3; i++)
        CHECK(!look(NULL).stopped);
    pthread_kill(t, SIGTERM);
    pthread_join(t, NULL);
    CHECK_EQ(__atomic_load_n(&taken, __ATOMIC_RELAXED), 0);
}

Test(threads, one_that_waits_for_signals_is_not_sent_any)
{
    INSIDE_REAL(inside_signals, 2);
}

Test(threads, those_that_begin_meanwhile_are_stopped_too)
{
    INSIDE_REAL(inside_breeding, 2);
}

/* The word is in one register while this runs, and in no memory. */
#if defined(__x86_64__)
#define KEEP(name, to_register, clear)                                         \
    static void name(struct job *j)                                            \
    {                                                                          \
        __asm__ volatile("movq %0, %%rax\n\tnotq %%rax\n\t" to_register        \
                         "\n\txorl %%eax, %%eax\n\t"                           \
                         "movl $1, %1\n"                                       \
                         "1:\tlock incq %2\n\tpause\n\t"                       \
                         "cmpl $0, %3\n\tje 1b\n\t" clear                      \
                         :                                                     \
                         : "i"(0x5eced3c0ffee1234), "m"(j->ready),             \
                           "m"(j->count), "m"(j->end)                          \
                         : "rax", "r12", "xmm9", "memory", "cc");              \
    }
KEEP(keep_in_r12, "movq %%rax, %%r12", "xorl %%r12d, %%r12d")
KEEP(keep_in_xmm, "movq %%rax, %%xmm9", "pxor %%xmm9, %%xmm9")
KEEP(keep_in_red_zone, "movq %%rax, -128(%%rsp)", "movq $0, -128(%%rsp)")
KEEP(keep_nowhere, "", "")

static void found_in(void (*body)(struct job *), bool found)
{
    struct job j = {.count = 0};

    job_start(&j, body);
    CHECK_EQ(look(&j.count).held, found);
    job_end(&j);
    CHECK(!look(NULL).held);
}

static void inside_registers(void)
{
    found_in(keep_nowhere, false);
    found_in(keep_in_r12, true);
    found_in(keep_in_xmm, true);
}

Test(threads, what_only_a_register_holds_is_found)
{
    INSIDE_REAL(inside_registers, 2);
}

/* A goroutine of another worker, stopped as it runs. */
static void goroutine_keeps(struct job *j, void (*keep)(struct job *))
{
    keep(j);
    __atomic_store_n(&j->count, 0, __ATOMIC_RELEASE);
}

static void found_in_goroutine(void (*keep)(struct job *), bool found)
{
    struct job j = {.count = 0};

    go(goroutine_keeps, &j, keep);
    while (!__atomic_load_n(&j.ready, __ATOMIC_ACQUIRE))
        go_yield();
    CHECK_EQ(look(&j.count).held, found);
    __atomic_store_n(&j.end, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&j.count, __ATOMIC_ACQUIRE))
        go_yield();
}

static void inside_running(void)
{
    found_in_goroutine(keep_nowhere, false);
    found_in_goroutine(keep_in_r12, true);
    found_in_goroutine(keep_in_xmm, true);
    found_in_goroutine(keep_in_red_zone, true);
}

Test(threads, what_a_running_goroutine_holds_is_found)
{
    INSIDE_REAL(inside_running, 2);
}

static int keep_for(void (*keep)(struct job *), struct job *j)
{
    keep(j);
    return 0;
}

static void goroutine_blocks(struct job *j, void (*keep)(struct job *))
{
    go_blocking(keep_for, keep, j);
    __atomic_store_n(&j->count, 0, __ATOMIC_RELEASE);
}

static void found_in_call(void (*keep)(struct job *), bool found)
{
    struct job j = {.count = 0};

    go(goroutine_blocks, &j, keep);
    while (!__atomic_load_n(&j.ready, __ATOMIC_ACQUIRE))
        go_yield();
    for (int i = 0; i < ROUNDS; i++) {
        struct look l = look(&j.count);

        CHECK_EQ(l.first, l.last);
        CHECK_EQ(l.silent, 0);
        CHECK(l.stopped);
        CHECK_EQ(l.held, found);
    }
    __atomic_store_n(&j.end, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&j.count, __ATOMIC_ACQUIRE))
        go_yield();
}

static void inside_calling(void)
{
    found_in_call(keep_nowhere, false);
    found_in_call(keep_in_r12, true);
    found_in_call(keep_in_xmm, true);
}

Test(threads, a_blocking_call_is_stopped_and_what_it_holds_is_found)
{
    INSIDE_REAL(inside_calling, 1);
}
#endif
#endif
