/*
 * explore_relation_waits_test.c - the same as explore_relation_test.c, of all that
 * waits but locks and channels.
 */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "tests/explored.h"

#define SAW(i, v) (explored_saw[i] = (v))

static int turn;
static struct go_mutex mutex;
static struct go_waitgroup group;
static struct go_cond cond;
static struct go_semaphore units;
static struct go_barrier barrier;

static void wait_and_note(int i)
{
    go_waitgroup_wait(&group);
    SAW(i, 1 + turn);
}

static void one_more(void)
{
    go_waitgroup_add(&group, 1);
    turn = 1;
    go_waitgroup_done(&group);
}

static void groups(void)
{
    group = (struct go_waitgroup){0};
    turn = 0;
    go(wait_and_note, 0);
    go(one_more);
}

static void done_too_often(void)
{
    go_mutex_lock(&mutex);
    go_mutex_unlock(&mutex);
    go_waitgroup_done(&group);
}

static void negative(void)
{
    group = (struct go_waitgroup){0};
    mutex = (struct go_mutex){0};
    go(one_more);
    go(done_too_often);
}

static void await(int i)
{
    go_mutex_lock(&mutex);
    go_cond_wait(&cond, &mutex);
    SAW(i, ++turn);
    go_mutex_unlock(&mutex);
}

static void waiters(void)
{
    mutex = (struct go_mutex){0};
    cond = (struct go_cond){0};
    turn = 0;
    go(await, 0);
    go(await, 1);
}

static void one_signal(void)
{
    waiters();
    go_cond_signal(&cond);
}

static void one_broadcast(void)
{
    waiters();
    go_cond_broadcast(&cond);
}

static void acquire_and_note(int i, int n)
{
    go_semaphore_acquire(&units, n);
    SAW(i, ++turn);
    go_semaphore_release(&units, n);
}

static void semaphores(void)
{
    units = GO_SEMAPHORE(2);
    turn = 0;
    go(acquire_and_note, 0, 2);
    go(acquire_and_note, 1, 1);
    go(acquire_and_note, 2, 1);
}

static void try_acquire(int i)
{
    SAW(i, 1 + go_semaphore_tryacquire(&units, 1));
}

static void semaphore_and_try(void)
{
    units = GO_SEMAPHORE(1);
    turn = 0;
    go(acquire_and_note, 0, 1);
    go(try_acquire, 1);
}

static void run_once(int i)
{
    turn = i;
}

static struct go_once once;

static void do_once(int i)
{
    go_once_do(&once, run_once, i);
    SAW(i, turn);
}

static void onces(void)
{
    once = (struct go_once){0};
    for (int i = 1; i <= 3; i++)
        go(do_once, i);
}

static void meet_at_barrier(int i)
{
    SAW(i, 1 + go_barrier_wait(&barrier));
}

static void barriers(void)
{
    barrier = GO_BARRIER(2);
    for (int i = 0; i < 3; i++)
        go(meet_at_barrier, i);
}

Test(relation_waits, whatever_waits)
{
    explored_same("a group", groups, 0, 2);
    explored_same("a negative group", negative, 0, 1);
    explored_same("a signal", one_signal, 0, 3);
    explored_same("a broadcast", one_broadcast, 0, 5);
    explored_same("semaphores", semaphores, 0, 6);
    explored_same("a semaphore and a try", semaphore_and_try, 0, 3);
    explored_same("a once", onces, 0, 3);
    explored_same("a barrier", barriers, 0, 6);
}
