/* ring - two goroutines lock the same two accounts in opposite orders. */
#include <vigil/scenario.h>

struct account {
    struct go_mutex mu;
    int cents;
};

static void transfer(struct account *from, struct account *to)
{
    go_mutex_lock(&from->mu);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&to->mu);
    from->cents -= 100;
    to->cents += 100;
    go_mutex_unlock(&to->mu);
    go_mutex_unlock(&from->mu);
}

SCENARIO(ring, .about = "two locks, two orders", .expect = EXPECT_DEADLOCK)
{
    static struct account anna = {.cents = 1000}, ben = {.cents = 1000};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, transfer, &anna, &ben);
    go_waitgroup_go(&wg, transfer, &ben, &anna);
    go_waitgroup_wait(&wg);
}
