/*
 * once_waiter - an initialiser that never returns holds up all who come.
 *
 * Pattern: connects within a once, and the other side does not answer.
 * Expected: LEAK(2): the runner on its channel, the waiter on the runner.
 */
#include <vigil/scenario.h>

static struct go_once once;

static void connect_to(chan(bool) up)
{
    chan_recv(up);
}

static void use(chan(bool) up)
{
    go_once_do(&once, connect_to, up);
}

SCENARIO(once_waiter, .about = "a once that is never done",
         .expect = EXPECT_LEAK(2))
{
    chan(bool) up = chan_make(bool, 0);

    go(use, up);
    go(use, up);
}
