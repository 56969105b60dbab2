/*
 * chan_full_self - one value more than there is room for.
 *
 * Pattern: collects its own results in a channel that is too small. Expected:
 * DEADLOCK, an orphan in a send with 2 of 2 values queued. Origin: classic.
 */
#include <vigil/scenario.h>

SCENARIO(chan_full_self, .about = "fills a channel that only it reads",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) c = chan_make(int, 2);

    for (int i = 0; i < 3; i++)
        chan_send(c, i);
    for (int i = 0; i < 3; i++)
        chan_recv(c);
}
