/*
 * cond_waiter_left - one signal for three waiters.
 *
 * Pattern: signal where broadcast is meant. Expected: LEAK(2). Origin:
 * classic.
 */
#include <vigil/scenario.h>

static struct go_mutex mu;
static struct go_cond opened;
static bool open;

static void visitor(void)
{
    go_mutex_lock(&mu);
    while (!open)
        go_cond_wait(&opened, &mu);
    go_mutex_unlock(&mu);
}

SCENARIO(cond_waiter_left, .about = "signal instead of broadcast",
         .expect = EXPECT_LEAK(2))
{
    for (int i = 0; i < 3; i++)
        go(visitor);
    go_sleep(GO_MILLISECOND); /* all three wait */
    go_mutex_lock(&mu);
    open = true;
    go_cond_signal(&opened);
    go_mutex_unlock(&mu);
}
