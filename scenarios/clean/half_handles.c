/*
 * half_handles - the twin: main has the halves that are missing.
 *
 * Expected: CLEAN; looks in between prove nobody stuck.
 */
#include "scenarios/check.h"

struct halves {
    chan_sender(int) out;
    chan_receiver(int) in;
};

static void receive(chan_receiver(int) c)
{
    CHECK_EQ(chan_recv(c), 41);
}

static void send(chan_sender(int) c)
{
    chan_send(c, 42);
}

FORGETS static struct halves start(void)
{
    chan(int) out = chan_make(int, 0), in = chan_make(int, 0);

    go(receive, chan_as_receiver(out));
    go(send, chan_as_sender(in));
    return (struct halves){chan_as_sender(out), chan_as_receiver(in)};
}

SCENARIO(half_handles, .about = "main has the other halves")
{
    struct halves h = start();

    look_in_vain();
    chan_send(h.out, 41);
    CHECK_EQ(chan_recv(h.in), 42);
}
