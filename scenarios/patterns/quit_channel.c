/*
 * quit_channel - a generator that is told to stop.
 *
 * Expected: CLEAN. Origin: Pike 2012.
 */
#include "scenarios/check.h"

static void speak(chan(int) c, chan(bool) quit)
{
    for (int i = 0; go_select(GO_SEND(c, i), GO_RECV(quit, NULL)) == 0; i++)
        ;
}

SCENARIO(quit_channel, .about = "a generator with a quit channel",
         .origin = "Pike 2012")
{
    chan(int) c = chan_make(int, 0);
    chan(bool) quit = chan_make(bool, 0);

    go(speak, c, quit);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(chan_recv(c), i);
    chan_send(quit, true);
}
