/*
 * restore_sequence - each message carries a channel to answer on.
 *
 * Pattern: speakers go on only when told, so both are heard in every round
 * though they are fanned in. Expected: LEAK(4) when main leaves: both speakers
 * and both forwarders. Origin: Pike, "Go concurrency patterns", 2012.
 */
#include "scenarios/check.h"

struct message {
    int who, n;
    chan(bool) go_on;
};

static void speak(int who, chan(struct message) c)
{
    chan(bool) go_on = chan_make(bool, 0);

    for (int i = 0;; i++) {
        go_sleep(go_choose(100) * GO_MILLISECOND);
        chan_send(c, (struct message){who, i, go_on});
        chan_recv(go_on);
    }
}

static void forward(chan(struct message) in, chan(struct message) out)
{
    chan_range(m, in)
        chan_send(out, m);
}

static void start(int who, chan(struct message) out)
{
    chan(struct message) c = chan_make(struct message, 0);

    go(speak, who, c);
    go(forward, c, out);
}

SCENARIO(restore_sequence, .about = "speakers wait until they are told",
         .expect = EXPECT_LEAK(4), .origin = "Pike 2012")
{
    chan(struct message) c = chan_make(struct message, 0);

    start(0, c);
    start(1, c);
    for (int i = 0; i < 5; i++) {
        struct message a = chan_recv(c), b = chan_recv(c);

        CHECK(a.who != b.who && a.n == i && b.n == i);
        chan_send(a.go_on, true);
        chan_send(b.go_on, true);
    }
}
