/* explore_past_test.c - what races, by steps that are handed in. */
#include "harness/explore/past.h"

#include <criterion/criterion.h>

static struct hn_past p;
static uint32_t place; /* of the last event */
static const int object[4];

static void setup(void)
{
    p = (struct hn_past){0};
    place = 0;
}

static void teardown(void)
{
    hn_past_free(&p);
}
TestSuite(past, .init = setup, .fini = teardown);

/* A task does something to an object; returns how many races that has. */
static uint32_t step(uint32_t task, enum go_op op, int i)
{
    const struct go_point point = {
        .task = task, .op = (uint16_t)op, .object = &object[i]};
    const struct go_step s = {&point, -1, GO_NOWHERE, -1};

    p.nraces = 0;
    hn_deeds_reserve(&p.deeds);
    hn_deeds_step(&p.deeds, &s, ++place);
    hn_past_step(&p, &p.deeds.all[p.deeds.n - 1]);
    return p.nraces;
}

static void note_other(enum go_note what, uint32_t task, const void *at,
                       uint32_t other)
{
    hn_deeds_reserve(&p.deeds);
    hn_deeds_note(&p.deeds, what, task, at, other, place);
    hn_past_note(&p, &p.deeds.all[p.deeds.n - 1], hn_line(task));
}

static void note(enum go_note what, uint32_t task, int i)
{
    note_other(what, task, &object[i], GO_NOWHERE);
}

Test(past, a_lock_races_with_the_lock_and_not_with_the_unlock)
{
    cr_assert_eq(step(1, GO_OP_LOCK, 0), 0);
    note(GO_NOTE_RELEASE, 1, 0);
    cr_assert_eq(step(2, GO_OP_LOCK, 0), 1);
    cr_assert_eq(p.races[0].event, 1);
    cr_assert_eq(p.races[0].line, hn_line(2));
}

Test(past, all_before_that_are_not_past_race)
{
    for (uint32_t task = 1; task <= 3; task++) {
        cr_assert_eq(step(task, GO_OP_LOCK, 0), task - 1);
        note(GO_NOTE_RELEASE, task, 0);
    }
}

Test(past, what_a_task_knew_when_it_came_does_not_race)
{
    step(1, GO_OP_LOCK, 0);
    note(GO_NOTE_RELEASE, 1, 0);
    step(2, GO_OP_LOCK, 0);
    note(GO_NOTE_RELEASE, 2, 0);
    cr_assert_eq(step(2, GO_OP_LOCK, 0), 0);
    note_other(GO_NOTE_SPAWN, 2, NULL, 3);
    cr_assert_eq(step(3, GO_OP_LOCK, 0), 0);
}

Test(past, others_objects_do_not_race)
{
    step(1, GO_OP_STORE, 0);
    cr_assert_eq(step(2, GO_OP_STORE, 1), 0);
    cr_assert_eq(step(3, GO_OP_LOAD, 0), 1);
    cr_assert_eq(step(4, GO_OP_LOAD, 0), 1, "two loads raced");
}

Test(past, time_orders_all_for_who_comes_later_only)
{
    step(1, GO_OP_STORE, 0);
    note(GO_NOTE_CLOCK, GO_NOWHERE, 0);
    cr_assert_eq(step(2, GO_OP_STORE, 0), 0);
}

/* Each of the two for itself: what the one knew the other need not have. */
Test(past, both_who_meet_race_with_a_timer_that_fired_early)
{
    const struct go_step clock = {NULL, -1, GO_NOWHERE, -1};
    const uint32_t one = 40, other = 41; /* of whom time knew nothing yet */
    const struct go_point point = {
        .task = one, .op = GO_OP_STORE, .object = &object[0]};
    const struct go_step s = {&point, -1, GO_NOWHERE, -1};

    hn_deeds_reserve(&p.deeds);
    hn_deeds_step(&p.deeds, &clock, ++place);
    hn_past_step(&p, &p.deeds.all[0]);
    cr_assert_leq(p.clocks.width, hn_line(one));
    cr_assert_eq(step(one, GO_OP_STORE, 0), 1);
    cr_assert_eq(p.races[0].line, hn_line(one));
    p.nraces = 0;
    hn_deeds_reserve(&p.deeds);
    hn_deeds_step(&p.deeds, &s, ++place);
    p.deeds.all[2].other = hn_line(other);
    hn_past_step(&p, &p.deeds.all[2]);
    cr_assert_eq(p.nraces, 1);
    cr_assert_eq(p.races[0].event, 1);
    cr_assert_eq(p.races[0].line, hn_line(other));
}

