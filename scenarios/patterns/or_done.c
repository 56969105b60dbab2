/*
 * or_done - read from a channel until it or done is closed.
 *
 * Pattern: wraps a foreign channel so that a plain range can be left. Expected:
 * CLEAN. Origin: Cox-Buday, Concurrency in Go, chapter 4.
 */
#include "scenarios/check.h"

static void forward(chan(bool) done, chan(int) in, chan(int) out)
{
    int v;
    bool ok;

    while (go_select(GO_RECV(done, NULL), GO_RECV_OK(in, &v, &ok)) && ok)
        if (!go_select(GO_RECV(done, NULL), GO_SEND(out, v)))
            break;
    chan_close(out);
}

static chan(int) or_done(chan(bool) done, chan(int) c)
{
    chan(int) out = chan_make(int, 0);

    go(forward, done, c, out);
    return out;
}

SCENARIO(or_done, .about = "a range that ends with done",
         .origin = "Concurrency in Go, chapter 4")
{
    chan(bool) done = chan_make(bool, 0);
    chan(int) endless = chan_make(int, 3);
    int sum = 0;

    for (int i = 1; i <= 3; i++)
        chan_send(endless, i);
    chan_range(v, or_done(done, endless)) {
        sum += v;
        if (v == 3)
            chan_close(done);
    }
    CHECK_EQ(sum, 6);
}
