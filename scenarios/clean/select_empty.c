/*
 * select_empty - the twin: main waits for a word that the server has ended.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static void serve_once(chan(bool) ended)
{
    go_sleep(GO_SECOND);
    chan_close(ended);
}

SCENARIO(select_empty, .about = "select on the server's end")
{
    chan(bool) ended = chan_make(bool, 0);
    bool ok = true;

    go(serve_once, ended);
    CHECK_EQ(go_select(GO_RECV_OK(ended, NULL, &ok)), 0);
    CHECK(!ok);
}
