/*
 * once_waiter - the twin: the answer comes, or the wait ends by itself.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_once once;
static struct go_atomic calls;

static void connect_to(chan(bool) up)
{
    go_atomic_add(&calls, 1);
    go_select(GO_RECV(up, NULL), GO_RECV(go_after(GO_SECOND), NULL));
}

static void use(chan(bool) up)
{
    go_once_do(&once, connect_to, up);
}

SCENARIO(once_waiter, .about = "a once with a time-out")
{
    struct go_waitgroup wg = {0};
    chan(bool) up = chan_make(bool, 0);

    go_waitgroup_go(&wg, use, up);
    go_waitgroup_go(&wg, use, up);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&calls), 1);
    CHECK_EQ(go_now(), GO_SECOND);
}
