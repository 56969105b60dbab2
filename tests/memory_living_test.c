/*
 * memory_living_test.c - what the living hold on stacks, in registers, in calls
 * that begin or come back, as goroutines or threads; and what only the stuck
 * hold, which must be proven.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include <pthread.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/planted.h"

/* ---- stacks -------------------------------------------------------------- */

static void on_its_stack(handle c)
{
    volatile handle kept = c;

    lives();
    kept = kept;
}

INSIDE_TEST(memory_living, what_a_sleeper_has_on_its_stack)
{
    held_for_a_while(on_its_stack, 0, 1);
}

/* Stuck itself, but for the pointer that it gave away. */
static void on_a_stuck_stack(handle c)
{
    volatile handle kept = c;

    go(points_to, (handle *)&kept);
    chan_recv(chan_make(int, 0));
}

INSIDE_TEST(memory_living, what_is_on_another_s_stack_that_is_pointed_to)
{
    held_for_a_while(on_a_stuck_stack, 0, 2);
}

static void stuck_with(handle c)
{
    volatile handle kept = c;

    chan_recv(chan_make(int, 0));
    kept = kept;
}

INSIDE_TEST(memory_living, what_only_the_stuck_hold_is_lost)
{
    held_for_a_while(stuck_with, 2, 2);
}

/* The handle as nobody can see it. */
static uintptr_t hidden;
static void hide(handle c)
{
    hidden = ~(uintptr_t)c;
}

static __attribute__((noinline)) void spawn_with_it(void (*f)(handle))
{
    go(f, (handle)~hidden);
}

INSIDE_TEST(memory_living, what_a_goroutine_that_has_not_begun_is_given)
{
    go(plant_at, hide);
    let_all_park();
    spawn_with_it(hide);
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(look(), 1);
}

/*
 * A program that switches stacks by itself: what a goroutine has then lies in
 * a block to which nothing points but the stack pointer.
 */
enum {
    OTHER_STACK = 64 << 10
};
static ucontext_t here, there;
static handle carried;
static void (*over_there)(handle);

static void begins_there(void)
{
    handle c = carried;

    carried = NULL;
    memset(&there, 0, sizeof(there)); /* which knows the stack */
    over_there(c);
    setcontext(&here);
}

static uint8_t hidden_there[sizeof(there)];
static void hide_there(void)
{
    getcontext(&there);
    there.uc_stack.ss_sp = malloc(OTHER_STACK);
    there.uc_stack.ss_size = OTHER_STACK;
    makecontext(&there, begins_there, 0);
    for (size_t i = 0; i < sizeof(there); i++)
        hidden_there[i] = ~((uint8_t *)&there)[i];
    memset(&there, 0, sizeof(there));
}

static __attribute__((noinline)) void to_another_stack(void)
{
    for (size_t i = 0; i < sizeof(there); i++)
        ((uint8_t *)&there)[i] = (uint8_t)~hidden_there[i];
    swapcontext(&here, &there);
    memset(&here, 0, sizeof(here)); /* a register may have been the handle */
}

static void on_another_stack(handle c)
{
    over_there = on_its_stack;
    carried = c;
    c = NULL;
    to_another_stack();
}

INSIDE_TEST(memory_living, what_a_sleeper_has_on_a_stack_of_the_program)
{
    go(hide_there);
    let_all_park();
    held_for_a_while(on_another_stack, 0, 1);
}

static int looked;

static void checks(handle c)
{
    volatile handle kept = c;

    looked = go_check();
    kept = kept;
}

static void checks_on_another_stack(handle c)
{
    let_all_park();
    over_there = checks;
    carried = c;
    c = NULL;
    to_another_stack();
}

INSIDE_TEST(memory_living, what_who_looks_has_on_a_stack_of_the_program)
{
    go(hide_there);
    let_all_park();
    looked = -1;
    go(plant_at, checks_on_another_stack);
    while (looked < 0)
        go_yield();
    CHECK_EQ(looked, 0);
    let_all_park();
    CHECK_EQ(go_check(), 1);
}

/* ---- on their way ------------------------------------------------------- */

INSIDE_TEST(memory_living, what_is_known_elsewhere)
{
    go(plant_at, hide);
    go_yield();
    let_all_park();
    go_known_elsewhere((void *)~hidden);
    CHECK_EQ(go_check(), 0);
    go_not_known_elsewhere((void *)~hidden);
    CHECK_EQ(go_check(), 1);
}

static int pipes[2];
static handle gives_back(void)
{
    char byte;

    CHECK_EQ(read(pipes[0], &byte, 1), 1);
    return (handle)~hidden;
}

static void calls(void)
{
    hidden = ~(uintptr_t)go_blocking(gives_back);
}

/* The call has come back, and its goroutine has not run since. */
INSIDE_TEST(memory_living, what_a_blocking_call_has_returned)
{
    CHECK_EQ(pipe(pipes), 0);
    go(plant_at, hide);
    let_all_park();
    go(calls);
    while (!rt_blocking_calls())
        go_yield();
    CHECK_EQ(write(pipes[1], "", 1), 1);
    while (rt_blocking_calls())
        ;
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(look(), 1);
}

static int reads(int fd)
{
    char byte;
    volatile handle kept = (handle)~hidden;

    CHECK_EQ(read(fd, &byte, 1), 1);
    return kept != NULL;
}

static void calls_with_it(void)
{
    go_blocking(reads, pipes[0]);
}

