/*
 * cond_waiter_left - the twin: broadcast.
 *
 * Expected: CLEAN.
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

SCENARIO(cond_waiter_left, .about = "broadcast wakes all")
{
    for (int i = 0; i < 3; i++)
        go(visitor);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&mu);
    open = true;
    go_cond_broadcast(&opened);
    go_mutex_unlock(&mu);
}
