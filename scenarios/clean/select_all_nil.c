/*
 * select_all_nil - the twin: one of the channels was made.
 *
 * Expected: CLEAN; the nil case is not taken.
 */
#include "scenarios/check.h"

SCENARIO(select_all_nil, .about = "one case of the select can proceed")
{
    chan(int) in = NULL, out = chan_make(int, 1);

    CHECK_EQ(go_select(GO_RECV(in, NULL), GO_SEND(out, 1)), 1);
    CHECK_EQ(chan_len(out), 1);
}
