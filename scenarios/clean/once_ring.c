/*
 * once_ring - the twin: one needs the other, not the other way round.
 *
 * Expected: CLEAN; each initialiser has run once.
 */
#include "scenarios/check.h"

static struct go_once net, dns;
static struct go_atomic calls;

static void init_dns(void)
{
    go_atomic_add(&calls, 1);
    go_sleep(GO_MILLISECOND);
}

static void init_net(void)
{
    go_atomic_add(&calls, 1);
    go_once_do(&dns, init_dns);
}

static void start_net(void)
{
    go_once_do(&net, init_net);
}

static void start_dns(void)
{
    go_once_do(&dns, init_dns);
}

SCENARIO(once_ring, .about = "initialisers that need each other one way")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, start_net);
    go_waitgroup_go(&wg, start_dns);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&calls), 2);
}

static void nothing(void)
{
}

static void init_at_once(void)
{
    go_once_do(&dns, nothing);
}

static void start_at_once(struct go_once *own, bool needs)
{
    if (needs)
        go_once_do(own, init_at_once);
    else
        go_once_do(own, nothing);
}

SCENARIO(once_ring_unlucky,
         .about = "initialisers that need each other one way", .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, start_at_once, &net, true);
    go_waitgroup_go(&wg, start_at_once, &dns, false);
    go_waitgroup_wait(&wg);
}
