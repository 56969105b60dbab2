/*
 * spins_until_timer - a loop that nothing ends but the time.
 *
 * Pattern: polling a flag that a timer sets, and polling the clock. Nothing
 * changes while they spin; then the timer fires. Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void set(struct go_atomic *flag)
{
    go_atomic_store(flag, 1);
}

static void spin(struct go_atomic *flag)
{
    while (!go_atomic_load(flag))
        go_yield();
}

static void poll_clock(void)
{
    go_instant end = go_add(go_now(), 20 * GO_MICROSECOND);

    while (go_instant_before(go_now(), end))
        go_yield();
}

SCENARIO(spins_until_timer, .about = "two spin, until a timer fires",
         .explore = true)
{
    struct go_atomic flag = {0};
    struct go_waitgroup wg = {0};
    struct go_timer *t = go_after_func(GO_MILLISECOND, set, &flag);

    go_waitgroup_go(&wg, spin, &flag);
    go_waitgroup_go(&wg, spin, &flag);
    go_waitgroup_go(&wg, poll_clock);
    go_waitgroup_wait(&wg);
    go_timer_free(t);
}
