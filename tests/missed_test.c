/*
 * missed_test.c - who only tries, again and again, lets those go on that are to
 * make it succeed: on one worker, and without preemption.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/sched/park.h"
#include "runtime/sched/state.h"
#include "tests/inside.h"

static bool helped;
static struct go_mutex mutex;
static struct go_rwmutex rwmutex;
static struct go_semaphore semaphore;

/* Comes to run when who tries has given way, not before. */
static void help(void)
{
    helped = true;
}

#define GIVES_WAY(try)                                                         \
    do {                                                                       \
        int tries = 0;                                                         \
        helped = false;                                                        \
        go(help);                                                              \
        while (!helped && tries <= RT_MISSES) {                                \
            CHECK(!(try));                                                     \
            tries++;                                                           \
        }                                                                      \
        CHECK_EQ(tries, RT_MISSES);                                            \
    } while (0)

INSIDE_TEST(missed, of_so_many_tries_one_yields)
{
    struct go_context *ctx = go_context_with_cancel(go_context_background());
    chan(int) c = chan_make(int, 0);
    int v = 0;

    go_mutex_lock(&mutex);
    go_rwmutex_lock(&rwmutex);
    GIVES_WAY(chan_try_send(c, 1));
    GIVES_WAY(chan_try_recv(c, &v));
    GIVES_WAY(go_select(GO_RECV(c, &v), GO_DEFAULT) == 0);
    GIVES_WAY(go_mutex_trylock(&mutex));
    GIVES_WAY(go_rwmutex_trylock(&rwmutex));
    GIVES_WAY(go_rwmutex_tryrlock(&rwmutex));
    GIVES_WAY(go_semaphore_tryacquire(&semaphore, 1));
    GIVES_WAY(go_context_err(ctx));
    go_rwmutex_unlock(&rwmutex);
    go_mutex_unlock(&mutex);
    go_context_cancel(ctx);
    go_context_free(ctx);
    chan_free(c);
}

INSIDE_TEST(missed, a_switch_begins_the_count_anew)
{
    chan(int) c = chan_make(int, 0);

    helped = false;
    for (int i = 0; i < RT_MISSES - 1; i++)
        CHECK(!chan_try_send(c, 1));
    go_yield();
    go(help);
    for (int i = 0; i < RT_MISSES - 1; i++)
        CHECK(!chan_try_send(c, 1));
    CHECK(!helped);
    CHECK(!chan_try_send(c, 1));
    CHECK(helped);
    chan_free(c);
}

INSIDE_TEST(missed, where_something_is_to_be_handed_out_the_first_yields)
{
    chan(int) c = chan_make(int, 0);

    helped = false;
    go(help);
    __atomic_or_fetch(&rt_s.attention, RT_ATTEND, __ATOMIC_RELAXED);
    CHECK(!chan_try_send(c, 1));
    CHECK(helped);
    chan_free(c);
}

static void polls_timers(void)
{
    struct go_context *ctx =
        go_context_with_timeout(go_context_background(), GO_MILLISECOND);
    chan(go_instant) after = go_after(GO_MILLISECOND);
    chan(int) never = chan_make(int, 0);
    struct go_timer *timer;
    go_instant at = 0;
    int v = 0;

    while (!chan_try_recv(after, &at))
        ;
    CHECK(at >= GO_MILLISECOND);
    while (!go_context_err(ctx))
        ;
    helped = false;
    timer = go_after_func(GO_MILLISECOND, help);
    while (!helped)
        CHECK(go_select(GO_RECV(never, &v), GO_DEFAULT) == 1);
    go_timer_free(timer);
    go_context_free(ctx);
    chan_free(never);
}

Test(missed, a_timer_that_is_polled_fires_on_either_clock)
{
    run_inside(polls_timers, true, 1);
    run_inside(polls_timers, false, 1);
}
