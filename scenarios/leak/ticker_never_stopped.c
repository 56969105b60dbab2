/*
 * ticker_never_stopped - a loop over ticks that nobody ends.
 *
 * Pattern: periodic clean-up without a way out. Expected: LEFT(1), not LEAK:
 * the ticker is armed, so it goes on running for ever. Origin: classic.
 */
#include "scenarios/check.h"

static void clean_up(chan(go_instant) ticks, struct go_atomic *rounds)
{
    chan_range(t, ticks) {
        (void)t;
        go_atomic_add(rounds, 1);
    }
}

SCENARIO(ticker_never_stopped, .about = "ticks for ever",
         .expect = EXPECT_LEFT(1))
{
    static struct go_atomic rounds;
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);

    go(clean_up, t->c, &rounds);
    go_sleep(35 * GO_MILLISECOND);
    CHECK_EQ(go_atomic_load(&rounds), 3);
}
