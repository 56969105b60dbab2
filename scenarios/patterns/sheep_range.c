/*
 * sheep_range - range over a channel, with and without a close.
 *
 * Pattern: the range ends when the counter closes. Expected: CLEAN with the
 * close; DEADLOCK without: the counter has ended, main waits for more.
 */
#include <stdio.h>
#include "scenarios/check.h"

static void count(const char *thing, chan(const char *) c, bool closes)
{
    for (int i = 1; i <= 5; i++) {
        chan_send(c, thing);
        go_sleep(500 * GO_MILLISECOND);
    }
    if (closes)
        chan_close(c);
}

static void count_sheep(bool closes)
{
    chan(const char *) c = chan_make(const char *, 0);
    int lines = 0;

    go(count, "sheep", c, closes);
    chan_range(thing, c)
        printf("%d %s\n", ++lines, thing);
    CHECK_EQ(lines, 5);
}

SCENARIO(sheep_range, .about = "range ends with the close")
{
    count_sheep(true);
    CHECK_EQ(go_now(), 2500 * GO_MILLISECOND);
}

SCENARIO(sheep_range_not_closed, .about = "range without a close",
         .expect = EXPECT_DEADLOCK)
{
    count_sheep(false);
}
