/*
 * receivers_in_line - ten wait on one channel; who came first is served first.
 *
 * Expected: CLEAN; receiver i gets value i.
 */
#include "scenarios/check.h"

enum {
    LINE = 10
};

static void receiver(chan(int) c, int place)
{
    go_sleep(place * GO_MILLISECOND); /* they line up one by one */
    CHECK_EQ(chan_recv(c), place);
}

SCENARIO(receivers_in_line, .about = "receivers are served in order")
{
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 0);

    for (int i = 0; i < LINE; i++)
        go_waitgroup_go(&wg, receiver, c, i);
    go_sleep(LINE * GO_MILLISECOND);
    for (int i = 0; i < LINE; i++)
        chan_send(c, i);
    go_waitgroup_wait(&wg);
}
