/* follow_test.c - the default schedule, and those that deviate from it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/follow.h"
#include "harness/explore/plan.h"
#include "runtime/sched/task.h"

/* ---- made-up moments -----------------------------------------------------*/

static struct go_point points[8];
static struct go_step steps[8];
static uint32_t nsteps;

static void setup(void)
{
    nsteps = 0;
    memset(points, 0, sizeof(points));
}
TestSuite(follow, .init = setup);

static uint32_t task(const char *path)
{
    return *path == '-' ? GO_NOWHERE : go_task_find(path, strlen(path));
}

static uint32_t can(const char *path, enum go_op op, int32_t which,
                    const char *partner)
{
    static const struct go_site site = {"x.c", "f", "m", NULL, 12};

    points[nsteps] = (struct go_point){
        .task = task(path), .op = (uint16_t)op, .site = &site};
    steps[nsteps] = (struct go_step){&points[nsteps], which, task(partner), -1};
    return nsteps++;
}

static uint32_t clock_can(void)
{
    steps[nsteps] = (struct go_step){NULL, -1, GO_NOWHERE, -1};
    return nsteps++;
}

/* ---- the default ---------------------------------------------------------*/

static uint32_t usual(const char *last, uint32_t row)
{
    struct hn_default d = {.last = task(last), .row = row};

    return hn_default_step(&d, steps, nsteps);
}

Test(follow, who_ran_goes_on)
{
    can("b", GO_OP_LOCK, -1, "-");
    can("c", GO_OP_LOCK, -1, "-");
    cr_assert_eq(usual("c", 1), 1);
    cr_assert_eq(usual("b", 1), 0);
}

Test(follow, who_ran_goes_on_by_meeting_somebody)
{
    can("b", GO_OP_LOCK, -1, "-");
    can("c", GO_OP_SEND, 0, "d");
    cr_assert_eq(usual("d", 1), 1);
}

Test(follow, who_is_met_is_the_first_by_its_path)
{
    task("dd"); /* known before the other */
    can("dd", GO_OP_SEND, 0, "c");
    can("b", GO_OP_SEND, 0, "c");
    cr_assert_eq(usual("c", 1), 1);
}

Test(follow, else_the_first_by_its_path_not_its_number)
{
    task("dc"); /* known before the others */
    task("d");
    can("dc", GO_OP_LOCK, -1, "-");
    can("d", GO_OP_LOCK, -1, "-");
    can("c", GO_OP_LOCK, -1, "-");
    cr_assert_eq(usual("b", 1), 2);
    cr_assert_eq(usual("-", 0), 2);
}

Test(follow, a_yield_lets_others_go_first)
{
    can("b", GO_OP_YIELD, -1, "-");
    can("c", GO_OP_LOCK, -1, "-");
    cr_assert_eq(usual("b", 1), 1);
    setup();
    can("b", GO_OP_YIELD, -1, "-");
    can("c", GO_OP_YIELD, -1, "-");
    can("d", GO_OP_YIELD, -1, "-");
    cr_assert_eq(usual("b", 1), 1);
    cr_assert_eq(usual("c", 1), 2);
    cr_assert_eq(usual("d", 1), 0);
}

Test(follow, nobody_goes_on_for_ever)
{
    can("b", GO_OP_TRYLOCK, -1, "-");
    can("c", GO_OP_LOCK, -1, "-");
    cr_assert_eq(usual("b", HN_ROW - 1), 0);
    cr_assert_eq(usual("b", HN_ROW), 1);
}

Test(follow, who_take_turns_do_not_keep_others_waiting_for_ever)
{
    struct hn_default d = {.last = task("b"), .row = 1};

    can("d", GO_OP_LOCK, -1, "-");
    can("b", GO_OP_LOCK, -1, "-");
    can("c", GO_OP_YIELD, -1, "-");
    d.taken = HN_TURN - 2;
    cr_assert_eq(hn_default_step(&d, steps, nsteps), 1);
    d.taken = HN_TURN - 1;
    cr_assert_eq(hn_default_step(&d, steps, nsteps), 0);
    d.taken = 2 * HN_TURN - 1;
    cr_assert_eq(hn_default_step(&d, steps, nsteps), 1);
    setup();
    clock_can();
    cr_assert_eq(hn_default_step(&d, steps, nsteps), 0);
}

