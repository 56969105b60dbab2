/* long_name.c - a scenario whose name no buffer of a usual size holds. */
#include <vigil/scenario.h>

SCENARIO(
    named_at_length_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on,
    .about = "a lock that is locked twice", .expect = EXPECT_DEADLOCK)
{
    static struct go_mutex m;

    if (go_choose(2) == 0)
        return;
    go_mutex_lock(&m);
    go_mutex_lock(&m);
}
