/*
 * order_workers_test.c - lock orders noted on several workers at once: locks
 * in one order for all, messages and joins between, and so no hint, ever.
 */
#include "runtime/base/rng.h"
#include "runtime/monitor/order.h"
#include "tests/ran.h"

enum {
    TASKS = 24,
    STEPS = 400,
    LOCKS = 6
};

static struct ran ran;
static struct go_rwmutex lock[LOCKS];
static struct go_cond cond;
static struct go_mutex mu;
static chan(int) full, empty;

static void nest(struct rt_rng *rng)
{
    uint32_t first = rt_rng_below(rng, LOCKS - 1);
    uint32_t second = first + 1 + rt_rng_below(rng, LOCKS - 1 - first);

    go_rwmutex_lock(&lock[first]);
    if (rt_rng_below(rng, 2)) {
        go_rwmutex_rlock(&lock[second]);
        go_rwmutex_runlock(&lock[second]);
    } else {
        go_rwmutex_lock(&lock[second]);
        go_rwmutex_unlock(&lock[second]);
    }
    go_rwmutex_unlock(&lock[first]);
}

static void task(int n)
{
    struct rt_rng rng = {(uint64_t)n};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < STEPS; i++)
        switch (rt_rng_below(&rng, 5)) {
        case 0:
            chan_try_send(full, i);
            break;
        case 1:
            chan_try_recv(full, NULL);
            break;
        case 2:
            go_select(GO_SEND(empty, i), GO_RECV(empty, NULL), GO_DEFAULT);
            break;
        case 3:
            go_mutex_lock(&mu);
            go_cond_signal(&cond);
            go_mutex_unlock(&mu);
            break;
        default:
            nest(&rng);
        }
    if (n >= 0)
        go_waitgroup_go(&wg, task, -1 - n);
    go_waitgroup_wait(&wg);
}

static void all_tasks(void)
{
    struct go_waitgroup wg = {0};

    full = chan_make(int, 3);
    empty = chan_make(int, 0);
    for (int n = 0; n < TASKS; n++)
        go_waitgroup_go(&wg, task, n);
    go_waitgroup_wait(&wg);
}

Test(order_workers, one_order_for_all_is_never_a_hint)
{
    struct go_run run = RAN_RUN(all_tasks);

    run.procs = 4;
    run.clock_virtual = false;
    ran_run(&ran, run);
    cr_assert_str_eq(ran.outcome.panic, "");
    cr_assert_eq(ran.outcome.verdict, GO_VERDICT_CLEAN, "%s", ran.text);
    cr_assert_eq(ran.outcome.hints, 0);
}
