/*
 * join_ring - the twin: one waits for the other.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void wait_for(struct go_waitgroup *other)
{
    go_sleep(GO_MILLISECOND);
    go_waitgroup_wait(other);
}

static void work(void)
{
    go_sleep(2 * GO_MILLISECOND);
}

SCENARIO(join_ring, .about = "a join in one direction")
{
    struct go_waitgroup reader = {0}, writer = {0};

    go_waitgroup_go(&writer, work);
    go_waitgroup_go(&reader, wait_for, &writer);
    go_waitgroup_wait(&reader);
}
