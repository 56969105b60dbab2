/*
 * send_on_closed - the receiver closes, the sender sends.
 *
 * Pattern: close on the wrong side. Expected: PANIC "send on closed channel",
 * in a goroutine that is already parked in the send. Origin: classic.
 */
#include <vigil/scenario.h>

static void produce(chan(int) out)
{
    chan_send(out, 1);
}

SCENARIO(send_on_closed, .about = "the receiver closes",
         .expect = EXPECT_PANIC("send on closed channel"))
{
    chan(int) c = chan_make(int, 0);

    go(produce, c);
    go_sleep(GO_MILLISECOND); /* the sender is parked */
    chan_close(c);
    go_sleep(GO_MILLISECOND);
}

SCENARIO(send_on_closed_unlucky, .about = "may be closed before it is sent",
         .expect = EXPECT_PANIC("send on closed channel"), .explore = true)
{
    chan(int) c = chan_make(int, 1);

    go(produce, c);
    chan_close(c);
}
