/*
 * deadline - a time-out within a shorter one.
 *
 * Expected: CLEAN; the outer one wins, at its exact time, with -ETIMEDOUT for
 * both.
 */
#include "scenarios/check.h"

SCENARIO(deadline, .about = "inner time-out longer than the outer")
{
    struct go_context *outer =
        go_context_with_timeout(go_context_background(), 50 * GO_MILLISECOND);
    struct go_context *inner =
        go_context_with_timeout(outer, 100 * GO_MILLISECOND);
    go_instant t = 0;

    CHECK(go_context_deadline(inner, &t));
    CHECK_EQ(t, 50 * GO_MILLISECOND);
    CHECK(!chan_recv_ok(go_context_done(inner), NULL));
    CHECK_EQ(go_now(), 50 * GO_MILLISECOND);
    CHECK_EQ(go_context_err(inner), -ETIMEDOUT);
    CHECK_EQ(go_context_err(outer), -ETIMEDOUT);
    go_context_free(inner);
    go_context_free(outer);
}
