/* explore_hold_test.c - who holds and waits comes last. */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "runtime/sched/sanitize.h"
#include "tests/strategic.h"

/* ThreadSanitizer needs a millisecond for each goroutine. */
#ifdef RT_TSAN
#define SLOW_HERE true
#else
#define SLOW_HERE false
#endif

enum {
    RING = 8
};
static struct go_mutex lock[RING];

static void take_two(int i)
{
    go_mutex_lock(&lock[i]);
    go_mutex_lock(&lock[(i + 1) % RING]);
    go_mutex_unlock(&lock[(i + 1) % RING]);
    go_mutex_unlock(&lock[i]);
}

static void ring(void)
{
    struct go_waitgroup wg = {0};

    memset(lock, 0, sizeof(lock));
    for (int i = 0; i < RING; i++)
        go_waitgroup_go(&wg, take_two, i);
    go_waitgroup_wait(&wg);
}

/* How often it gets stuck in 40 schedules. */
static int closed(const struct hn_strategy_kind *kind, void (*body)(void),
                  uint64_t seed)
{
    struct strategic t = {.kind = kind, .seed = seed, .most = 40};

    strategic_run(&t, body);
    return (int)t.ended[GO_END_STUCK];
}

/* A walk closes it in one of some hundred. */
Test(hold, a_long_ring_closes_at_once)
{
    for (uint64_t seed = 1; seed <= 20; seed++)
        cr_assert_geq(closed(&hn_hold, ring, seed), 1, "seed %d", (int)seed);
}

static void in_turn(int i)
{
    for (int k = 0; k < 300; k++) {
        go_mutex_lock(&lock[i]);
        go_mutex_unlock(&lock[i]);
    }
    take_two(i);
}

static void after_many(void)
{
    struct go_waitgroup wg = {0};

    memset(lock, 0, sizeof(lock));
    for (int i = 0; i < RING; i++)
        go_waitgroup_go(&wg, in_turn, i);
    go_waitgroup_wait(&wg);
}

/* What was unlocked is held no more: it has room for those that come. */
Test(hold, unlocked_is_forgotten)
{
    if (SLOW_HERE)
        return;
    cr_assert_geq(closed(&hn_hold, after_many, 3), 1);
}
