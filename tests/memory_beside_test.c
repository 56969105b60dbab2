/*
 * memory_beside_test.c - who points into a stack may have what lies beside, too,
 * and is named for it.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include "runtime/heap/interpose.c"
#include "tests/inside.h"
#include "tests/ran.h"

struct kept {
    chan(int) c;
    long more[4];
};

static void receives(chan(int) c)
{
    chan_recv(c);
}

static void keeps(chan(int) c, chan(long *) tell)
{
    volatile struct kept kept = {.c = c};

    chan_send(tell, (long *)&kept.more[2]);
    go_select();
    kept.more[0] = 1;
}

static void points_beside_it(long *to)
{
    long *volatile at = to;

    go_select();
    *at = 1;
}

static __attribute__((noinline)) void keep_on_a_stack(bool pointed_to)
{
    chan(int) c = chan_make(int, 0);
    chan(long *) tell = chan_make(long *, 0);
    long *at;

    go(receives, c);
    go(keeps, c, tell);
    at = chan_recv(tell);
    if (pointed_to)
        go(points_beside_it, at);
}

static void keep_and_go(void)
{
    keep_on_a_stack(false);
}

static void keep_and_point(void)
{
    keep_on_a_stack(true);
}

/* Nobody knows whether it has only what it points to. */
Test(memory_beside, who_points_beside_a_handle_may_have_that_too)
{
    static const char by[] = "can be sent on or closed by: goroutine 3 (stuck,";
    static const char maybe[] = "; maybe goroutine 4 (stuck, ";
    static struct ran ran;

    ran_run(&ran, RAN_RUN(keep_and_go));
    cr_assert_has(&ran, by);
    cr_assert_has(&ran, "Nobody else holds it.");
    cr_assert_has_not(&ran, "maybe");
    ran_run(&ran, RAN_RUN(keep_and_point));
    cr_assert_has(&ran, by);
    cr_assert_has(&ran, maybe);
    cr_assert_has(&ran, "Nobody else holds it. Maybe: who points into a stack "
                        "that leads to it.");
}

enum {
    MUCH = 10 << 20 /* more than is looked at for who may have what */
};

static void keeps_much(chan(int) c, chan(long *) tell)
{
    volatile struct kept kept = {.c = c};
    char *volatile much = malloc(MUCH);

    memset(much, 1, MUCH);
    chan_send(tell, (long *)&kept.more[2]);
    go_select();
    kept.more[0] = much[0];
}

static void points_beside_both(long *one, long *other)
{
    long *volatile at[] = {one, other};

    go_select();
    *at[0] = *at[1];
}

static void keep_much_on_two(void)
{
    chan(long *) tell = chan_make(long *, 0);
    long *at[2];

    for (int i = 0; i < 2; i++) {
        chan(int) c = chan_make(int, 0);

        go(receives, c);
        go(keeps_much, c, tell);
        at[i] = chan_recv(tell);
    }
    go(points_beside_both, at[0], at[1]);
}

/* The second one's stack is not gone through. */
Test(memory_beside, when_not_all_stacks_were_asked_nobody_else_is_not_said)
{
    static struct ran ran;

    ran_run(&ran, RAN_RUN(keep_much_on_two));
    cr_assert_has(&ran, "can be sent on or closed by: goroutine 3 (stuck,");
    cr_assert_has_not(&ran, "Nobody else holds it.");
}

/* Who is given the address of a lock, that is all of a variable or the first in
   a struct, and waits for it; the other handle lies beside it. */
struct firm {
    struct go_semaphore door;
    chan(int) orders;
};

static void enters(struct go_semaphore *door)
{
    go_semaphore_acquire(door, 1);
}

static void first_in_a_struct(void)
{
    struct firm firm = {.orders = chan_make(int, 0)};

    go_semaphore_tryacquire(&firm.door, 1);
    go(enters, &firm.door);
    chan_recv(firm.orders);
}

static void first_and_labelled(void)
{
    struct firm firm = {.orders = chan_make(int, 0)};

    go_label(&firm.door, "&door");
    go(enters, &firm.door);
    chan_recv(firm.orders);
}

static void by_itself(void)
{
    chan(int) orders = chan_make(int, 0);
    struct go_semaphore door = {.free = 0};

    go_semaphore_tryacquire(&door, 1);
    go(enters, &door);
    chan_recv(orders);
}

Test(memory_beside, who_knows_the_first_in_a_struct_may_have_the_rest)
{
    static struct ran ran;

    ran_run(&ran, RAN_RUN(first_in_a_struct));
    cr_assert_has(&ran, "can be sent on or closed by: maybe goroutine 2 (st");
    cr_assert_has(&ran, "2 goroutines wait in a knot, only for each other");
    ran_run(&ran, RAN_RUN(first_and_labelled));
    cr_assert_has(&ran, "can be sent on or closed by: maybe goroutine 2 (st");
    ran_run(&ran, RAN_RUN(by_itself));
    cr_assert_has(&ran, "can be sent on or closed by: nobody. Whoever else ");
    cr_assert_has_not(&ran, "maybe");
}

/* What the stack leads to is asked once, and told of each who points there. */
static void works(struct firm *firm)
{
    go_semaphore_acquire(&firm->door, 1);
}

static void all_of_them(void)
{
    struct firm firm = {.orders = chan_make(int, 0)};

    for (int i = 0; i < 3; i++)
        go(works, &firm);
    chan_recv(firm.orders);
}

Test(memory_beside, all_who_point_into_a_stack_are_named)
{
    static struct ran ran;

    ran_run(&ran, RAN_RUN(all_of_them));
    cr_assert_has(&ran, "can be sent on or closed by: maybe goroutine 2 (stuck,"
                        " below); maybe goroutine 3 (stuck, below); maybe "
                        "goroutine 4 (stuck, below). Nobody else holds it.");
}

#endif
