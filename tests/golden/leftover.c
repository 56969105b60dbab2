/* leftover - alive when main returns: it waits for a tick that will come. */
#include <vigil/scenario.h>

static void flush_every_minute(void)
{
    struct go_ticker *t = go_ticker_new(GO_MINUTE);

    go_name("flusher");
    chan_range(now, t->c) {
        (void)now;
    }
}

SCENARIO(leftover, .about = "a background task that is never told to stop",
         .expect = EXPECT_LEFT(1))
{
    go(flush_every_minute);
    go_sleep(90 * GO_SECOND);
}
