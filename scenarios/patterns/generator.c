/*
 * generator - a function that returns a channel; two of them in lockstep.
 *
 * Pattern: the channel as a handle on a service. Main takes five lines of
 * each and leaves. Expected: LEAK(2): both generators are in a send that
 * nobody will receive. Origin: Pike, "Go concurrency patterns", 2012.
 */
#include <stdio.h>
#include "scenarios/check.h"

struct line {
    const char *who;
    int n;
};

static void speak(const char *who, chan(struct line) c)
{
    for (int i = 0;; i++) {
        chan_send(c, (struct line){who, i});
        go_sleep(go_choose(1000) * GO_MILLISECOND);
    }
}

static chan_receiver(struct line) boring(const char *who)
{
    chan(struct line) c = chan_make(struct line, 0);

    go(speak, who, c);
    return chan_as_receiver(c);
}

SCENARIO(generator, .about = "two services, five lines of each in lockstep",
         .expect = EXPECT_LEAK(2), .origin = "Pike 2012")
{
    chan_receiver(struct line) joe = boring("Joe"), ann = boring("Ann");

    for (int i = 0; i < 5; i++) {
        struct line a = chan_recv(joe), b = chan_recv(ann);

        printf("%s %d, %s %d\n", a.who, a.n, b.who, b.n);
        CHECK(a.n == i && b.n == i);
    }
}
