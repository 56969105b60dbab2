/*
 * unborn_test.c - goroutines that have not run yet have no stack, and nobody
 * can tell: not a look, not who asks for one by its number.
 */
#include "runtime/sched/unborn.h"

#include <string.h>

#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "tests/inside.h"

enum {
    BATCH = 10, /* fewer than there are descriptors, in debug builds too */
    CROWD = 5000,
};

static int order[BATCH], norder;

static void note(int i)
{
    order[norder++] = i;
}

static uint32_t unborn(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < rt_unborn_slots(); i++)
        n += rt_unborn_at(i) != NULL;
    return n;
}

static void spawn_batch(void)
{
    norder = 0;
    for (int i = 0; i < BATCH; i++)
        go(note, i);
}

INSIDE_TEST(unborn, a_batch_runs_on_the_stacks_of_two)
{
    for (int round = 0; round < 3; round++) {
        uint32_t before = rt_g_slots();

        spawn_batch();
        CHECK_EQ(unborn(), BATCH);
        CHECK_EQ(rt_g_slots(), before);
        let_all_park();
        CHECK_EQ(norder, BATCH);
        CHECK_EQ(unborn(), 0);
        CHECK(rt_g_slots() <= 3); /* main's is the third */
    }
}

static uint32_t runnable(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < rt_g_slots(); i++)
        n += rt_g_at(i) && rt_g_status(rt_g_at(i)) == RT_G_RUNNABLE;
    return n;
}

INSIDE_TEST(unborn, a_stopped_world_has_all_born_and_in_their_order)
{
    int as_ever[BATCH];

    spawn_batch();
    let_all_park();
    memcpy(as_ever, order, sizeof(order));
    spawn_batch();
    CHECK(rt_world_stop(NULL));
    CHECK_EQ(unborn(), 0);
    CHECK_EQ(runnable(), BATCH);
    rt_world_start();
    let_all_park();
    CHECK_EQ(norder, BATCH);
    CHECK(!memcmp(as_ever, order, sizeof(order)));
}

/* From the middle of a queue, and from run-next. */
INSIDE_TEST(unborn, who_is_asked_for_is_born_and_in_its_place)
{
    uint64_t first = go_self() + 1;
    int as_ever[BATCH];

    spawn_batch();
    let_all_park();
    memcpy(as_ever, order, sizeof(order));
    first += BATCH;
    spawn_batch();
    for (int i = 0; i < BATCH - 1; i += 4) {
        struct g *g = rt_g_find(first + (uint64_t)i);

        CHECK(g && g->id == first + (uint64_t)i);
        CHECK_EQ(rt_g_status(g), RT_G_RUNNABLE);
    }
    CHECK(unborn() < BATCH);
    let_all_park();
    CHECK(!memcmp(as_ever, order, sizeof(order)));
    spawn_batch();
    CHECK(rt_g_find(first + 2 * BATCH - 1));
    let_all_park();
    CHECK_EQ(norder, BATCH);
}

/* Else they could be left without one: rt_stack_plenty. */
INSIDE_TEST(unborn, where_stacks_may_run_out_all_are_born)
{
    uint32_t plenty = rt_stack_plenty;

    rt_store(rt_stack_plenty, rt_s.ng + BATCH / 2);
    spawn_batch();
    CHECK_EQ(unborn(), 0);
    CHECK_EQ(runnable(), BATCH);
    rt_store(rt_stack_plenty, plenty);
    let_all_park();
    CHECK_EQ(norder, BATCH);
}

static struct go_mutex mu;

static void unlocks(void)
{
    go_mutex_unlock(&mu);
}

INSIDE_TEST(unborn, a_lock_can_be_handed_to_who_has_not_run_yet)
{
    go_mutex_lock(&mu);
    go(unlocks);
    go_mutex_hand_over(&mu, go_self() + 1);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
}

static void receives(chan(int) c)
{
    chan_recv(c);
}

static void sends(chan(int) c)
{
    chan_send(c, 1);
}

INSIDE_TEST(unborn, what_only_the_unborn_hold_is_held)
{
    chan(int) c = chan_make(int, 0);

    go(receives, c);
    let_all_park();
    go(sends, c);
    c = NULL;
    CHECK_EQ(go_check(), 0);
    let_all_park();
    CHECK_EQ(go_count(), 1);
}

static void add_one(struct go_atomic *n)
{
    go_atomic_add(n, 1);
}

static void crowd(void)
{
    struct go_waitgroup wg = {0};
    struct go_atomic n = {0};

    for (int i = 0; i < CROWD; i++)
        go_waitgroup_go(&wg, add_one, &n);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&n), CROWD);
    CHECK_EQ(unborn(), 0);
}

Test(unborn, a_crowd_beyond_the_descriptors_runs)
{
    for (int procs = 1; procs <= 4; procs *= 2)
        INSIDE_REAL(crowd, procs);
}

static void crowd_looked_at(void)
{
    for (int i = 0; i < 20; i++) {
        struct go_waitgroup wg = {0};
        struct go_atomic n = {0};

        for (int k = 0; k < CROWD / 20; k++) {
            go_waitgroup_go(&wg, add_one, &n);
            if (k % 50 == 0) {
                CHECK(rt_world_stop(NULL));
                CHECK_EQ(unborn(), 0);
                rt_world_start();
            }
        }
        go_waitgroup_wait(&wg);
        CHECK_EQ(go_atomic_load(&n), CROWD / 20);
    }
}

Test(unborn, nobody_is_lost_by_stops)
{
    for (int procs = 1; procs <= 4; procs *= 2)
        INSIDE_REAL(crowd_looked_at, procs);
}
