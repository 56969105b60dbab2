/*
 * select_empty - a select without cases.
 *
 * Pattern: "keep main alive" with nobody else there any more. Expected:
 * DEADLOCK, reason "select (no cases)". Origin: the idiom `select {}`.
 */
#include <vigil/scenario.h>

static void serve_once(void)
{
    go_sleep(GO_SECOND);
}

SCENARIO(select_empty, .about = "select without cases, all others ended",
         .expect = EXPECT_DEADLOCK)
{
    go(serve_once);
    go_select();
}
