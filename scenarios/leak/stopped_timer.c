/*
 * stopped_timer - the call that would have answered was stopped, and its timer
 * is freed.
 *
 * Pattern: a time-out is called off before anybody else has promised an
 * answer. Expected: LEAK(1), proven while main goes on.
 */
#include <errno.h>
#include "scenarios/check.h"

static void answer(chan(int) c)
{
    chan_send(c, -ETIMEDOUT);
}

static void wait(chan(int) c)
{
    chan_recv(c);
}

FORGETS static void call_off(void)
{
    chan(int) c = chan_make(int, 0);
    struct go_timer *t = go_after_func(GO_MINUTE, answer, c);

    go(wait, c);
    CHECK(go_timer_stop(t));
    go_timer_free(t);
}

SCENARIO(stopped_timer, .about = "a timer that is freed answers nobody",
         .expect = EXPECT_LEAK(1))
{
    call_off();
    look_until_stuck(1);
}
