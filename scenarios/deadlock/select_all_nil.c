/*
 * select_all_nil - a select of nil channels only.
 *
 * Pattern: channels that were never made. Expected: DEADLOCK. Origin: classic.
 */
#include <vigil/scenario.h>

SCENARIO(select_all_nil, .about = "select on channels that were never made",
         .expect = EXPECT_DEADLOCK)
{
    chan(int) in = NULL, out = NULL;

    go_select(GO_RECV(in, NULL), GO_SEND(out, 1));
}
