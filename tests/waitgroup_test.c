/* waitgroup_test.c - counting, waiting, members. */
#include "runtime/sync/object.h"
#include "tests/parked.h"

static struct go_waitgroup wg;
static int returned;

static void waits(void)
{
    go_waitgroup_wait(&wg);
    returned++;
}

static void nothing(void)
{
}

static void counts(void)
{
    go_waitgroup_wait(&wg);
    go_waitgroup_add(&wg, 2);
    go(waits);
    go(waits);
    until_parked(2, GO_WAIT_WAITGROUP);
    go_waitgroup_done(&wg);
    CHECK_EQ(parked(GO_WAIT_WAITGROUP), 2);
    go_waitgroup_done(&wg);
    CHECK_EQ(parked(GO_WAIT_WAITGROUP), 0);
    CHECK_EQ(wg.done.goroutine, 1);
    CHECK_EQ(wg.done.site->line, __LINE__ - 3);
    CHECK_EQ(wg.by_hand, 1);
    while (returned < 2)
        go_yield();
}
Test(waitgroup, the_last_done_wakes_all)
{
    INSIDE(counts);
}

static void negative(void)
{
    CHECK_PANIC(go_try(go_waitgroup_done_at, &wg, NULL),
                "sync: negative WaitGroup counter");
    CHECK_EQ(wg.count, -1);
    go_waitgroup_add(&wg, 3);
    CHECK_PANIC(go_try(go_waitgroup_add_at, &wg, -3, NULL),
                "sync: negative WaitGroup counter");
}
Test(waitgroup, below_zero_panics)
{
    INSIDE(negative);
}

static void stays(chan(int) until)
{
    chan_recv(until);
}

/* Nobody added by hand, and yet the members are not all who may count down. */
static void for_a_member(void)
{
    chan(int) until = chan_make(int, 0);

    go_waitgroup_go(&wg, stays, until);
    CHECK_EQ(wg.by_hand, 0);
    go_waitgroup_done(&wg);
    CHECK_EQ(rt_g()->last->line, __LINE__ - 1);
    CHECK_EQ(wg.by_hand, 1);
    CHECK_EQ(wg.done.goroutine, 1);
    go_waitgroup_wait(&wg);
    go_waitgroup_add(&wg, 1); /* for it counts down, too */
    chan_close(until);
    go_waitgroup_wait(&wg);
    CHECK_EQ(wg.done.goroutine, 2);
    CHECK_EQ(wg.earlier[0].goroutine, 1);
}
Test(waitgroup, a_done_by_hand_is_noted_as_such)
{
    INSIDE(for_a_member);
}

static struct go_object *seen_member;
static void look_at_membership(void)
{
    seen_member = rt_g()->member;
    CHECK_EQ(wg.members, 1);
}
static void members(void)
{
    go_waitgroup_go(&wg, look_at_membership);
    CHECK_EQ(wg.count, 1);
    CHECK_EQ(wg.added.goroutine, 1);
    go_waitgroup_wait(&wg);
    CHECK(seen_member == &wg.obj);
    CHECK_EQ(wg.members, 0);
    CHECK_EQ(wg.by_hand, 0);
    CHECK_EQ(wg.done.goroutine, 2);
}
Test(waitgroup, go_makes_a_member_until_its_end)
{
    INSIDE(members);
}

static void exits(void)
{
    go_exit();
}
static void adds_one(void)
{
    go_waitgroup_go(&wg, nothing);
    go_yield();
}
static void any_end(void)
{
    go_waitgroup_go(&wg, exits);
    go_waitgroup_go(&wg, adds_one);
    go_waitgroup_wait(&wg);
    CHECK_EQ(wg.count, 0);
    CHECK_EQ(go_count(), 1);
}
Test(waitgroup, a_member_counts_down_however_it_ends)
{
    INSIDE(any_end);
}

