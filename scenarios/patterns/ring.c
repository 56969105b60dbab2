/*
 * ring - a token goes round a thousand goroutines, a hundred times.
 *
 * Expected: CLEAN. Origin: the thread-ring of the benchmarks game.
 * VIGIL_SCALE divides the members.
 */
#include "scenarios/check.h"

enum {
    LAPS = 100
};

static void member(chan(int) in, chan(int) out)
{
    for (int i = 0; i < LAPS; i++)
        chan_send(out, chan_recv(in) + 1);
}

SCENARIO(ring, .about = "a token, 1,000 members, 100 laps",
         .timeout = 60 * GO_SECOND)
{
    int members = scaled(1000);
    chan(int) first = chan_make(int, 1), in = first;
    struct go_waitgroup wg = {0};

    for (int i = 0; i < members; i++) {
        chan(int) out = i == members - 1 ? first : chan_make(int, 1);

        go_waitgroup_go(&wg, member, in, out);
        in = out;
    }
    chan_send(first, 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(chan_recv(first), members * LAPS);
}
