/*
 * endless_producer - the consumer has had enough, the producer does not know.
 *
 * Pattern: generator without a quit channel. Expected: LEAK(1). Origin:
 * Cox-Buday, Concurrency in Go, chapter 4.
 */
#include "scenarios/check.h"

static void produce(chan(int) out)
{
    for (int i = 0;; i++)
        chan_send(out, i);
}

SCENARIO(endless_producer, .about = "the consumer stops reading",
         .expect = EXPECT_LEAK(1), .origin = "Concurrency in Go, chapter 4")
{
    chan(int) c = chan_make(int, 0);

    go(produce, c);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(chan_recv(c), i);
}
