/* raced.c - data races, in code that tells its loads and stores. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

static int shared;

static void add(int *to)
{
    ++*to;
}

static void both(void (*fn)(int *), int *arg)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, fn, arg);
    go_waitgroup_go(&wg, fn, arg);
    go_waitgroup_wait(&wg);
}

SCENARIO(harmless, .about = "races, and nothing comes of it", .explore = true)
{
    both(add, &shared);
}

SCENARIO(on_stack, .about = "the same on a stack", .explore = true)
{
    int here = 0;

    both(add, &here);
}

SCENARIO(on_heap, .about = "the same on the heap", .explore = true)
{
    int *there = calloc(1, sizeof(*there));

    both(add, there);
    free(there);
}

static struct go_mutex mu;

static void add_locked(int *to)
{
    go_mutex_lock(&mu);
    ++*to;
    go_mutex_unlock(&mu);
}

SCENARIO(locked, .about = "no race", .explore = true)
{
    both(add_locked, &shared);
}

static void make_and_free(int *unused)
{
    int *block = malloc(64);

    (void)unused;
    memset(block, 0, 64);
    block[3] = 1;
    free(block);
}

/* The second gets the block of the first. */
SCENARIO(reused, .about = "memory that is somebody else's now", .explore = true)
{
    both(make_and_free, NULL);
}

static void once_more(int *unused)
{
    static _Thread_local int own;

    (void)unused;
    own++;
}

SCENARIO(of_thread, .about = "a variable of the thread", .explore = true)
{
    both(once_more, NULL);
}
