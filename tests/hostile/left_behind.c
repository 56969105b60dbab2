/*
 * left_behind.c - somebody spins on behind main's return, which is mild; and
 * some schedules of the same program fail otherwise.
 */
#include <vigil/scenario.h>

static struct go_atomic never;
static struct go_mutex a, b;

static void spin(void)
{
    while (!go_atomic_load(&never))
        go_yield();
}

static void lock_two(struct go_mutex *one, struct go_mutex *two)
{
    go_mutex_lock(one);
    go_mutex_lock(two);
    go_mutex_unlock(two);
    go_mutex_unlock(one);
}

static void both_ways(struct go_mutex *one, struct go_mutex *two)
{
    struct go_waitgroup wg = {0};

    go(spin);
    go_waitgroup_go(&wg, lock_two, one, two);
    go_waitgroup_go(&wg, lock_two, &a, &b);
    go_waitgroup_wait(&wg);
}

SCENARIO(left_and_ring, .about = "a ring of locks beside it",
         .expect = EXPECT_DEADLOCK)
{
    both_ways(&b, &a);
}

SCENARIO(left_alone, .about = "one order", .expect = EXPECT_LEFT(1))
{
    both_ways(&a, &b);
}
