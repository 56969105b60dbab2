/*
 * do_work_on_nil - a worker is given a channel that was never made.
 *
 * Pattern: range over nil. Expected: LEAK(1), reason "chan receive (nil
 * chan)". Origin: Cox-Buday, Concurrency in Go, chapter 4.
 */
#include <vigil/scenario.h>

static void do_work(chan(const char *) jobs)
{
    chan_range(job, jobs)
        (void)job;
}

SCENARIO(do_work_on_nil, .about = "a worker ranges over a nil channel",
         .expect = EXPECT_LEAK(1), .origin = "Concurrency in Go, chapter 4")
{
    go(do_work, NULL);
}
