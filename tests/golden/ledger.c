/* ledger - a wait group that is short of one: who has counted down, and who
   could still. */
#include <vigil/scenario.h>

static void part(struct go_waitgroup *wg, int n)
{
    go_name("part %d", n);
    if (n != 2) /* the bug: an error path that does not count down */
        go_waitgroup_done(wg);
}

static void gather(void)
{
    struct go_waitgroup wg = {0};

    go_name("gather");
    go_waitgroup_add(&wg, 3);
    for (int i = 1; i <= 3; i++)
        go(part, &wg, i);
    go_waitgroup_wait(&wg);
}

static void request(void)
{
    go_name("request");
    go(gather);
}

SCENARIO(ledger, .about = "one of three does not count down",
         .expect = EXPECT_LEAK(1))
{
    go(request);
    go_sleep(GO_SECOND);
}
