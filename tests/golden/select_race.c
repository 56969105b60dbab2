#include <vigil/scenario.h>

static void fetch(chan(int) answers)
{
    chan_send(answers, 42);
}

static void cancel(chan(bool) quit)
{
    chan_close(quit);
}

SCENARIO(select_race, .about = "an answer, or a cancel that comes first",
         .expect = EXPECT_LEAK(1), .explore = true)
{
    chan(int) answers = chan_make(int, 0);
    chan(bool) quit = chan_make(bool, 0);

    go(fetch, answers);
    go(cancel, quit);
    go_select(GO_RECV(answers, NULL), GO_RECV(quit, NULL));
}
