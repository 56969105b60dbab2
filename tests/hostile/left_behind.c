/*
 * left_behind.c - somebody goes on behind main's return, or waits for a time:
 * which is mild; and some schedules of the same program fail in a graver way.
 */
#include <vigil/scenario.h>

static struct go_atomic never;
static struct go_mutex a, b;

static void spin(void)
{
    while (!go_atomic_load(&never))
        go_yield();
}

static void tick(void)
{
    struct go_ticker *t = go_ticker_new(GO_SECOND);

    chan_range(now, t->c) {
        (void)now;
    }
}

static void beat(void)
{
    for (;;)
        go_sleep(GO_SECOND);
}

static void try_again(void)
{
    for (;;)
        go_select(GO_RECV(go_after(GO_SECOND), NULL));
}

static void lock_two(struct go_mutex *one, struct go_mutex *two)
{
    go_mutex_lock(one);
    go_mutex_lock(two);
    go_mutex_unlock(two);
    go_mutex_unlock(one);
}

static void both_ways(void (*behind)(void), struct go_mutex *one,
                      struct go_mutex *two)
{
    struct go_waitgroup wg = {0};

    go(behind);
    go_waitgroup_go(&wg, lock_two, one, two);
    go_waitgroup_go(&wg, lock_two, &a, &b);
    go_waitgroup_wait(&wg);
}

#define LEFT_BEHIND(name, behind)                                              \
    SCENARIO(name##_and_ring, .about = "a ring of locks beside it",            \
             .expect = EXPECT_DEADLOCK)                                        \
    {                                                                          \
        both_ways(behind, &b, &a);                                             \
    }                                                                          \
    SCENARIO(name##_alone, .about = "one order", .expect = EXPECT_LEFT(1))     \
    {                                                                          \
        both_ways(behind, &a, &b);                                             \
    }

LEFT_BEHIND(left, spin)
LEFT_BEHIND(ticks, tick)
LEFT_BEHIND(beats, beat)
LEFT_BEHIND(tries, try_again)

static struct go_mutex mine;
static struct go_atomic cancelled;

static void answer(void)
{
    go_mutex_lock(&mine);
    if (go_atomic_load(&cancelled))
        go_mutex_lock(&mine); /* for ever */
    go_mutex_unlock(&mine);
}

static void cancel(void)
{
    go_atomic_store(&cancelled, 1);
}

/* The answer, or the cancel that comes before it. */
static void ask(void)
{
    go(answer);
    go(cancel);
}

SCENARIO(ticks_and_leak, .about = "somebody is stuck beside it",
         .expect = EXPECT_LEAK(1))
{
    go(tick);
    ask();
}

/* All three ways to fail. */
SCENARIO(gravest, .expect = EXPECT_DEADLOCK)
{
    ask();
    both_ways(tick, &b, &a);
}
