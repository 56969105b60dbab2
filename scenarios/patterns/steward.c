/*
 * steward - a watcher that restarts a worker when it stops beating.
 *
 * Expected: CLEAN; restarts at exact times, the silent ones are told to end.
 * Origin: Cox-Buday, Concurrency in Go, chapter 5.
 */
#include "scenarios/check.h"

/* Beats three times, then hangs until it is told to end. */
static void ward(chan(bool) beats, chan(bool) done)
{
    for (int i = 0; i < 3; i++) {
        go_sleep(100 * GO_MILLISECOND);
        if (go_select(GO_SEND(beats, true), GO_RECV(done, NULL)))
            return;
    }
    chan_recv(done);
}

static void steward(chan(go_instant) restarts, chan(bool) done)
{
    for (bool ended = false; !ended;) {
        chan(bool) beats = chan_make(bool, 0), ward_done = chan_make(bool, 0);
        int got = 1;

        go(ward, beats, ward_done);
        while (got == 1)
            got = go_select(GO_RECV(done, NULL), GO_RECV(beats, NULL),
                            GO_RECV(go_after(250 * GO_MILLISECOND), NULL));
        chan_close(ward_done);
        ended = got == 0;
        if (!ended)
            chan_send(restarts, go_now());
    }
}

SCENARIO(steward, .about = "a silent worker is replaced",
         .origin = "Concurrency in Go, chapter 5")
{
    chan(go_instant) restarts = chan_make(go_instant, 0);
    chan(bool) done = chan_make(bool, 0);

    go(steward, restarts, done);
    for (int i = 1; i <= 3; i++) /* three beats, then 250 ms of silence */
        CHECK_EQ(chan_recv(restarts), i * 550 * GO_MILLISECOND);
    chan_close(done);
}
