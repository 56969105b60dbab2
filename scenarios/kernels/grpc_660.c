/*
 * grpc_660 - nobody reads the last reply.
 *
 * What it did: a benchmark client starts a worker for a request, and waits for
 * its reply or for being told to stop; then it starts the next one.
 * Why it bites: told to stop it goes away, and the worker that is under way
 * still has its reply to send.
 * The fix: room for the reply, so that a worker needs no reader.
 * Class: communication (channel). Expected: LEAK of the last worker. Origin:
 * GoKer grpc_660.
 */
#include <vigil/scenario.h>

static void request(chan(bool) reply)
{
    go_name("worker");
    if (go_choose(10) < 2) {
        chan_send(reply, false);
        return;
    }
    chan_send(reply, true);
}

static void run_client(chan(bool) quit, int room)
{
    chan(bool) reply;

    go_name("client");
    do {
        reply = chan_make(bool, room);
        chan_name(reply, "reply");
        go(request, reply);
    } while (go_select(GO_RECV(quit, NULL), GO_RECV(reply, NULL)) == 1);
}

static void stop(chan(bool) quit)
{
    go_name("stopper");
    chan_send(quit, true);
}

static void benchmark(int room)
{
    chan(bool) quit = chan_make(bool, 0);

    chan_name(quit, "quit");
    go(run_client, quit, room);
    go(stop, quit);
}

SCENARIO(grpc_660, .about = "a client that stops before the reply",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer grpc_660",
         .class = "communication")
{
    benchmark(0);
}

SCENARIO(grpc_660_fixed, .about = "a reply that needs no reader",
         .explore = true, .origin = "GoKer grpc_660", .class = "communication")
{
    benchmark(1);
}
