/*
 * chan_ring - the twin: somebody puts the token in, and takes it out.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

enum {
    RING = 3
};

static void relay(chan(int) left, chan(int) right)
{
    chan_send(right, chan_recv(left) + 1);
}

SCENARIO(chan_ring, .about = "the ring is given a token")
{
    struct go_waitgroup wg = {0};
    chan(int) link[RING + 1];

    for (int i = 0; i <= RING; i++)
        link[i] = chan_make(int, 0);
    for (int i = 0; i < RING; i++)
        go_waitgroup_go(&wg, relay, link[i], link[i + 1]);
    chan_send(link[0], 0);
    CHECK_EQ(chan_recv(link[RING]), RING);
    go_waitgroup_wait(&wg);
}
