/*
 * select_default - a select that does not wait.
 *
 * Expected: CLEAN; default is taken while nobody is ready, the case as soon
 * as somebody is.
 */
#include "scenarios/check.h"

static void sender(chan(int) c)
{
    chan_send(c, 42);
}

SCENARIO(select_default, .about = "default when nobody is ready")
{
    chan(int) c = chan_make(int, 0);
    int v = 0;

    CHECK_EQ(go_select(GO_RECV(c, &v), GO_DEFAULT), 1);
    CHECK_EQ(go_select(GO_DEFAULT, GO_SEND(c, 1)), 0);
    go(sender, c);
    go_sleep(GO_MILLISECOND); /* it waits in its send */
    CHECK_EQ(go_select(GO_RECV(c, &v), GO_DEFAULT), 0);
    CHECK_EQ(v, 42);
}
