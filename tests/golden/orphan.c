/* orphan - the caller gave up, and nobody else has the other end. */
#include <errno.h>
#include <vigil/scenario.h>

static void fetch(chan(int) result)
{
    go_name("fetch");
    go_sleep(GO_SECOND); /* slower than the caller's patience */
    chan_send(result, 42);
}

static int ask(void)
{
    chan(int) result = chan_make(int, 0);
    int value;

    chan_name(result, "result");
    go(fetch, result);
    if (go_select(GO_RECV(result, &value),
                  GO_RECV(go_after(100 * GO_MILLISECOND), NULL)) == 1)
        return -ETIMEDOUT; /* and nobody will ever receive */
    return value;
}

SCENARIO(orphan, .about = "a time-out leaves the sender behind",
         .expect = EXPECT_LEAK(1))
{
    if (ask() < 0)
        go_sleep(GO_SECOND);
}
