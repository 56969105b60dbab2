/*
 * sched_test.c - who runs next, and that nobody is forgotten: run-next, the
 * queues, stealing, blocking calls, foreign threads.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "runtime/sched/sched.h"
#include "tests/inside.h"

/* TSan has room for 8,128 goroutines at a time. */
#ifdef __SANITIZE_THREAD__
enum {
    CROWD = 5000,
    FAMILY = 300,
    CHANGES = 4
};
#else
enum {
    CROWD = 100000,
    FAMILY = 1000,
    CHANGES = 30
};
#endif

static struct go_atomic turns;

static void talk(chan(int) in, chan(int) out, int n)
{
    for (int i = 0; i < n; i++)
        chan_send(out, chan_recv(in) + 1);
}

static void bystander(void)
{
    go_atomic_add(&turns, 1);
}

static _Atomic(bool) freed;

static void frees(void)
{
    freed = true;
}

static void computes(void)
{
    go(frees); /* behind us, on this worker */
    while (!freed)
        ;
}

/* The other worker is never idle, so it does not steal either. */
static void yields_till_free(void)
{
    go(computes);
    while (!freed)
        go_yield();
}
Test(sched, who_computes_does_not_hold_back_what_is_queued_behind)
{
    INSIDE_REAL(yields_till_free, 2);
}

/* Two that wake each other all the time would hold the worker for ever. */
INSIDE_TEST(sched, a_conversation_does_not_starve_others)
{
    chan(int) a = chan_make(int, 0), b = chan_make(int, 0);

    go(talk, a, b, 1000);
    go(bystander);
    for (int i = 0; i < 1000; i++) {
        chan_send(a, i);
        CHECK_EQ(chan_recv(b), i + 1);
    }
    CHECK_EQ(go_atomic_load(&turns), 1);
}

static void respawn(int left)
{
    if (left > 0)
        go(respawn, left - 1);
}

static void count_down(struct go_atomic *left)
{
    while (go_atomic_add(left, -1) > 0)
        go_yield();
}

INSIDE_TEST(sched, newer_goroutines_do_not_starve_older)
{
    struct go_atomic left = {3};

    go(count_down, &left);
    go(respawn, 100000);
    while (go_atomic_load(&left) > 0)
        go_yield();
}

/* Each of a chain spawns two: one that ends, and the next. */
static void chain(int left, struct go_atomic *newer)
{
    go_atomic_add(newer, 1);
    if (left == 0 || go_atomic_load(&turns))
        return;
    go(chain, left - 1, newer);
    go(chain, 0, newer);
}

INSIDE_TEST(sched, the_oldest_has_its_turn_while_newer_ones_never_end)
{
    struct go_atomic newer = {0};

    go_atomic_store(&turns, 0);
    go(bystander);
    go(chain, 1000000, &newer);
    while (go_atomic_load(&turns) == 0)
        go_yield();
    CHECK(go_atomic_load(&newer) < 1000000);
}

static void node(chan(int) up, int leaves)
{
    chan(int) below;
    int sum = 0;

    if (leaves == 1) {
        chan_send(up, 1);
        return;
    }
    below = chan_make(int, 0);
    for (int i = 0; i < 10; i++)
        go(node, below, leaves / 10);
    for (int i = 0; i < 10; i++)
        sum += chan_recv(below);
    chan_free(below);
    chan_send(up, sum);
}

INSIDE_TEST(sched, a_tree_is_walked_depth_first)
{
    chan(int) sum = chan_make(int, 0);
    int leaves = CROWD == 100000 ? 100000 : 1000;

    go(node, sum, leaves);
    CHECK_EQ(chan_recv(sum), leaves);
    chan_free(sum);
    CHECK(rt_g_slots() < 1000); /* on as many stacks: wide, it is all */
}

static void add_one(struct go_waitgroup *wg, struct go_atomic *sum)
{
    go_atomic_add(sum, 1);
    go_waitgroup_done(wg);
}

static void spawn_many(struct go_waitgroup *wg, struct go_atomic *sum)
{
    for (int i = 0; i < FAMILY; i++)
        go(add_one, wg, sum);
    go_waitgroup_done(wg);
}

static void every_goroutine_runs_once(void)
{
    struct go_waitgroup wg = {0};
    struct go_atomic sum = {0};

    go_waitgroup_add(&wg, 20 * (FAMILY + 1));
    for (int i = 0; i < 20; i++)
        go(spawn_many, &wg, &sum);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&sum), 20 * FAMILY);
}

Test(sched, each_goroutine_runs_once_whatever_the_workers)
{
    for (int procs = 1; procs <= 8; procs *= 2)
        INSIDE_REAL(every_goroutine_runs_once, procs);
}

