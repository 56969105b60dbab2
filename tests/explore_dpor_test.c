/* explore_dpor_test.c - as few executions as there are differences, no fewer. */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/dpor.h"
#include "tests/lockers.h"
#include "tests/strategic.h"

/* How many executions it takes to complete, all of them to be counted. */
static uint64_t completed(void (*body)(void), struct strategic *t)
{
    *t = (struct strategic){.kind = &hn_dpor, .most = 100000};
    strategic_run(t, body);
    cr_assert(t->over, "it has not ended");
    return t->executions;
}

/* ---- as many as there must be --------------------------------------------*/

static uint64_t orders(int ntasks, int nsections)
{
    struct strategic t;

    lockers_tasks = ntasks;
    lockers_sections = nsections;
    completed(lockers, &t);
    cr_assert_eq(t.ended[GO_END_CLEAN], t.executions);
    return t.executions;
}

Test(dpor, critical_sections_in_every_order)
{
    cr_assert_eq(orders(2, 2), 6);
    cr_assert_eq(orders(2, 3), 20);
    cr_assert_eq(orders(3, 2), 90);
    cr_assert_eq(orders(3, 3), 1680);
    cr_assert_eq(orders(3, 4), 34650);
}

static int room;

static void producer(chan(int) c, int n)
{
    for (int i = 0; i < n; i++)
        chan_send(c, i);
}

static void producers(void)
{
    chan(int) c = chan_make(int, room);

    go(producer, c, 3);
    go(producer, c, 3);
    for (int i = 0; i < 6; i++)
        chan_recv(c);
}

Test(dpor, sends_in_every_order_however_much_room_there_is)
{
    struct strategic t;
    static const int rooms[] = {0, 1, 2, 6};

    for (int i = 0; i < 4; i++) {
        room = rooms[i];
        cr_assert_eq(completed(producers, &t), 20, "%d: %d", room,
                     (int)t.executions);
        cr_assert_eq(t.ended[GO_END_CLEAN], 20);
    }
}

static struct go_mutex fork_of[5];
static int nphilosophers;

static void philosopher(int i)
{
    struct go_mutex *a = &fork_of[i], *b = &fork_of[(i + 1) % nphilosophers];

    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

static void philosophers(void)
{
    struct go_waitgroup wg = {0};

    memset(fork_of, 0, sizeof(fork_of));
    for (int i = 0; i < nphilosophers; i++)
        go_waitgroup_go(&wg, philosopher, i);
    go_waitgroup_wait(&wg);
}

Test(dpor, philosophers_eat_in_every_order_of_neighbours)
{
    struct strategic t;

    for (nphilosophers = 2; nphilosophers <= 5; nphilosophers++) {
        uint64_t n = completed(philosophers, &t);

        cr_assert_eq(n, (1u << nphilosophers) - 1, "%d: %d", nphilosophers,
                     (int)n);
        cr_assert_eq(t.ended[GO_END_STUCK], 1);
    }
}

static void worker(struct go_waitgroup *wg, chan(int) c, int i)
{
    chan_send(c, i);
    go_waitgroup_done(wg);
}

static void closer(struct go_waitgroup *wg, chan(int) c)
{
    go_waitgroup_wait(wg);
    chan_close(c);
}

static void workers_and_close(void)
{
    chan(int) c = chan_make(int, 1);
    struct go_waitgroup wg = {0};
    int v;

    go_waitgroup_add(&wg, 3);
    for (int i = 0; i < 3; i++)
        go(worker, &wg, c, i);
    go(closer, &wg, c);
    while (chan_recv_ok(c, &v))
        ;
}

Test(dpor, three_workers_and_a_close_have_six)
{
    struct strategic t;

    cr_assert_eq(completed(workers_and_close, &t), 6, "%d", (int)t.executions);
    cr_assert_eq(t.ended[GO_END_CLEAN], 6);
}
