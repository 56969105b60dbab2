/*
 * timeout_each - a time-out for each message.
 *
 * Pattern: go_after inside the loop starts anew with each turn. The speaker
 * pauses 0, 300, 600, 900, 1200 ms; the last pause is too long. Expected: "too
 * slow" at exactly 2.8 s; LEAK(1), the speaker. Origin: Pike 2012.
 */
#include <stdio.h>
#include "scenarios/check.h"

static void speak(chan(int) c)
{
    for (int i = 0;; i++) {
        chan_send(c, i);
        go_sleep(i * 300 * GO_MILLISECOND);
    }
}

SCENARIO(timeout_each, .about = "a time-out for each message",
         .expect = EXPECT_LEAK(1), .origin = "Pike 2012")
{
    chan(int) c = chan_make(int, 0);
    int lines = 0;

    go(speak, c);
    while (!go_select(GO_RECV(c, NULL), GO_RECV(go_after(GO_SECOND), NULL)))
        lines++;
    puts("too slow");
    CHECK_EQ(lines, 5);
    CHECK_EQ(go_now(), 2800 * GO_MILLISECOND);
}
