/*
 * moby_28462 - stop is sent under the lock that who is to stop needs.
 *
 * A monitor goes round: it looks whether it shall stop, else it probes a
 * container under its lock. Who changes the container's state holds that lock
 * while it tells the monitor to stop. A monitor that has just looked waits for
 * the lock, and never looks again. The fix: stop is closed, which waits for
 * nobody.
 *
 * Class: mixed (channel and lock). Expected: LEAK(2) in some schedules: the
 * state change at its send, the monitor at the lock. Origin: GoKer moby_28462.
 */
#include <vigil/scenario.h>

static struct go_mutex container;

static void monitor(chan(bool) stop)
{
    go_name("monitor");
    while (go_select(GO_RECV(stop, NULL), GO_DEFAULT) != 0) {
        go_mutex_lock(&container); /* a probe */
        go_mutex_unlock(&container);
        go_yield(); /* a busy loop */
    }
}

static void change_state(chan(bool) stop)
{
    go_name("state change");
    go_mutex_lock(&container);
    chan_send(stop, true); /* the bug: with the lock held */
    go_mutex_unlock(&container);
}

static void change_state_fixed(chan(bool) stop)
{
    go_name("state change");
    go_mutex_lock(&container);
    chan_close(stop);
    go_mutex_unlock(&container);
}

SCENARIO(moby_28462, .about = "stop is sent with the monitor's lock held",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer moby_28462", .class = "mixed")
{
    chan(bool) stop = chan_make(bool, 0);

    go(monitor, stop);
    go(change_state, stop);
}

SCENARIO(moby_28462_fixed, .about = "stop is closed", .explore = true,
         .origin = "GoKer moby_28462", .class = "mixed")
{
    chan(bool) stop = chan_make(bool, 0);

    go(monitor, stop);
    go(change_state_fixed, stop);
}
