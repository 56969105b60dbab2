/*
 * sheep_once - one receive from an endless counter.
 *
 * Pattern: the first channel; one line comes out. Expected: LEAK(1): the
 * counter is blocked in its second send, and no receiver is left.
 */
#include <stdio.h>
#include <vigil/scenario.h>

static void count(const char *thing, chan(const char *) c)
{
    for (;;) {
        chan_send(c, thing);
        go_sleep(500 * GO_MILLISECOND);
    }
}

SCENARIO(sheep_once, .about = "one receive from an endless counter",
         .expect = EXPECT_LEAK(1))
{
    chan(const char *) c = chan_make(const char *, 0);

    go(count, "sheep", c);
    puts(chan_recv(c));
}
