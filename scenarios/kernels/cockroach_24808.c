/*
 * cockroach_24808 - a compactor is woken twice before anybody can listen.
 *
 * Who starts the compactor has already asked it to wake up, which fills the
 * channel's only place. Its start wakes it once more, and only then spawns the
 * one that listens. The fix: a wake-up that finds the place taken is dropped,
 * for one is enough.
 *
 * Class: communication. Expected: DEADLOCK, of main, alone.
 */
#include <vigil/scenario.h>

static struct go_waitgroup workers;

static void compactor(chan(bool) wake, chan(bool) stop)
{
    go_defer(go_waitgroup_done, &workers);
    while (go_select(GO_RECV(stop, NULL), GO_RECV(wake, NULL)) == 1)
        ;
}

static void wake_up(chan(bool) wake)
{
    chan_send(wake, true); /* the bug: there may be no room */
}

static void wake_up_fixed(chan(bool) wake)
{
    go_select(GO_SEND(wake, true), GO_DEFAULT);
}

static void start(chan(bool) wake, chan(bool) stop, void (*rouse)(chan(bool)))
{
    rouse(wake);
    go_waitgroup_add(&workers, 1);
    go(compactor, wake, stop);
}

static void suggest_compaction(void (*rouse)(chan(bool)))
{
    chan(bool) wake = chan_make(bool, 1);
    chan(bool) stop = chan_make(bool, 0);
    go_defer_close(stop);

    chan_send(wake, true);
    start(wake, stop, rouse);
}

SCENARIO(cockroach_24808, .about = "fills the channel before its reader exists",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_24808", .class = "communication")
{
    suggest_compaction(wake_up);
}

SCENARIO(cockroach_24808_fixed, .about = "a second wake-up is dropped",
         .explore = true, .origin = "GoKer cockroach_24808",
         .class = "communication")
{
    suggest_compaction(wake_up_fixed);
}
