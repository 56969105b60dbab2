/*
 * leak_hidden_by_ticker - the twin: the heart takes the answer when it ends.
 *
 * Expected: CLEAN; looks in between prove nobody stuck, for who listens to the
 * clock knows the channel.
 */
#include "scenarios/check.h"

static void heart(chan_receiver(bool) quit, chan(int) answers)
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);

    while (go_select(GO_RECV(t->c, NULL), GO_RECV(quit, NULL)) == 0)
        continue;
    go_ticker_free(t);
    CHECK_EQ(chan_recv(answers), 42);
}

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

FORGETS static void begin(chan(bool) quit)
{
    chan(int) c = chan_make(int, 0);

    go(heart, chan_as_receiver(quit), c);
    go(answer, c);
}

SCENARIO(leak_hidden_by_ticker, .about = "who hears the clock takes the answer")
{
    chan(bool) quit = chan_make(bool, 0);

    begin(quit);
    go_sleep(105 * GO_MILLISECOND);
    look_in_vain();
    chan_close(quit);
}
