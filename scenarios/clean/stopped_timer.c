/*
 * stopped_timer - the twin: main has the timer still, and sets it again.
 *
 * Looks stuck: no timer is armed, and who waits is the only one that knows the
 * channel. Is not: it is an argument of a stopped timer, which can be reset.
 * Expected: CLEAN, and no early alarm.
 */
#include <errno.h>
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, -ETIMEDOUT);
}

static void wait(chan(int) c)
{
    CHECK_EQ(chan_recv(c), -ETIMEDOUT);
}

FORGETS static struct go_timer *call_off(void)
{
    chan(int) c = chan_make(int, 0);
    struct go_timer *t = go_after_func(GO_MINUTE, answer, c);

    go(wait, c);
    CHECK(go_timer_stop(t));
    return t;
}

SCENARIO(stopped_timer, .about = "a stopped timer is set again")
{
    struct go_timer *t = call_off();

    look_in_vain();
    CHECK(!go_timer_reset(t, GO_SECOND));
    go_sleep(2 * GO_SECOND);
    go_timer_free(t);
}
