/* ended_test.c - what became of goroutines that ended, and the locks they left. */
#include "runtime/sched/ended.h"

#include <string.h>

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"
#include "tests/inside.h"

static void end_holding(struct go_mutex *m)
{
    go_name("the one that forgets");
    go_mutex_lock(m);
}

INSIDE_TEST(ended, who_ended_and_what_it_still_held_is_kept)
{
    static struct go_mutex m;
    const struct go_inspect_ended *e;
    const struct rt_abandoned *list;

    go(end_holding, &m);
    let_all_park();
    e = rt_ended_find(2);
    CHECK(e && e->id == 2);
    CHECK(strcmp(e->name, "the one that forgets") == 0);
    CHECK(!rt_ended_find(1) && !rt_ended_find(3));
    CHECK_EQ(rt_abandoned(&list), 1);
    CHECK_EQ(list[0].goroutine, 2);
    CHECK(list[0].obj == &m.obj);
}

static struct p p[RT_PROCS_MAX];

static void begin(void)
{
    for (int i = 0; i < RT_PROCS_MAX; i++) {
        p[i].id = i;
        rt_s.ps[i] = &p[i];
    }
}

static void ends(int on, uint64_t id)
{
    struct g g = {.id = id, .name = "g"};

    rt_ended_note(&p[on], &g, (int64_t)id);
}

static bool is_known(uint64_t id)
{
    const struct go_inspect_ended *e = rt_ended_find(id);

    cr_assert(!e || (e->id == id && e->when == (int64_t)id));
    return e;
}

Test(ended, each_processor_keeps_its_newest)
{
    const uint64_t a = 5, b = a + RT_ENDED_KEPT, c = b + RT_ENDED_KEPT;

    begin();
    ends(0, a);
    ends(RT_PROCS_MAX - 1, b);
    cr_assert(is_known(a) && is_known(b) && !is_known(c));
    ends(0, c);
    cr_assert(!is_known(a) && is_known(b) && is_known(c));
}

Test(ended, nobody_has_ended_who_has_no_number)
{
    begin();
    cr_assert_not(is_known(0));
}

static void nothing(void)
{
}

static void end_some(void)
{
    CHECK(!rt_ended_find(2) && !rt_ended_find(3));
    go(nothing);
    go(nothing);
    let_all_park();
    CHECK(rt_ended_find(2) && rt_ended_find(3));
}

Test(ended, a_run_knows_nobody_of_the_one_before)
{
    INSIDE(end_some);
    INSIDE(end_some);
}
