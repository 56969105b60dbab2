/*
 * bridge - a channel of channels, read as one.
 *
 * Expected: CLEAN; the values in order. Origin: Cox-Buday, Concurrency in Go,
 * chapter 4.
 */
#include "scenarios/check.h"

struct stream {
    chan(int) c;
};

static void generate(chan(struct stream) streams)
{
    for (int i = 0; i < 10; i += 2) {
        chan(int) c = chan_make(int, 2);

        chan_send(c, i);
        chan_send(c, i + 1);
        chan_close(c);
        chan_send(streams, (struct stream){c});
    }
    chan_close(streams);
}

static void bridge(chan(struct stream) streams, chan(int) out)
{
    chan_range(s, streams)
        chan_range(v, s.c)
            chan_send(out, v);
    chan_close(out);
}

SCENARIO(bridge, .about = "a channel of channels, flattened",
         .origin = "Concurrency in Go, chapter 4")
{
    chan(struct stream) streams = chan_make(struct stream, 0);
    chan(int) out = chan_make(int, 0);
    int want = 0;

    go(generate, streams);
    go(bridge, streams, out);
    chan_range(v, out)
        CHECK_EQ(v, want++);
    CHECK_EQ(want, 10);
}
