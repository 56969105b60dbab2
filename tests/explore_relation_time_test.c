/*
 * explore_relation_time_test.c - the same for contexts, time, atomics and
 * numbers.
 */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "tests/explored.h"

#define SAW(i, v) (explored_saw[i] = (v))

static struct go_mutex mutex;
static int turn;
static chan(int) chan_a;

static void lock_and_note(int i)
{
    go_mutex_lock(&mutex);
    SAW(i, ++turn);
    go_mutex_unlock(&mutex);
}

static void send_a(int v)
{
    chan_send(chan_a, v);
}

static struct go_context *context;

static void cancel(void)
{
    go_context_cancel(context);
}

static void done_or_value(int i)
{
    int k = go_select(GO_RECV(go_context_done(context), NULL),
                      GO_RECV(chan_a, NULL), GO_DEFAULT);

    SAW(i, 1 + k);
}

static void ask(int i)
{
    SAW(i, 1 - go_context_err(context));
}

static void derive(int i)
{
    struct go_context *child = go_context_with_cancel(context);

    SAW(i, 1 + chan_try_recv(go_context_done(child), NULL));
}

static void contexts(void)
{
    chan_a = chan_make(int, 1);
    context = go_context_with_cancel(go_context_background());
    go(cancel);
    go(send_a, 1);
    go(done_or_value, 0);
    go(ask, 1);
    go(derive, 2);
}

static struct go_timer *timer;

static void stop_it(int i)
{
    go_sleep(10);
    SAW(i, 1 + go_timer_stop(timer));
}

static void expire(int i)
{
    SAW(i, 1 + go_select(GO_RECV(timer->c, NULL), GO_RECV(go_after(20), NULL)));
}

static void timers(void)
{
    timer = go_timer_new(10);
    go(stop_it, 0);
    go(expire, 1);
}

static void hold_and_sleep(void)
{
    go_mutex_lock(&mutex);
    go_sleep(10);
    turn = 1;
    go_mutex_unlock(&mutex);
}

static void sleeper_with_lock(void)
{
    mutex = (struct go_mutex){0};
    turn = 0;
    go(hold_and_sleep);
    go(lock_and_note, 0);
}

static struct go_atomic atom;

static void bump(int i)
{
    int64_t v = go_atomic_load(&atom);

    go_atomic_store(&atom, v + 1);
    SAW(i, (int)go_atomic_load(&atom));
}

static void atomics(void)
{
    go_atomic_store(&atom, 0);
    go(bump, 0);
    go(bump, 1);
}

static int fails(int how)
{
    go_mutex_lock(&mutex);
    go_mutex_unlock(&mutex);
    return how;
}

static void errgroups(void)
{
    struct go_errgroup g = {0};

    mutex = (struct go_mutex){0};
    go_errgroup_go(&g, fails, -1);
    go_errgroup_go(&g, fails, -2);
    SAW(0, go_errgroup_wait(&g));
}

static void draw(int i)
{
    go_mutex_lock(&mutex);
    SAW(i, 1 + go_choose(3));
    turn = 10 * turn + i;
    go_mutex_unlock(&mutex);
    SAW(2, turn);
}

static void numbers(void)
{
    mutex = (struct go_mutex){0};
    turn = 0;
    go(draw, 0);
    go(draw, 1);
}

Test(relation_time, contexts_time_atomics_and_numbers)
{
    explored_same("contexts", contexts, 0, 12);
    explored_same("timers", timers, 0, 2);
    explored_same("a sleeper with a lock", sleeper_with_lock, 0, 2);
    explored_same("atomics", atomics, 0, 4);
    explored_same("a group's error", errgroups, 0, 2);
    explored_same("numbers", numbers, 0, 18);
}

static void sleep_and_note(int i, int d)
{
    go_sleep(d);
    SAW(i, (int)go_now());
}

/* Who arms later, after the other's has fired, wakes later. */
static void sleepers(void)
{
    go(sleep_and_note, 0, 1);
    go(sleep_and_note, 1, 2);
}

Test(relation_time, timers_that_fire_early)
{
    explored_same("timers", timers, 2, 2);
    explored_same("a sleeper with a lock", sleeper_with_lock, 1, 2);
    explored_same("sleepers", sleepers, 0, 1);
    explored_same("sleepers", sleepers, 1, 3);
}

static struct go_mutex own[2];
static go_duration patience;

static void lock_own(int i)
{
    go_mutex_lock(&own[i]);
    go_mutex_unlock(&own[i]);
}

static void two_beside_a_sleeper(void)
{
    memset(own, 0, sizeof(own));
    go(lock_own, 0);
    go(lock_own, 1);
    go_sleep(patience);
}

Test(relation_time, nothing_is_turned_round_for_a_timer_that_is_never_early)
{
    patience = GO_HOUR;
    explored_run_early(two_beside_a_sleeper, 1);
    cr_assert_gt(explored_clever.executions, 1);
    patience = GO_HOUR + 1;
    explored_run_early(two_beside_a_sleeper, 1);
    cr_assert_eq(explored_clever.executions, 1);
    cr_assert(explored_clever.complete);
}