Test(follow, the_clock_comes_last)
{
    clock_can();
    can("c", GO_OP_YIELD, -1, "-");
    cr_assert_eq(usual("-", 0), 1);
    setup();
    clock_can();
    cr_assert_eq(usual("b", 1), 0);
}

/* ---- deviations ----------------------------------------------------------*/

static uint32_t found(uint32_t t, int32_t which, uint32_t partner)
{
    struct hn_deviation d = {0, t, which, partner, -1, false};

    return hn_schedule_find(steps, nsteps, &d);
}

Test(follow, a_deviation_names_one_step_or_none)
{
    can("b", GO_OP_SELECT, 0, "c");
    can("b", GO_OP_SELECT, 1, "d");
    can("c", GO_OP_LOCK, -1, "-");
    clock_can();
    cr_assert_eq(found(task("b"), 1, GO_NOWHERE), 1);
    cr_assert_eq(found(task("b"), -1, task("d")), 1);
    cr_assert_eq(found(task("b"), -1, GO_NOWHERE), 0);
    cr_assert_eq(found(task("c"), -1, GO_NOWHERE), 2);
    cr_assert_eq(found(GO_NOWHERE, -1, GO_NOWHERE), 3);
    cr_assert_eq(found(task("b"), 2, GO_NOWHERE), GO_NOWHERE);
    cr_assert_eq(found(task("d"), -1, GO_NOWHERE), GO_NOWHERE);
    can("b", GO_OP_TRYSEND, -1, "-"); /* as it stands, not the first of b's */
    cr_assert_eq(found(task("b"), -1, GO_NOWHERE), 4);
    cr_assert_eq(found(task("b"), 0, GO_NOWHERE), 0);
}

static struct hn_schedule one(struct hn_deviation d)
{
    struct hn_schedule s = {0};

    cr_assert(hn_schedule_add(&s, d));
    return s;
}

Test(follow, strictly_what_cannot_be_ends_it_and_is_told)
{
    struct hn_schedule s =
        one((struct hn_deviation){1, task("d"), -1, GO_NOWHERE, -1, false});
    struct hn_follow f = {.schedule = &s};

    can("b", GO_OP_LOCK, -1, "-");
    hn_follow_begin(&f);
    cr_assert_eq(hn_follow_choose(&f, steps, nsteps), 0);
    cr_assert_eq(hn_follow_choose(&f, steps, nsteps), GO_NOWHERE);
    cr_assert(!hn_follow_end(&f));
    cr_assert_str_eq(f.misfit, "choice 1 is to be a step of d, but what can be "
                               "done is b: lock m at x.c:12");
    hn_schedule_free(&s);
}

static struct hn_deviation left_out[4];
static size_t nleft_out;

static void keep_left_out(void *arg, const struct hn_deviation *d)
{
    (void)arg;
    left_out[nleft_out++] = *d;
}

Test(follow, loosely_it_is_left_out_and_told)
{
    struct hn_schedule s =
        one((struct hn_deviation){0, task("d"), -1, GO_NOWHERE, -1, false});
    struct hn_follow f = {
        .schedule = &s, .loose = true, .skipped = keep_left_out};

    hn_schedule_add(&s, (struct hn_deviation){7, 0, -1, GO_NOWHERE, -1, false});
    nleft_out = 0;
    can("b", GO_OP_LOCK, -1, "-");
    hn_follow_begin(&f);
    cr_assert_eq(hn_follow_choose(&f, steps, nsteps), 0);
    cr_assert_eq(nleft_out, 1);
    cr_assert(hn_follow_end(&f));
    cr_assert_eq(nleft_out, 2, "and what was to come");
    cr_assert_eq(left_out[1].at, 7);
    hn_schedule_free(&s);
}

Test(follow, numbers_are_choices_too)
{
    struct hn_schedule s =
        one((struct hn_deviation){1, GO_NOWHERE, 3, GO_NOWHERE, -1, true});
    struct hn_follow f = {.schedule = &s};

    hn_follow_begin(&f);
    cr_assert_eq(hn_follow_number(&f, 0, 5), 0);
    cr_assert_eq(hn_follow_number(&f, 0, 5), 3);
    cr_assert(hn_follow_end(&f));
    hn_follow_begin(&f);
    hn_follow_number(&f, 0, 5);
    cr_assert_eq(hn_follow_number(&f, 0, 3), 0, "3 is not below 3");
    cr_assert(!hn_follow_end(&f));
    hn_schedule_free(&s);
}