/* The first waiter to wake uses the group again while another still waits. */
static void waits_and_adds(void)
{
    go_waitgroup_wait(&wg);
    go_waitgroup_add(&wg, 1);
}
static void reused(void)
{
    go_waitgroup_add(&wg, 1);
    go(waits_and_adds);
    until_parked(1, GO_WAIT_WAITGROUP);
    go_waitgroup_done(&wg);
    go_waitgroup_add(&wg, 1);
    go_yield();
}

Test(waitgroup, reuse_before_wait_has_returned_panics)
{
    struct go_outcome outcome = {0};
    const struct go_run run = body_program(reused, &outcome);

    cr_assert_eq(go_run(&run), 2);
    cr_assert_str_eq(outcome.panic, "sync: WaitGroup is reused before previous "
                                    "Wait has returned");
}

static void rounds(void)
{
    for (int i = 0; i < 100; i++) {
        for (int k = 0; k < 3; k++)
            go_waitgroup_go(&wg, nothing);
        go_waitgroup_wait(&wg);
        CHECK_EQ(wg.count, 0);
        CHECK_EQ(wg.members, 0);
    }
}
Test(waitgroup, it_can_be_used_again_after_wait)
{
    INSIDE(rounds);
}

static void nil_function(void)
{
    void (*none)(void) = NULL;
    struct go_call call = {(go_fn *)none, {0}};

    CHECK_PANIC(go_try(go_waitgroup_go_at, &wg, &call, NULL),
                "go of nil func value");
    CHECK_EQ(wg.count, 0);
}
Test(waitgroup, nil_function_panics_and_counts_nothing)
{
    INSIDE(nil_function);
}

static void never_done(void)
{
    go_waitgroup_add(&wg, 1);
    go_waitgroup_wait(&wg);
}
Test(waitgroup, a_done_too_few_is_a_deadlock)
{
    expect_deadlock(never_done);
}

static void counts_down_twice(void)
{
    go_waitgroup_done(&wg);
    go_waitgroup_done(&wg);
}

/* Six goroutines count down, each twice; the four latest are told. */
static void ledger(void)
{
    struct go_inspect_object o;

    go_waitgroup_add(&wg, 13);
    rt_object_inspect(&wg.obj, &wg.obj, &o);
    CHECK(o.nuse == 1 && o.use[0].did == GO_DID_ADD);
    for (int left = 11; left > 0; left -= 2) {
        go(counts_down_twice);
        while (wg.count > left)
            go_yield();
    }
    rt_object_inspect(&wg.obj, &wg.obj, &o);
    CHECK_EQ(o.nuse, 5);
    for (unsigned i = 1; i < 5; i++) {
        CHECK(o.use[i].did == GO_DID_DONE);
        CHECK_EQ(o.use[i].by.goroutine, 8 - i);
    }
    CHECK_EQ(o.use[1].by.site->line, o.use[4].by.site->line);
    go_waitgroup_done(&wg);
    rt_object_inspect(&wg.obj, &wg.obj, &o);
    CHECK(o.use[1].by.goroutine == 1 && o.use[4].by.goroutine == 5);
}
Test(waitgroup, those_that_counted_down_last_are_told_newest_first)
{
    INSIDE(ledger);
}

static void takes_turns(int times)
{
    while (times--) {
        go_waitgroup_done(&wg);
        go_yield();
    }
}

static void ledger_of_two(void)
{
    struct go_inspect_object o;

    go_waitgroup_add(&wg, 20);
    go(takes_turns, 10);
    go(takes_turns, 10);
    go_waitgroup_wait(&wg);
    rt_object_inspect(&wg.obj, &wg.obj, &o);
    CHECK_EQ(o.nuse, 3);
    CHECK_EQ(o.use[1].by.goroutine + o.use[2].by.goroutine, 5);
}
Test(waitgroup, each_that_counted_down_is_told_once)
{
    INSIDE(ledger_of_two);
}
