#include <vigil/scenario.h>

static void transfer(struct go_mutex *from, struct go_mutex *to)
{
    go_mutex_lock(from);
    go_mutex_lock(to);
    go_mutex_unlock(to);
    go_mutex_unlock(from);
}

SCENARIO(abba, .about = "two transfers, in opposite directions",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &a, &b);
    go_waitgroup_go(&wg, transfer, &b, &a);
    go_waitgroup_wait(&wg);
}
