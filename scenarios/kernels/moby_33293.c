/*
 * moby_33293 - an error is sent before anybody has the channel.
 *
 * A wait function makes the channel of its errors and returns it to its
 * caller. When it fails early it sends the error itself, before it returns: on
 * a channel that nobody else has. The fix: the channel has room for the error.
 *
 * Class: communication. Expected: LEAK(1) when the early error occurs, which
 * is a coin's matter. Origin: GoKer moby_33293.
 */
#include <vigil/scenario.h>

static chan(int) container_wait(int room)
{
    chan(int) errors = chan_make(int, room);

    if (go_choose(2) == 0)
        chan_send(errors, -ENOENT);
    return errors;
}

static void client(int room)
{
    go_name("client");
    container_wait(room);
}

SCENARIO(moby_33293, .about = "an error is sent before the channel is returned",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer moby_33293", .class = "communication")
{
    go(client, 0);
}

SCENARIO(moby_33293_fixed, .about = "the same, with room for the error",
         .explore = true, .origin = "GoKer moby_33293",
         .class = "communication")
{
    go(client, 1);
}
