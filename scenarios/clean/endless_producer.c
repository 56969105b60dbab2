/*
 * endless_producer - the twin: the producer listens for the end.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void produce(chan(int) out, chan(bool) done)
{
    for (int i = 0; go_select(GO_RECV(done, NULL), GO_SEND(out, i)); i++)
        ;
}

SCENARIO(endless_producer, .about = "the producer is told to end",
         .origin = "Concurrency in Go, chapter 4")
{
    chan(int) c = chan_make(int, 0);
    chan(bool) done = chan_make(bool, 0);

    go(produce, c, done);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(chan_recv(c), i);
    chan_close(done);
}
