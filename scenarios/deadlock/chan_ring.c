/*
 * chan_ring - everybody receives before sending.
 *
 * Pattern: three goroutines in a ring, no token in it. Expected: DEADLOCK.
 * Origin: classic.
 */
#include <vigil/scenario.h>

enum {
    RING = 3
};

static void relay(chan(int) left, chan(int) right)
{
    chan_send(right, chan_recv(left) + 1);
}

SCENARIO(chan_ring, .about = "a ring that waits for its first token",
         .expect = EXPECT_DEADLOCK)
{
    struct go_waitgroup wg = {0};
    chan(int) link[RING];

    for (int i = 0; i < RING; i++)
        link[i] = chan_make(int, 0);
    for (int i = 0; i < RING; i++)
        go_waitgroup_go(&wg, relay, link[i], link[(i + 1) % RING]);
    go_waitgroup_wait(&wg);
}