static int wait_for(struct go_atomic *flag)
{
    while (!go_atomic_load(flag))
        sched_yield();
    return 42;
}

static void set(struct go_atomic *flag)
{
    go_atomic_store(flag, 1);
}

/* With one worker, who blocks the thread must have given it up before. */
INSIDE_TEST(sched, a_blocking_call_lets_others_run)
{
    struct go_atomic flag = {0};

    go(set, &flag);
    CHECK_EQ(go_blocking(wait_for, &flag), 42);
}

static GO_CHAN(int) from_thread;

static void *foreign_sender(void *arg)
{
    (void)arg;
    for (int i = 0; i < 1000; i++)
        while (!chan_try_send(from_thread, i))
            sched_yield();
    chan_close(from_thread);
    return NULL;
}

static void receive_from_thread(void)
{
    pthread_t thread;
    int next = 0;

    from_thread = chan_make(int, 4);
    CHECK_EQ(pthread_create(&thread, NULL, foreign_sender, NULL), 0);
    chan_range(v, from_thread)
        CHECK_EQ(v, next++);
    CHECK_EQ(next, 1000);
    go_blocking(pthread_join, thread, (void **)NULL);
}

Test(sched, a_thread_may_do_what_does_not_park)
{
    for (int procs = 1; procs <= 4; procs *= 2)
        INSIDE_REAL(receive_from_thread, procs);
}

static void spin(struct go_atomic *stop, struct go_atomic *spins)
{
    while (!go_atomic_load(stop))
        go_atomic_add(spins, 1);
}

/* What spins never enters the scheduler: only the signal stops it. */
static void world_stops(void)
{
    static struct go_atomic stop, spins; /* who spins may outlive us */

    go_atomic_store(&stop, 0);
    go_atomic_store(&spins, 0);
    go(spin, &stop, &spins);
    while (!go_atomic_load(&spins))
        go_yield();
    for (int i = 0; i < 50; i++) {
        int64_t before;

        CHECK(rt_world_stop(NULL));
        before = go_atomic_load(&spins);
        for (int k = 0; k < 1000; k++)
            sched_yield();
        if (go_atomic_load(&spins) != before) {
            rt_world_start();
            CHECK(!"somebody ran while the world was stopped");
        }
        rt_world_start();
    }
    go_atomic_store(&stop, 1);
}

Test(sched, nobody_runs_while_the_world_is_stopped)
{
    INSIDE_REAL(world_stops, 2);
    INSIDE_REAL(world_stops, 4);
}

static void change_procs(void)
{
    for (int i = 0; i < CHANGES; i++) {
        go_set_procs(1 + i % 5);
        every_goroutine_runs_once();
    }
}

Test(sched, no_goroutine_is_lost_when_workers_come_and_go)
{
    INSIDE_REAL(change_procs, 1);
}

static void recurse(int depth, chan(int) done)
{
    volatile char frame[400];

    frame[0] = (char)depth;
    if (depth == 0)
        chan_send(done, 1);
    else
        recurse(depth - 1, done);
    frame[1] = frame[0];
}

static void too_deep(void)
{
    recurse(1 << 20, NULL);
}

/* It ends by a panic that says so. */
static void overflows(void (*body)(void), const char *words)
{
    struct go_outcome outcome = {0};
    const struct go_run run = body_program(body, &outcome);

    cr_assert_eq(go_run(&run), 2);
    cr_assert(strstr(outcome.panic, words), "panic \"%s\"", outcome.panic);
}

Test(sched, a_stack_overflow_is_told_as_such)
{
    overflows(too_deep, "stack overflow: goroutine 1");
}

/* Touched at its low end only: far below all stacks. */
static void too_large(void)
{
    char frame[1 << 20];

    go_name("large");
    *(volatile char *)frame = 1;
}

static void starts_large(void)
{
    go_name("main");
    go(too_large);
    go_sleep(GO_MILLISECOND);
}

Test(sched, a_frame_larger_than_its_stack_is_told_as_such)
{
    overflows(starts_large, "stack overflow: goroutine 2");
}

static void crowd(void)
{
    chan(int) c = chan_make(int, 0);

    for (int i = 0; i < CROWD; i++)
        go(recurse, 0, c);
    CHECK_EQ(go_count(), CROWD + 1);
    for (int i = 0; i < CROWD; i++)
        chan_recv(c);
}

Test(sched, a_crowd_of_goroutines_is_made_and_ended)
{
    INSIDE_REAL(crowd, 1);
    INSIDE_REAL(crowd, 2);
}
