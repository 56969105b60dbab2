/*
 * remembers.c - scenarios that keep state from one execution to the next, or
 * would: for tests of exploration.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

static int global = 1;
static int *block;
static __thread int own = 3;

static void work(int by)
{
    static struct go_mutex mutex;
    static int sum;

    go_mutex_lock(&mutex);
    sum += by;
    global += sum;
    own += by;
    *block += by;
    go_mutex_unlock(&mutex);
}

/* The environment is not set back, so it can tell. */
static void is_as_ever(const char *name, void *p)
{
    char now[32];

    snprintf(now, sizeof(now), "%p", p);
    if (getenv(name) && strcmp(getenv(name), now) != 0)
        go_panic("%s was at %s, is at %s", name, getenv(name), now);
    setenv(name, now, 1);
}

SCENARIO(variables, .about = "panics unless they are as the source says",
         .explore = true)
{
    static int calls;
    struct go_waitgroup wg = {0};
    int sum = 0;

    if (calls++ || global != 1 || own != 3 || block)
        go_panic("call %d, %d %d %p", calls, global, own, (void *)block);
    block = &sum;
    for (int i = 1; i <= 3; i++)
        go_waitgroup_go(&wg, work, i);
    go_waitgroup_wait(&wg);
    if (sum != 6)
        go_panic("the sum is %d", sum);
}

SCENARIO(state, .about = "and its blocks as they were in the first execution",
         .explore = true)
{
    static int calls;
    struct go_waitgroup wg = {0};

    if (calls++ || global != 1 || own != 3 || block)
        go_panic("call %d, %d %d %p", calls, global, own, (void *)block);
    block = malloc(sizeof(*block));
    is_as_ever("SMALL", block);
    is_as_ever("LARGE", malloc(1 << 20));
    if (*block)
        go_panic("a block has %d in it", *block);
    for (int i = 1; i <= 4; i++)
        go_waitgroup_go(&wg, work, i);
    go_waitgroup_wait(&wg);
    if (*block != 10)
        go_panic("the sum is %d", *block);
}

static void two(struct go_mutex *a, struct go_mutex *b)
{
    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

/* Which of the two is the lower one is the heap's choice. */
static void in_both_orders(struct go_mutex *a, struct go_mutex *b, bool really)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, two, a, b);
    if (really)
        go_waitgroup_go(&wg, two, b, a);
    go_waitgroup_wait(&wg);
}

SCENARIO(lower_first, .about = "a deadlock if blocks have ascending addresses",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

    in_both_orders(a, b, a < b);
}

SCENARIO(higher_first, .about = "and if they have descending ones",
         .explore = true)
{
    struct go_mutex *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

    in_both_orders(a, b, a > b);
}