Test(past, undone_is_as_if_it_had_not_been)
{
    struct hn_mark m;

    step(1, GO_OP_STORE, 0);
    m = hn_past_mark(&p);
    cr_assert_eq(step(2, GO_OP_STORE, 0), 1);
    cr_assert_eq(step(2, GO_OP_STORE, 1), 0);
    hn_past_undo(&p, m);
    place = 1;
    cr_assert_eq(step(2, GO_OP_STORE, 1), 0);
    cr_assert_eq(step(3, GO_OP_STORE, 0), 1, "an undone store is there yet");
    cr_assert_eq(step(2, GO_OP_STORE, 0), 2);
}

Test(past, a_writer_comes_after_all_readers_but_its_step_does_not)
{
    const struct hn_race reader = {1, hn_line(1)};
    uint32_t clock;

    step(1, GO_OP_RLOCK, 0);
    step(1, GO_OP_STORE, 1);
    note(GO_NOTE_RUNLOCK, 1, 0);
    step(2, GO_OP_WLOCK, 0);
    clock = p.accesses[p.naccesses - 1].clock;
    cr_assert(hn_clock_has(&p.clocks, clock, reader.line, 1));
    cr_assert_not(hn_clock_has(&p.clocks, clock, reader.line, 2));
    cr_assert(
        hn_clock_has(&p.clocks, p.lived[hn_line(2)].clock, reader.line, 2));
}

/* Woken by one of them; the other's unlock is what it waited for as well. */
Test(past, a_writer_that_is_woken_comes_after_all_readers)
{
    step(1, GO_OP_RLOCK, 0);
    step(3, GO_OP_RLOCK, 0);
    step(2, GO_OP_WLOCK, 0);
    step(3, GO_OP_STORE, 1);
    note(GO_NOTE_RUNLOCK, 3, 0);
    step(1, GO_OP_STORE, 2);
    note(GO_NOTE_RUNLOCK, 1, 0);
    note_other(GO_NOTE_WAKE, 1, NULL, 2);
    cr_assert_eq(step(2, GO_OP_STORE, 2), 0);
    cr_assert_eq(step(2, GO_OP_STORE, 1), 0);
}

/* By two, who both come before what it does behind that. */
Test(past, who_stands_at_a_point_is_woken_behind_it)
{
    step(1, GO_OP_STORE, 0);
    step(2, GO_OP_STORE, 1);
    for (uint32_t by = 1; by <= 2; by++) {
        hn_deeds_reserve(&p.deeds);
        hn_past_note(
            &p,
            hn_deeds_add(&p.deeds, HN_DEED_OWE, place, hn_line(by), hn_line(3)),
            hn_line(by));
    }
    step(3, GO_OP_STORE, 2);
    cr_assert_eq(step(3, GO_OP_STORE, 0), 0);
    cr_assert_eq(step(3, GO_OP_STORE, 1), 0);
}

/* The store is said to be somebody else's: who looks at it finds a race. */
Test(past, what_is_covered_is_not_looked_at)
{
    step(2, GO_OP_STORE, 1);
    step(1, GO_OP_LOAD, 0);
    step(1, GO_OP_STORE, 0);
    step(1, GO_OP_LOAD, 0);
    p.accesses[2].line = hn_line(2);
    p.accesses[2].event = 100;
    cr_assert_eq(step(1, GO_OP_LOAD, 0), 0, "it went on behind the load");
    cr_assert_gt(step(1, GO_OP_STORE, 0), 0, "no load covers the loads");
}

Test(past, no_race_is_noted_from_before_they_are_asked_for)
{
    step(1, GO_OP_STORE, 0);
    step(2, GO_OP_STORE, 0);
    p.from = 2;
    cr_assert_eq(step(3, GO_OP_STORE, 0), 1);
    cr_assert_eq(p.races[0].event, 2);
    cr_assert(hn_clock_has(&p.clocks, p.accesses[2].clock, hn_line(1), 1),
              "it comes after the first all the same");
}

Test(past, what_adds_nothing_to_a_clock_takes_none)
{
    uint32_t clocks;

    step(1, GO_OP_ADD, 0);
    clocks = p.clocks.n;
    note(GO_NOTE_RELEASE, 1, 0);
    cr_assert_eq(p.clocks.n, clocks);
    step(2, GO_OP_STORE, 1);
    clocks = p.clocks.n;
    note(GO_NOTE_RELEASE, 2, 0);
    cr_assert_eq(p.clocks.n, clocks + 1, "it comes after what it counts");
}

Test(past, many_lines)
{
    for (uint32_t task = 0; task < 300; task++)
        cr_assert_eq(step(task, GO_OP_STORE, 0), task);
}
