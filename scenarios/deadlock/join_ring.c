/*
 * join_ring - two goroutines wait for each other's end.
 *
 * Pattern: a join in both directions. Expected: DEADLOCK, a ring of two; each
 * is the only member of the group that the other waits for. Origin: classic
 * of pthread_join.
 */
#include <vigil/scenario.h>

static void wait_for(struct go_waitgroup *other)
{
    go_sleep(GO_MILLISECOND); /* until both are members */
    go_waitgroup_wait(other);
}

SCENARIO(join_ring, .about = "two goroutines join each other",
         .expect = EXPECT_DEADLOCK)
{
    /* not main's own: with a timer that fires early it returns before them */
    static struct go_waitgroup reader, writer;

    go_waitgroup_go(&reader, wait_for, &writer);
    go_waitgroup_go(&writer, wait_for, &reader);
    go_waitgroup_wait(&reader);
}
