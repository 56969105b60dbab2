/*
 * chan_unbuffered_self - sends to itself without a buffer.
 *
 * Pattern: a rendezvous wants two. Expected: DEADLOCK, an orphan. Origin: the
 * first channel exercise of every course.
 */
#include <vigil/scenario.h>

SCENARIO(chan_unbuffered_self, .about = "unbuffered send to oneself",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = chan_make(int, 0);

    chan_send(c, 1);
    chan_recv(c);
}
