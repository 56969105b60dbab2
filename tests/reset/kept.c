/*
 * kept.c - scenarios that fail where an execution begins with what another one
 * has left: in variables, in a block from before main, in a library.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

static void lock(struct go_mutex *mu, int *n)
{
    go_mutex_lock(mu);
    ++*n;
    go_mutex_unlock(mu);
}

/* Two orders; panics unless n was 0. */
static void count(int *n)
{
    struct go_waitgroup wg = {0};
    struct go_mutex mu = {0};

    go_waitgroup_go(&wg, lock, &mu, n);
    go_waitgroup_go(&wg, lock, &mu, n);
    go_waitgroup_wait(&wg);
    if (*n != 2)
        go_panic("counted %d", *n);
}

SCENARIO(variable)
{
    static int n;

    count(&n);
}

static int *block;

__attribute__((constructor)) static void begin(void)
{
    block = calloc(1, sizeof(*block));
}

SCENARIO(before)
{
    count(block);
}

#ifdef OWN_LIBRARY
int own_library(void);

SCENARIO(library)
{
    int n = 0;

    count(&n);
    if (own_library() != 1)
        go_panic("called before");
}
#endif

static void wait_for(struct go_mutex *mine, struct go_mutex *other)
{
    for (bool both = false; !both;) {
        go_mutex_lock(mine);
        both = go_mutex_trylock(other);
        if (both)
            go_mutex_unlock(other);
        go_mutex_unlock(mine);
        go_yield();
    }
}

SCENARIO(polite, .expect = EXPECT_LIVELOCK, .explore = true)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, wait_for, &a, &b);
    go_waitgroup_go(&wg, wait_for, &b, &a);
    go_waitgroup_wait(&wg);
}
