/* world_test.c - who comes for the stopped world has it in turn. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <vigil/go.h>

#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"
#include "tests/inside.h"

enum {
    ROUNDS = 20
};

/* Guarded by the world lock, but for asks. */
static struct {
    bool asks;   /* [atomic] the tick thread is on its way to the lock */
    bool sleeps; /* for the lock, at the end of a worker's look */
    int rounds;  /* that it has had the lock after that */
    int again;   /* looks of who had one already while it slept */
} seen;
static _Thread_local int looked = -1; /* in which round */

/* A look of a worker, which has the world lock: one may stand in line since
   before, but none has two. */
static bool looks(bool main_ended, int64_t next)
{
    (void)main_ended;
    (void)next;
    if (!rt_m() || !rt_load(seen.asks))
        return false;
    while (rt_load(rt_s.world) != 2)
        continue;
    seen.again += looked == seen.rounds;
    looked = seen.rounds;
    seen.sleeps = true;
    return false;
}

static void stops(void)
{
    rt_store(seen.asks, true);
    rt_world_stop(NULL);
    rt_store(seen.asks, false);
    seen.rounds += seen.sleeps;
    seen.sleeps = false;
    rt_world_start();
}

/* The clock goes from look to look. */
static void ticks_on(void)
{
    while (rt_load(seen.rounds) < ROUNDS)
        go_sleep(GO_MILLISECOND);
}

Test(world, who_sleeps_for_it_comes_before_who_comes_back)
{
    static const struct rt_hooks hooks = {.quiescent = looks, .tick = stops};
    struct rt_config config = {
        .procs = 1, .seed = 1, .clock_virtual = true, .hooks = &hooks};
    struct go_call call = {.fn = (go_fn *)ticks_on};
    const char *why = NULL;

    cr_assert_eq(rt_boot(&config, &why), 0, "%s", why ? why : "no reason");
    cr_assert_eq(rt_run(&call, GO_SITE("world")), RT_END_RETURNED);
    rt_halt();
    cr_assert_eq(seen.again, 0, "%d looks came before", seen.again);
}

/* ---- who decides that all is at rest --------------------------------------- */

static bool held, slept; /* [atomic] the world lock; all rounds are over */

static void *hold(void *unused)
{
    rt_world_lock();
    __atomic_store_n(&held, true, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&slept, __ATOMIC_ACQUIRE))
        sched_yield();
    rt_world_unlock();
    return unused;
}

static void sleep_often(void)
{
    for (int i = 0; i < ROUNDS; i++)
        go_sleep(2 * GO_MILLISECOND);
    __atomic_store_n(&slept, true, __ATOMIC_RELEASE);
}

/* As a look does that takes long: whoever finds all idle would like to decide,
   and can not. */
static void sleep_beside_one_who_holds_it(void)
{
    pthread_t holder;

    CHECK(pthread_create(&holder, NULL, hold, NULL) == 0);
    while (!__atomic_load_n(&held, __ATOMIC_ACQUIRE))
        go_yield();
    sleep_often();
    CHECK(rt_s.nm <= 4); /* one waits, one polls, one runs */
    pthread_join(holder, NULL);
}

Test(world, one_alone_waits_for_it_to_decide)
{
    run_inside(sleep_beside_one_who_holds_it, false, 1);
}
