/* gives_way.c - loops that give way by the C library's name for it. */
#include <sched.h>
#include <threads.h>
#include <vigil/scenario.h>

static void raise_flag(struct go_atomic *flag)
{
    go_atomic_store(flag, 1);
}

SCENARIO(gives_way, .about = "who is given way to ends it", .explore = true)
{
    struct go_atomic flag = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, raise_flag, &flag);
    while (!go_atomic_load(&flag))
        thrd_yield();
    go_waitgroup_wait(&wg);
}

static void pass(struct go_atomic *mine, struct go_atomic *other)
{
    go_atomic_store(mine, 1);
    while (go_atomic_load(other)) {
        go_atomic_store(mine, 0);
        sched_yield();
        go_atomic_store(mine, 1);
    }
    go_atomic_store(mine, 0);
}

SCENARIO(gives_way_in_vain, .about = "two flags, each lowered for the other",
         .expect = EXPECT_LIVELOCK, .explore = true)
{
    struct go_atomic a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, pass, &a, &b);
    go_waitgroup_go(&wg, pass, &b, &a);
    go_waitgroup_wait(&wg);
}
