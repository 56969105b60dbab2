/* causal_test.c - clocks: what is past for whom, and what they cost. */
#include "runtime/sched/causal.h"

#include "runtime/sync/order.h"
#include "tests/inside.h"

/* A goroutine's state, as far as clocks go. */
static struct g some(uint64_t id)
{
    return (struct g){.id = id};
}

static uint32_t mark(struct g *g)
{
    const struct rt_causal *seen;
    uint32_t epoch;

    CHECK(rt_causal_mark(g, &epoch, &seen));
    return epoch;
}

static bool is_past(const struct g *of, uint32_t epoch, const struct g *g)
{
    return rt_causal_epoch(g->clock, of->id) >= epoch;
}

INSIDE_TEST(causal, nothing_is_past_before_a_release)
{
    struct g a = some(101), b = some(102);
    uint32_t epoch = mark(&a);

    rt_causal_acquire(&b, 7);
    CHECK(!is_past(&a, epoch, &b));
    rt_causal_release(&a, 7);
    CHECK(!is_past(&a, epoch, &b));
    rt_causal_acquire(&b, 7);
    CHECK(is_past(&a, epoch, &b));
    rt_causal_reset();
}

INSIDE_TEST(causal, what_is_marked_after_a_release_is_not_in_it)
{
    struct g a = some(101), b = some(102);
    uint32_t first = mark(&a), same = mark(&a), second;

    CHECK_EQ(first, same);
    rt_causal_release(&a, 7);
    second = mark(&a);
    CHECK(second > first);
    rt_causal_acquire(&b, 7);
    CHECK(is_past(&a, first, &b) && !is_past(&a, second, &b));
    rt_causal_reset();
}

INSIDE_TEST(causal, the_past_is_handed_on)
{
    struct g a = some(101), b = some(102), c = some(103);
    uint32_t one = mark(&a), two = mark(&b);

    rt_causal_give(&a, &b);
    rt_causal_release(&b, 7);
    rt_causal_fork(NULL, &c, 7);
    CHECK(is_past(&a, one, &c) && is_past(&b, two, &c));
    CHECK(!is_past(&b, two, &a));
    rt_causal_reset();
}

INSIDE_TEST(causal, a_meeting_goes_both_ways_and_a_fork_one)
{
    struct g a = some(101), b = some(102), child = some(103);
    uint32_t one = mark(&a), two = mark(&b), three;

    rt_causal_meet(&a, &b);
    CHECK(is_past(&a, one, &b) && is_past(&b, two, &a));
    rt_causal_fork(&a, &child, 0);
    three = mark(&child);
    CHECK(is_past(&a, one, &child) && is_past(&b, two, &child));
    CHECK(!is_past(&child, three, &a));
    rt_causal_reset();
}

INSIDE_TEST(causal, a_receiver_comes_after_its_own_sender_only)
{
    struct g a = some(101), b = some(102), c = some(103);
    uint32_t one = mark(&a), two = mark(&b);

    rt_causal_put(&a, 7, 4, 0);
    rt_causal_put(&b, 7, 4, 1);
    rt_causal_take(&c, 7, 4, 2);
    CHECK(is_past(&a, one, &c) && !is_past(&b, two, &c));
    rt_causal_take(&c, 7, 4, 1);
    CHECK(is_past(&b, two, &c));
    rt_causal_reset();
}

INSIDE_TEST(causal, a_sender_comes_after_who_made_room)
{
    struct g a = some(101), b = some(102), c = some(103);
    uint32_t one;

    mark(&a);
    rt_causal_put(&a, 7, 1, 0);
    one = mark(&b);
    rt_causal_take(&b, 7, 1, 1);
    rt_causal_put(&c, 7, 1, 0);
    CHECK(is_past(&b, one, &c));
    rt_causal_reset();
}

INSIDE_TEST(causal, what_lay_in_the_buffer_before_carries_nothing)
{
    struct g a = some(101), b = some(102);
    uint32_t one = mark(&a);

    rt_causal_put(&a, 7, 4, 2);
    rt_causal_take(&b, 7, 4, 3);
    rt_causal_take(&b, 7, 4, 2);
    CHECK(!is_past(&a, one, &b));
    rt_causal_take(&b, 7, 4, 1);
    CHECK(is_past(&a, one, &b));
    rt_causal_reset();
}

INSIDE_TEST(causal, in_a_long_buffer_doubt_counts_as_order)
{
    struct g a = some(101), b = some(102);
    uint32_t one = mark(&a);

    for (size_t i = 0; i < RT_CAUSAL_SLOTS; i++)
        rt_causal_put(i ? &b : &a, 7, 1000, i);
    mark(&b);
    rt_causal_put(&b, 7, 1000, RT_CAUSAL_SLOTS); /* in the place of a's */
    struct g c = some(103);
    rt_causal_take(&c, 7, 1000, RT_CAUSAL_SLOTS + 1);
    CHECK(is_past(&a, one, &c));
    rt_causal_reset();
}

INSIDE_TEST(causal, objects_without_room_share_a_clock)
{
    struct g a = some(101), b = some(102);
    uint32_t one = mark(&a);

    for (uint64_t key = 1; key <= RT_CAUSAL_OBJECTS + 1; key++)
        rt_causal_release(&a, key);
    rt_causal_acquire(&b, RT_CAUSAL_OBJECTS + 9);
    CHECK(is_past(&a, one, &b));
    rt_causal_reset();
}

INSIDE_TEST(causal, clocks_are_for_a_bounded_number_of_goroutines)
{
    const struct rt_causal *seen;
    uint32_t epoch;

    for (uint64_t i = 0; i < RT_CAUSAL_MAX; i++) {
        struct g g = some(1000 + i);

        mark(&g);
    }
    struct g more = some(1), old = some(1000);
    CHECK(!rt_causal_mark(&more, &epoch, &seen));
    old.epoch = 1;
    CHECK(rt_causal_mark(&old, &epoch, &seen));
    rt_causal_reset();
}
