/*
 * moby_25384 - the wait stands inside the loop that starts the workers.
 *
 * A manager restores its plugins, each in a goroutine: it adds their number to
 * a wait group, and waits within the loop, for all of them, after the first
 * has been started. With one plugin all is well; with two the second is never
 * started. The fix: the wait comes after the loop.
 *
 * Class: communication (wait group). Expected: LEAK(1), in every schedule:
 * the manager waits, count 1, and its only worker has ended. Origin: GoKer
 * moby_25384, filed there as mixed.
 */
#include <vigil/scenario.h>

#define PLUGINS 2

static void restore(struct go_waitgroup *group)
{
    go_name("restore");
    go_waitgroup_done(group);
}

static void manager(void)
{
    struct go_waitgroup group = {0};

    go_name("manager");
    go_waitgroup_add(&group, PLUGINS);
    for (int i = 0; i < PLUGINS; i++) {
        go(restore, &group);
        go_waitgroup_wait(&group); /* the bug: the others are not started */
    }
}

static void manager_fixed(void)
{
    struct go_waitgroup group = {0};

    go_name("manager");
    go_waitgroup_add(&group, PLUGINS);
    for (int i = 0; i < PLUGINS; i++)
        go(restore, &group);
    go_waitgroup_wait(&group);
}

SCENARIO(moby_25384, .about = "a wait group is waited for in the loop",
         .expect = EXPECT_LEAK(1), .explore = true,
         .origin = "GoKer moby_25384", .class = "communication")
{
    go(manager);
}

SCENARIO(moby_25384_fixed, .about = "a wait group is waited for after the loop",
         .explore = true, .origin = "GoKer moby_25384",
         .class = "communication")
{
    go(manager_fixed);
}