INSIDE_TEST(memory_living, what_a_blocking_call_holds)
{
    CHECK_EQ(pipe(pipes), 0);
    go(plant_at, hide);
    let_all_park();
    go(calls_with_it);
    while (!rt_blocking_calls())
        go_yield();
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(write(pipes[1], "", 1), 1);
    while (rt_blocking_calls())
        go_yield();
    CHECK_EQ(look(), 1);
}

/* ---- threads ---------------------------------------------------------------- */

static pthread_t thread;
static uint32_t thread_holds; /* [atomic] */

static void *stack_thread(void *arg)
{
    volatile handle kept = arg;
    char byte;

    arg = NULL;
    __atomic_store_n(&thread_holds, 1, __ATOMIC_RELEASE);
    if (read(pipes[0], &byte, 1) != 1)
        return NULL;
    return (void *)(uintptr_t)(kept == NULL);
}

enum {
    KEYS = 100 /* beyond those that have room in the thread itself */
};

static void *key_thread(void *arg)
{
    pthread_key_t key[KEYS];
    char byte;

    for (int i = 0; i < KEYS; i++)
        pthread_key_create(&key[i], NULL);
    pthread_setspecific(key[KEYS - 1], arg);
    arg = NULL;
    __atomic_store_n(&thread_holds, 1, __ATOMIC_RELEASE);
    if (read(pipes[0], &byte, 1) == 1)
        pthread_setspecific(key[KEYS - 1], NULL);
    return NULL;
}

static void *(*thread_main)(void *);
static void to_a_thread(handle c)
{
    CHECK_EQ(pthread_create(&thread, NULL, thread_main, (void *)c), 0);
}

static void thread_keeps_alive(void *(*body)(void *))
{
    CHECK_EQ(pipe(pipes), 0);
    thread_main = body;
    go(plant_at, to_a_thread);
    let_all_park();
    while (!__atomic_load_n(&thread_holds, __ATOMIC_ACQUIRE))
        go_yield();
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(write(pipes[1], "", 1), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static struct go_mutex locked_by_thread;

static void *locking_thread(void *arg)
{
    char byte;

    go_mutex_lock(arg);
    __atomic_store_n(&thread_holds, 1, __ATOMIC_RELEASE);
    if (read(pipes[0], &byte, 1) == 1)
        go_mutex_unlock(arg);
    return NULL;
}

static void looks_and_lets_go(void)
{
    looked = look();
    CHECK_EQ(write(pipes[1], "", 1), 1);
}

/* Who waits for a thread lives, with all that he has. */
INSIDE_TEST(memory_living, what_who_waits_for_a_thread_has_on_his_stack)
{
    volatile handle kept;

    CHECK_EQ(pipe(pipes), 0);
    CHECK_EQ(pthread_create(&thread, NULL, locking_thread, &locked_by_thread),
             0);
    while (!__atomic_load_n(&thread_holds, __ATOMIC_ACQUIRE))
        go_yield();
    kept = chan_make(int, 0);
    go(waits, kept);
    looked = -1;
    go(looks_and_lets_go);
    go_mutex_lock(&locked_by_thread);
    CHECK_EQ(looked, 0);
    chan_send(kept, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

INSIDE_TEST(memory_living, what_a_thread_has_on_its_stack)
{
    thread_keeps_alive(stack_thread);
}

INSIDE_TEST(memory_living, what_a_thread_has_set_specific)
{
    thread_keeps_alive(key_thread);
}

/* ---- registers ---------------------------------------------------------------- */

#if defined(__x86_64__)
static uint32_t loaded, unload; /* [atomic] */

/* The handle in a register and nowhere else. */
static void *in_a_register(void *unused)
{
    __asm__ volatile("movq %0, %%rax\n\tnotq %%rax\n\tmovq %%rax, %%r12\n\t"
                     "xorl %%eax, %%eax\n\tmovl $1, %1\n"
                     "1:\tpause\n\tcmpl $0, %2\n\tje 1b\n\t"
                     "xorl %%r12d, %%r12d"
                     :
                     : "m"(hidden), "m"(loaded), "m"(unload)
                     : "rax", "r12", "memory", "cc");
    return unused;
}

static void until_loaded(void)
{
    while (!__atomic_load_n(&loaded, __ATOMIC_ACQUIRE))
        go_yield();
}

/* On several workers; so it is asked until the one that waits has parked. */
static int look_when_parked(void)
{
    while (parked(GO_WAIT_CHAN_RECV) != 1)
        go_yield();
    return go_check();
}

static void register_of_a_thread(void)
{
    go(plant_at, hide);
    while (!__atomic_load_n(&hidden, __ATOMIC_ACQUIRE))
        go_yield();
    CHECK_EQ(pthread_create(&thread, NULL, in_a_register, NULL), 0);
    until_loaded();
    CHECK_EQ(look_when_parked(), 0);
    __atomic_store_n(&unload, 1, __ATOMIC_RELEASE);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

Test(memory_living, what_a_thread_has_in_a_register)
{
    INSIDE_REAL(register_of_a_thread, 2);
}

static void register_of_a_goroutine(void)
{
    go(plant_at, hide);
    while (!__atomic_load_n(&hidden, __ATOMIC_ACQUIRE))
        go_yield();
    go(in_a_register, NULL);
    until_loaded();
    CHECK_EQ(look_when_parked(), 0);
    __atomic_store_n(&unload, 1, __ATOMIC_RELEASE);
    while (rt_g_count() > 2) /* main, and who waits */
        go_yield();
    CHECK_EQ(look_when_parked(), 1);
}

Test(memory_living, what_a_goroutine_of_another_worker_has_in_a_register)
{
    INSIDE_REAL(register_of_a_goroutine, 2);
}
#endif

#endif
