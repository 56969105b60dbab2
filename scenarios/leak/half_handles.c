/*
 * half_handles - who is alive can only do what nobody waits for.
 *
 * Pattern: all receivers of a channel, and none that could send: main has a
 * chan_receiver, which is no help to who waits to receive. And a chan_sender,
 * which is none to who waits to send. Expected: LEAK(2), proven while main
 * has both in hand.
 */
#include "scenarios/check.h"

struct halves {
    chan_receiver(int) in;
    chan_sender(int) out;
};

static void receive(chan_receiver(int) c)
{
    chan_recv(c);
}

static void send(chan_sender(int) c)
{
    chan_send(c, 42);
}

FORGETS static struct halves start(void)
{
    struct halves h = {chan_as_receiver(chan_make(int, 0)),
                       chan_as_sender(chan_make(int, 0))};

    go(receive, h.in);
    go(send, h.out);
    return h;
}

SCENARIO(half_handles, .about = "main has only the wrong halves",
         .expect = EXPECT_LEAK(2))
{
    struct halves h = start();

    look_until_stuck(2);
    CHECK_EQ(chan_len(h.in), 0);
    CHECK_EQ(chan_cap(h.out), 0);
}
