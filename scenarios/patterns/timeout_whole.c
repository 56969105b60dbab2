/*
 * timeout_whole - a time-out for the whole conversation.
 *
 * Pattern: go_after outside the loop. Expected: "too slow" at exactly 5 s;
 * LEAK(1), the speaker. Origin: Pike 2012.
 */
#include <stdio.h>
#include "scenarios/check.h"

static void speak(chan(int) c)
{
    for (int i = 0;; i++) {
        chan_send(c, i);
        go_sleep(700 * GO_MILLISECOND);
    }
}

SCENARIO(timeout_whole, .about = "a time-out for the conversation",
         .expect = EXPECT_LEAK(1), .origin = "Pike 2012")
{
    chan(int) c = chan_make(int, 0);
    chan(go_instant) late = go_after(5 * GO_SECOND);
    int lines = 0;

    go(speak, c);
    while (!go_select(GO_RECV(c, NULL), GO_RECV(late, NULL)))
        lines++;
    puts("too slow");
    CHECK_EQ(lines, 8); /* at 0, 0.7, ... 4.9 s */
    CHECK_EQ(go_now(), 5 * GO_SECOND);
}
