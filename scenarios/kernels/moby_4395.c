/*
 * moby_4395 - the answer that nobody asks for.
 *
 * A helper runs a function in a goroutine of its own, and returns the channel
 * on which the error will come. The caller drops it: nobody ever receives. The
 * fix: the channel has room for the one answer.
 *
 * Class: communication. Expected: LEAK(1), in every schedule: a send without a
 * receiver. Origin: GoKer moby_4395.
 */
#include <vigil/scenario.h>

static void run(chan(int) result)
{
    go_name("runner");
    chan_send(result, -EIO);
}

static chan(int) start(int room)
{
    chan(int) result = chan_make(int, room);

    go(run, result);
    return result;
}

SCENARIO(moby_4395, .about = "an error whose channel is dropped",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer moby_4395",
         .class = "communication")
{
    start(0);
}

SCENARIO(moby_4395_fixed, .about = "the same, with room for the error",
         .explore = true, .origin = "GoKer moby_4395", .class = "communication")
{
    start(1);
}
