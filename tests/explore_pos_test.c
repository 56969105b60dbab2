/* explore_pos_test.c - ranks of operations: kept, and drawn again. */
#include <vigil/go.h>

#include "harness/explore/walk.h"
#include "tests/fed.h"
#include "tests/lockers.h"
#include "tests/strategic.h"
#include "runtime/sched/sanitize.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

static struct strategic t;

static void teardown(void)
{
    strategic_forget(&t);
}
TestSuite(pos, .fini = teardown);

/* ---- races, and what is none ---------------------------------------------*/

static int order[2], done;
static uint64_t lates;

static void late(struct go_mutex *mine, struct go_mutex *m)
{
    for (int i = 0; i < 10; i++)
        lockers_section(mine);
    go_mutex_lock(m);
    order[done++] = 0;
    go_mutex_unlock(m);
}

static void early(struct go_mutex *m)
{
    go_mutex_lock(m);
    order[done++] = 1;
    go_mutex_unlock(m);
}

static void race(void)
{
    struct go_mutex mine = {0}, m = {0};
    struct go_waitgroup wg = {0};

    done = 0;
    go_waitgroup_go(&wg, late, &mine, &m);
    go_waitgroup_go(&wg, early, &m);
    go_waitgroup_wait(&wg);
}

static void look_who_is_late(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    lates += order[0] == 0;
}

static uint64_t late_first(const struct hn_strategy_kind *kind)
{
    lates = 0;
    strategic_use(&t, kind, 1, 12000);
    t.each = look_who_is_late;
    strategic_run(&t, race);
    return lates;
}

Test(pos, does_not_mind_steps_on_other_objects)
{
    uint64_t n = late_first(&hn_pos);

    /* The one rank against eleven: 1 / 12; a random walk has 1 / 2,048. */
    cr_assert(n > 880 && n < 1120, "%lu", n);
    cr_assert_lt(late_first(&hn_random), 30);
}

Test(pos, draws_again_after_a_race)
{
    /* Of two that race at every step no rank is old: as the random walk. */
    strategic_use(&t, &hn_pos, 1, 100000);
    strategic_keep(&t);
    strategic_run(&t, lockers);
    cr_assert_eq(t.distinct, 20);
    cr_assert(strategic_fits(&t, true));
}

/* ---- by hand: who is drawn again, and who is not -------------------------*/

static const int x, y, z; /* objects */
static struct hn_strategy *s;

static void fed_setup(void)
{
    s = hn_strategy_make(&hn_pos, 0, 1);
    cr_assert(s);
}

static void fed_teardown(void)
{
    hn_pos.free(s);
}
TestSuite(pos_fed, .init = fed_setup, .fini = fed_teardown);

/* How often of 12,000 the task goes second, after another first. */
static void is_about(uint64_t times, uint64_t of_twelve)
{
    cr_assert(times > of_twelve * 1000 - 350 && times < of_twelve * 1000 + 350,
              "%lu, not %lu", times, of_twelve * 1000);
}

Test(pos_fed, who_lost_keeps_its_rank)
{
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_LOCK, &x, 0, NULL},
                   {2, GO_OP_LOCK, &y, 0, NULL}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {1, GO_OP_LOCK, &z, 0, NULL},
                     {2, GO_OP_LOCK, &y, 0, NULL}) == 1;
    }
    is_about(times, 8); /* the least of two is below a third: 2 / 3 */
}

Test(pos_fed, who_raced_and_lost_is_drawn_again)
{
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_STORE, &x, 0, NULL},
                   {2, GO_OP_LOAD, &x, 0, NULL}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {1, GO_OP_LOCK, &z, 0, NULL},
                     {2, GO_OP_LOAD, &x, 0, NULL}) == 1;
    }
    is_about(times, 6);
}

Test(pos_fed, two_who_only_look_do_not_race)
{
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_LOAD, &x, 0, NULL},
                   {2, GO_OP_LOAD, &x, 0, NULL}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {1, GO_OP_LOCK, &z, 0, NULL},
                     {2, GO_OP_LOAD, &x, 0, NULL}) == 1;
    }
    is_about(times, 8);
}

Test(pos_fed, a_send_and_a_receive_do_not_race)
{
    const struct go_case send = {.op = GO_CASE_SEND}, recv = {0};
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_SEND, &x, 0, &send},
                   {2, GO_OP_RECV, &x, 0, &recv}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {1, GO_OP_LOCK, &z, 0, NULL},
                     {2, GO_OP_RECV, &x, 0, &recv}) == 1;
    }
    is_about(times, 8);
}

Test(pos_fed, what_touches_nothing_is_drawn_anew_when_it_is_done)
{
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_SLEEP, NULL, 0, NULL},
                   {2, GO_OP_LOCK, &y, 0, NULL}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {1, GO_OP_SLEEP, NULL, 0, NULL},
                     {2, GO_OP_LOCK, &y, 0, NULL}) == 1;
    }
    is_about(times, 8);
}

Test(pos_fed, both_who_meet_stand_at_something_new)
{
    uint64_t times = 0;

    for (int i = 0; i < 12000; i++) {
        hn_pos.begin(s);
        while (FED(&hn_pos, s, {1, GO_OP_SEND, &x, 2, NULL},
                   {2, GO_OP_SELECT, &y, 0, NULL}) != 1)
            hn_pos.begin(s);
        times += FED(&hn_pos, s, {2, GO_OP_LOCK, &z, 0, NULL},
                     {3, GO_OP_LOCK, &y, 0, NULL}) == 2;
    }
    is_about(times, 6); /* and not a third, as who lost to 1 */
}

/* How often of 100 the task yields before the other does what it is at. */
static uint64_t yields_first(void)
{
    uint64_t times = 0;

    for (int i = 0; i < 100; i++)
        times += FED(&hn_pos, s, {1, GO_OP_YIELD, NULL, 0, NULL},
                     {2, GO_OP_LOCK, &y, 0, NULL}) == 1;
    return times;
}

Test(pos_fed, who_yields_again_and_again_waits)
{
    uint64_t times = 0;

    for (int i = 0; i < 100; i++) {
        hn_pos.begin(s);
        times += yields_first();
    }
    cr_assert(times > 0 && times <= 100 * HN_YIELDS, "%lu", times);
}

/* Each may stand at a look that was drawn before. */
Test(pos_fed, who_looks_for_long_waits)
{
    uint32_t run = 0, longest = 0;

    hn_pos.begin(s);
    for (int i = 0; i < 100000; i++) {
        run = FED(&hn_pos, s, {1, GO_OP_LOAD, &x, 0, NULL},
                  {2, GO_OP_TRYLOCK, &y, 0, NULL},
                  {3, GO_OP_LOCK, &z, 0, NULL}) == 3
                  ? 0
                  : run + 1;
        longest = longest < run ? run : longest;
    }
    cr_assert(longest > HN_LOOKS && longest <= HN_LOOKS + 3, "%u", longest);
}

Test(pos_fed, all_who_wait_have_their_turn)
{
    uint32_t last[4] = {0};

    hn_pos.begin(s);
    for (uint32_t i = 1; i < 300; i++) {
        uint32_t who = FED(&hn_pos, s, {1, GO_OP_LOAD, &x, 0, NULL},
                           {2, GO_OP_TRYLOCK, &y, 0, NULL},
                           {3, GO_OP_UPDATE, &z, 0, NULL});

        if (i > 2 * HN_LOOKS)
            cr_assert_eq(i - last[who], 3);
        last[who] = i;
    }
}

#endif
