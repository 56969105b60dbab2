/*
 * senders_in_line - ten wait to send; who came first is taken first.
 *
 * Expected: CLEAN; values come in the order in which their senders came, also
 * those that move up into a buffer.
 */
#include "scenarios/check.h"

enum {
    LINE = 10
};

static void sender(chan(int) c, int place)
{
    go_sleep(place * GO_MILLISECOND);
    chan_send(c, place);
}

static void line_up(size_t room)
{
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, room);

    for (int i = 0; i < LINE; i++)
        go_waitgroup_go(&wg, sender, c, i);
    go_sleep(LINE * GO_MILLISECOND);
    for (int i = 0; i < LINE; i++)
        CHECK_EQ(chan_recv(c), i);
    go_waitgroup_wait(&wg);
}

SCENARIO(senders_in_line, .about = "senders are taken in order")
{
    line_up(0);
    line_up(3);
}