Test(follow, what_is_left_of_it_at_the_end_is_told)
{
    struct hn_schedule s =
        one((struct hn_deviation){7, 0, -1, GO_NOWHERE, -1, false});
    struct hn_follow f = {.schedule = &s};

    hn_follow_begin(&f);
    cr_assert(!hn_follow_end(&f));
    cr_assert(strstr(f.misfit, "choice 7"));
    hn_schedule_free(&s);
}

static uint16_t hash_of(const char *first, const char *second)
{
    struct hn_follow f = {0};

    hn_follow_begin(&f);
    setup();
    can(first, GO_OP_LOCK, -1, "-");
    hn_follow_choose(&f, steps, nsteps);
    setup();
    can(second, GO_OP_SEND, -1, "-");
    hn_follow_choose(&f, steps, nsteps);
    return hn_follow_hash(&f);
}

Test(follow, the_hash_is_of_who_did_what_in_order)
{
    cr_assert_eq(hash_of("b", "c"), hash_of("b", "c"));
    cr_assert_neq(hash_of("b", "c"), hash_of("c", "b"));
    cr_assert_neq(hash_of("b", "c"), hash_of("b", "bc"));
}

/* ---- plans ---------------------------------------------------------------*/

Test(follow, a_plan_is_a_word_and_back)
{
    struct hn_plan explore = {.kind = HN_PLAN_EXPLORE,
                              .ask = {.strategy = "surw",
                                      .schedules = UINT64_MAX,
                                      .time = 5,
                                      .seed = 7,
                                      .racy = true}},
                   back;
    char *text = hn_plan_write(&explore);

    cr_assert(hn_plan_read(text, &back));
    cr_assert_eq(back.kind, HN_PLAN_EXPLORE);
    cr_assert_str_eq(back.ask.strategy, "surw");
    cr_assert(back.ask.schedules == UINT64_MAX && back.ask.time == 5 &&
              back.ask.seed == 7 && back.ask.racy);
    free(text);
    hn_plan_free(&back);
    cr_assert(hn_plan_read("-", &back));
    cr_assert_eq(back.kind, HN_PLAN_NONE);
    cr_assert(!hn_plan_read("explore surw", &back));
    cr_assert(!hn_plan_read("replay gx1:a:*:", &back));
    cr_assert(!hn_plan_read("", &back));
}

static struct hn_plan there_and_back(struct hn_plan plan)
{
    struct hn_plan back;
    char *text = hn_plan_write(&plan);

    cr_assert(hn_plan_read(text, &back), "%s", text);
    free(text);
    return back;
}

Test(follow, a_plan_to_replay_has_its_manner_and_file)
{
    struct hn_plan p = there_and_back((struct hn_plan){
        .kind = HN_PLAN_REPLAY, .token = "gx1:a:*:", .follow = HN_LOOSE});

    cr_assert(p.kind == HN_PLAN_REPLAY && p.follow == HN_LOOSE && !p.sched);
    cr_assert_str_eq(p.token, "gx1:a:*:");
    hn_plan_free(&p);
    p = there_and_back((struct hn_plan){
        .kind = HN_PLAN_REPLAY, .token = "gx1:a:*:", .sched = "/a b.sched"});
    cr_assert(p.follow == HN_STRICT && !p.token, "the file has it");
    cr_assert_str_eq(p.sched, "/a b.sched");
    hn_plan_free(&p);
}

Test(follow, a_plan_to_explore_may_save_and_begin_by_a_token)
{
    struct hn_plan p = there_and_back(
        (struct hn_plan){.kind = HN_PLAN_EXPLORE,
                         .token = "gx1:a:*:@1=b",
                         .follow = HN_PREFIX,
                         .save = true,
                         .ask = {.strategy = "pct", .schedules = 9}});

    cr_assert(p.kind == HN_PLAN_EXPLORE && p.follow == HN_PREFIX && p.save);
    cr_assert_str_eq(p.token, "gx1:a:*:@1=b");
    cr_assert_str_eq(p.strategy, "pct");
    hn_plan_free(&p);
    p = there_and_back((struct hn_plan){.kind = HN_PLAN_EXPLORE,
                                        .token = "gx1:a:*:@1=b",
                                        .sched = "/a b.sched",
                                        .follow = HN_PREFIX,
                                        .ask = {.strategy = "pct"}});
    cr_assert(p.follow == HN_PREFIX && !p.token, "the file has it");
    cr_assert_str_eq(p.sched, "/a b.sched");
    hn_plan_free(&p);
}
