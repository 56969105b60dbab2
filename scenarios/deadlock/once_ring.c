/*
 * once_ring - two initialisers need each other.
 *
 * Pattern: modules that start each other up, from two goroutines. Expected:
 * DEADLOCK, a ring of two; the sleep lets both begin. Origin: class
 * initialisers in Java, static initialisers in C++.
 */
#include <vigil/scenario.h>

static struct go_once net, dns;

static void nothing(void)
{
}

static void init(struct go_once *needs)
{
    go_sleep(GO_MILLISECOND);
    go_once_do(needs, nothing);
}

static void start(struct go_once *own, struct go_once *needs)
{
    go_once_do(own, init, needs);
}

SCENARIO(once_ring, .about = "two initialisers need each other",
         .expect = EXPECT_DEADLOCK)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, start, &net, &dns);
    go_waitgroup_go(&wg, start, &dns, &net);
    go_waitgroup_wait(&wg);
}

static void init_at_once(struct go_once *needs)
{
    go_once_do(needs, nothing);
}

static void start_at_once(struct go_once *own, struct go_once *needs)
{
    go_once_do(own, init_at_once, needs);
}

SCENARIO(once_ring_unlucky, .about = "initialisers may need each other",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, start_at_once, &net, &dns);
    go_waitgroup_go(&wg, start_at_once, &dns, &net);
    go_waitgroup_wait(&wg);
}
