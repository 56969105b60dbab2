/* crashing.c - scenarios that end their process, in some schedules. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vigil/scenario.h>

static struct go_atomic turn;

/* The second of all, whoever that is. */
static bool is_second(void)
{
    return go_atomic_add(&turn, 1) == 2;
}

static void end_by(int way)
{
    int *volatile nowhere = (int *)8;

    if (!is_second())
        return;
    if (way == 1)
        *nowhere = 1;
    abort();
}

SCENARIO(two_places, .about = "a fault or an abort, as it comes",
         .explore = true)
{
    for (int i = 0; i < 3; i++)
        go(end_by, i);
}

static void leave(void)
{
    if (is_second())
        exit(3);
}

SCENARIO(leaves, .about = "exits in the middle", .explore = true)
{
    go(leave);
    go(leave);
}

static void leave_at_once(void)
{
    if (is_second())
        _exit(0);
}

SCENARIO(leaves_well, .about = "exits in the middle, as if all was well",
         .explore = true)
{
    go(leave_at_once);
    go(leave_at_once);
}

static void (*hook)(void);

static void unset(struct go_mutex *m)
{
    go_mutex_lock(m);
    hook = NULL;
    go_mutex_unlock(m);
}

static void call_it(struct go_mutex *m)
{
    go_mutex_lock(m);
    hook();
    go_mutex_unlock(m);
}

static void do_nothing(void)
{
}

SCENARIO(calls_null, .about = "a function that is not there any more",
         .explore = true)
{
    static struct go_mutex m;

    hook = do_nothing;
    go(unset, &m);
    go(call_it, &m);
}

static int dive(int depth)
{
    volatile char much[2000];

    memset((char *)much, depth, sizeof(much));
    return depth == 0 ? 0 : dive(depth - 1) + much[3];
}

static void diver(void)
{
    if (is_second())
        dive(100);
}

SCENARIO(dives, .about = "too deep for its stack", .explore = true)
{
    go(diver);
    go(diver);
}

/* Taken page by page: the stack pointer is below the guard as that is hit. */
static void take(size_t size)
{
    volatile char *much = __builtin_alloca(size);

    much[0] = 1;
}

SCENARIO(takes_much, .about = "an array that is larger than its stack")
{
    go(take, (size_t)1 << 20);
}

SCENARIO(is_sent_segv, .about = "sends itself what a fault would")
{
    raise(SIGSEGV);
}

SCENARIO(is_sent_bus, .about = "the same, by another call")
{
    kill(getpid(), SIGBUS);
}

static void leave_quickly(void)
{
    if (is_second())
        quick_exit(0);
}

SCENARIO(leaves_quickly, .about = "exits in the middle, by the quick way",
         .explore = true)
{
    go(leave_quickly);
    go(leave_quickly);
}

static void end_thread(void)
{
    pthread_exit(NULL);
}

SCENARIO(ends_thread, .about = "a goroutine that takes itself for a thread",
         .expect = EXPECT_PANIC("pthread_exit in a goroutine"))
{
    go(end_thread);
    go_sleep(GO_SECOND);
}
