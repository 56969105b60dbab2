/* handed_test.c - locks handed to goroutines that were not waiting. */
#include "runtime/sched/handed.h"
#include "runtime/sched/park.h"
#include "tests/inside.h"

static struct go_object one, two, other;

static void give(uint64_t id, struct go_object *obj, bool shared)
{
    struct rt_handed *entry = rt_handed_make();
    struct g *g = rt_enter();

    rt_handed_give(entry, rt_g_find(id), obj, NULL, shared);
    rt_leave(g);
}

static void nothing(void)
{
}

static void adopts_its_own(void)
{
    struct g *g = rt_g();

    go(nothing);
    CHECK(!rt_handed_adopt(g));
    give(1, &one, false);
    give(2, &other, false);
    give(1, &two, true);
    CHECK_EQ(rt_handed_count, 3);
    CHECK_EQ(g->nheld, 0);
    CHECK(rt_handed_adopt(g));
    CHECK_EQ(rt_handed_count, 1);
    CHECK_EQ(g->nheld, 2);
    CHECK(g->held[0].obj == &one && !g->held[0].shared);
    CHECK(g->held[1].obj == &two && g->held[1].shared);
    CHECK(!rt_handed_adopt(g));
    g->nheld = 0;
}
Test(handed, a_goroutine_adopts_what_is_its_own_in_order)
{
    INSIDE(adopts_its_own);
}

static uint32_t seen;
static void see(void *arg, const struct rt_held *held)
{
    CHECK(held->obj == arg);
    seen++;
}

static void visits(void)
{
    go(nothing);
    give(1, &one, false);
    give(2, &other, false);
    rt_handed_visit(rt_g(), see, &one);
    CHECK_EQ(seen, 1);
    rt_handed_visit(rt_g_find(2), see, &other);
    CHECK_EQ(seen, 2);
    CHECK_EQ(rt_handed_count, 2);
    CHECK_EQ(rt_g_find(2)->nheld, 0);
}
Test(handed, a_look_is_told_of_everybody_s_and_moves_nothing)
{
    INSIDE(visits);
}

static void entries_are_kept(void)
{
    struct rt_handed *entry = rt_handed_make();

    rt_handed_drop(NULL);
    rt_handed_drop(entry);
    CHECK(rt_handed_make() == entry);
    rt_handed_drop(entry);
}
Test(handed, an_entry_not_used_serves_the_next)
{
    INSIDE(entries_are_kept);
}

static void leaves_one(void)
{
    give(1, &one, false);
}
Test(handed, the_end_of_a_run_forgets_all)
{
    INSIDE(leaves_one);
    cr_assert_eq(rt_handed_count, 0);
}
