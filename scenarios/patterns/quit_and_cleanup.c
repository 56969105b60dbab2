/*
 * quit_and_cleanup - and wait for its last word.
 *
 * Pattern: the quit channel works in both directions; main leaves when the
 * generator has cleaned up. Expected: CLEAN. Origin: Pike 2012.
 */
#include <string.h>
#include "scenarios/check.h"

static void speak(chan(int) c, chan(const char *) quit, bool *cleaned)
{
    for (int i = 0; go_select(GO_SEND(c, i), GO_RECV(quit, NULL)) == 0; i++)
        ;
    go_sleep(GO_SECOND);
    *cleaned = true; /* ordered before main's look by the send */
    chan_send(quit, "see you!");
}

SCENARIO(quit_and_cleanup, .about = "a generator that cleans up",
         .origin = "Pike 2012")
{
    chan(int) c = chan_make(int, 0);
    chan(const char *) quit = chan_make(const char *, 0);
    bool cleaned = false;

    go(speak, c, quit, &cleaned);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(chan_recv(c), i);
    chan_send(quit, "bye!");
    CHECK(strcmp(chan_recv(quit), "see you!") == 0);
    CHECK(cleaned);
}
