/* world_test.c - who comes for the stopped world has it in turn. */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"

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

Test(world, who_sleeps_for_it_comes_before_who_comes_back, .timeout = 60)
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
