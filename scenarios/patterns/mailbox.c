/*
 * mailbox - sends go on until the buffer is full; a close lets it drain.
 *
 * Expected: CLEAN; three sends take no time, the fourth waits for a receive.
 */
#include "scenarios/check.h"

static void deliver(chan(int) box, chan(go_instant) times)
{
    for (int i = 0; i < 4; i++) {
        chan_send(box, i);
        chan_send(times, go_now());
    }
    chan_close(box);
}

SCENARIO(mailbox, .about = "a buffer fills, and drains after the close")
{
    chan(int) box = chan_make(int, 3);
    chan(go_instant) times = chan_make(go_instant, 4);

    go(deliver, box, times);
    go_sleep(GO_SECOND);
    CHECK_EQ(chan_len(box), 3);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(chan_recv(times), 0);
    CHECK_EQ(chan_len(times), 0); /* the fourth waits */
    CHECK_EQ(chan_recv(box), 0);
    CHECK_EQ(chan_recv(times), GO_SECOND);
    for (int i = 1; i < 4; i++)
        CHECK_EQ(chan_recv(box), i);
    CHECK(!chan_recv_ok(box, NULL));
}
