/*
 * close_nil - closes a channel that was never made.
 *
 * Expected: PANIC "close of nil channel".
 */
#include <vigil/scenario.h>

SCENARIO(close_nil, .about = "close of a channel that was never made",
         .expect = EXPECT_PANIC("close of nil channel"))
{
    chan(int) c = NULL;

    chan_close(c);
}
