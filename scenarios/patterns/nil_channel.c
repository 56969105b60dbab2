/*
 * nil_channel - what can be done with a channel that was never made: nothing.
 *
 * Pattern: send, receive, range and select on nil block for ever, each with
 * its own words in the report. Expected: DEADLOCK. In a select a nil case is
 * never taken: CLEAN.
 */
#include "scenarios/check.h"

SCENARIO(nil_channel_send, .about = "send on nil", .expect = EXPECT_DEADLOCK)
{
    chan(int) c = NULL;

    chan_send(c, 1);
}

SCENARIO(nil_channel_recv, .about = "receive from nil",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = NULL;

    chan_recv(c);
}

SCENARIO(nil_channel_range, .about = "range over nil",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = NULL;

    chan_range(v, c)
        (void)v;
}

SCENARIO(nil_channel_select, .about = "select on nil only",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = NULL;

    go_select(GO_RECV(c, NULL), GO_SEND(c, 1));
}

SCENARIO(nil_channel_never_taken, .about = "a nil case is never taken")
{
    chan(int) nil = NULL, full = chan_make(int, 1);

    chan_send(full, 1);
    CHECK_EQ(chan_len(nil) + chan_cap(nil), 0);
    CHECK(!chan_try_send(nil, 1));
    CHECK_EQ(chan_try_recv(nil, NULL), 0);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(go_select(GO_RECV(nil, NULL), GO_RECV(full, NULL)), 1);
        CHECK_EQ(go_select(GO_SEND(nil, 1), GO_SEND(full, 1)), 1);
    }
}
