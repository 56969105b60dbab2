/*
 * ping_pong - two goroutines and one ball.
 *
 * Expected: CLEAN; the ball counts every stroke. VIGIL_SCALE divides.
 */
#include "scenarios/check.h"

static void player(chan(int) in, chan(int) out, int strokes)
{
    for (int i = 0; i < strokes; i++)
        chan_send(out, chan_recv(in) + 1);
}

SCENARIO(ping_pong, .about = "20,000 strokes")
{
    int strokes = scaled(10000);
    chan(int) ping = chan_make(int, 1), pong = chan_make(int, 1);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, player, ping, pong, strokes);
    go_waitgroup_go(&wg, player, pong, ping, strokes);
    chan_send(ping, 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(chan_recv(ping), 2 * strokes);
}
