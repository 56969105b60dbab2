/*
 * cockroach_35931 - a cancel is sent to streams that nobody reads.
 *
 * Cancelling a flow sends an end marker to each of its inbound streams, one
 * after the other, in any order. A stream with room for one value holds one
 * already, and its reader was never started. The fix: the marker is sent only
 * where there is room.
 *
 * Class: communication. Expected: DEADLOCK, of main, alone.
 */
#include <vigil/scenario.h>

#define STREAMS 2

static struct registry {
    struct go_mutex mu;
    chan(int) streams[STREAMS]; /* [mu] of the one flow */
} registry;

static void push(chan(int) stream)
{
    chan_send(stream, 0); /* the bug: who reads it? */
}

static void push_fixed(chan(int) stream)
{
    go_select(GO_SEND(stream, 0), GO_DEFAULT);
}

static void cancel_flow(void (*send)(chan(int)))
{
    chan(int) streams[STREAMS];

    go_mutex_lock(&registry.mu);
    int first = go_choose(STREAMS); /* as a map has no order */
    for (int i = 0; i < STREAMS; i++)
        streams[i] = registry.streams[(first + i) % STREAMS];
    go_mutex_unlock(&registry.mu);
    for (int i = 0; i < STREAMS; i++)
        send(streams[i]);
}

static void run_flow(void (*send)(chan(int)))
{
    chan(int) full = chan_make(int, 1);
    chan(int) empty = chan_make(int, 1);

    chan_name(full, "full stream");
    chan_name(empty, "empty stream");
    chan_send(full, 1);
    go_mutex_lock(&registry.mu);
    registry.streams[0] = full;
    registry.streams[1] = empty;
    go_mutex_unlock(&registry.mu);
    cancel_flow(send);
}

SCENARIO(cockroach_35931, .about = "cancels a stream that is full",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_35931", .class = "communication")
{
    run_flow(push);
}

SCENARIO(cockroach_35931_fixed, .about = "cancels where there is room",
         .explore = true, .origin = "GoKer cockroach_35931",
         .class = "communication")
{
    run_flow(push_fixed);
}
