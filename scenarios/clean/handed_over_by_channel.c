/*
 * handed_over_by_channel - the only reference travels in a channel's buffer.
 *
 * Looks stuck: no goroutine knows the waiter's channel at the moment. Is not:
 * it lies in a mailbox that a sleeper will read. Expected: CLEAN, and no
 * early alarm.
 */
#include "scenarios/check.h"

struct request {
    chan(int) reply;
};

static void serve(chan(struct request) mailbox)
{
    go_sleep(GO_SECOND); /* the request waits in the buffer meanwhile */
    chan_send(chan_recv(mailbox).reply, 42);
}

static void ask(chan(struct request) mailbox, chan(bool) ended)
{
    chan(int) reply = chan_make(int, 0);

    chan_send(mailbox, (struct request){reply});
    CHECK_EQ(chan_recv(reply), 42);
    chan_close(ended);
}

SCENARIO(handed_over_by_channel, .about = "the handle is in a buffer")
{
    chan(struct request) mailbox = chan_make(struct request, 4);
    chan(bool) ended = chan_make(bool, 0);

    go(serve, mailbox);
    go(ask, mailbox, ended);
    look_in_vain();
    chan_recv(ended);
}
