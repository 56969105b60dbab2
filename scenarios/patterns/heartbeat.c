/*
 * heartbeat - a worker that beats, and a watcher who misses it.
 *
 * Expected: CLEAN; after five beats the worker falls silent, which the
 * watcher notices at an exact time. Origin: Cox-Buday, Concurrency in Go,
 * chapter 5.
 */
#include "scenarios/check.h"

static void work(chan(int) beats, chan(bool) done)
{
    for (int i = 1; i <= 5; i++) {
        go_sleep(100 * GO_MILLISECOND);
        chan_send(beats, i);
    }
    chan_recv(done); /* hangs */
}

SCENARIO(heartbeat, .about = "a watcher notices a silent worker",
         .origin = "Concurrency in Go, chapter 5")
{
    chan(int) beats = chan_make(int, 0);
    chan(bool) done = chan_make(bool, 0);
    int last = 0;

    go(work, beats, done);
    while (go_select(GO_RECV(beats, &last),
                     GO_RECV(go_after(250 * GO_MILLISECOND), NULL)) == 0)
        ;
    CHECK_EQ(last, 5);
    CHECK_EQ(go_now(), 750 * GO_MILLISECOND);
    chan_close(done);
}
