/*
 * say_over_channel - a send waits for the receive, a receive for the send.
 *
 * Pattern: an unbuffered channel synchronises. Expected: CLEAN; each side
 * notes when its call returned, which proves that it waited for the other.
 */
#include "scenarios/check.h"

static void say(chan(const char *) c, chan(go_instant) sent)
{
    chan_send(c, "first"); /* main receives a second later */
    chan_send(sent, go_now());
    go_sleep(2 * GO_SECOND);
    chan_send(c, "second"); /* main has been waiting for it */
    chan_send(sent, go_now());
}

SCENARIO(say_over_channel, .about = "sender and receiver wait for each other")
{
    chan(const char *) c = chan_make(const char *, 0);
    chan(go_instant) sent = chan_make(go_instant, 2);

    go(say, c, sent);
    go_sleep(GO_SECOND);
    CHECK_EQ(chan_len(sent), 0); /* still in its send */
    chan_recv(c);
    CHECK_EQ(chan_recv(sent), GO_SECOND);
    chan_recv(c);
    CHECK_EQ(go_now(), 3 * GO_SECOND);
    CHECK_EQ(chan_recv(sent), 3 * GO_SECOND);
}
