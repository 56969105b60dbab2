/* interrupt_test.c - what is heard of whoever wants an exploration to end. */
#include "harness/explore/interrupt.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"

static int ends[2];

static void begin(void)
{
    cr_assert_eq(pipe(ends), 0);
    hn_interrupt_begin(ends[0]);
}

static void hear(void)
{
    struct pollfd p = {.fd = hn_interrupt_fd(), .events = POLLIN};

    cr_assert_eq(poll(&p, 1, 0), 1);
    hn_interrupt_hear(p.revents);
}

Test(interrupt, what_was_not_said_is_not_heard)
{
    begin();
    cr_assert_eq(hn_interrupted(), 0);
    cr_assert_eq(hn_interrupt_why(), HN_INTERRUPT_NONE);
    cr_assert_eq(hn_interrupt_until(5), 5);
    hn_interrupt_end();
    cr_assert_eq(hn_interrupt_why(), HN_INTERRUPT_NONE);
}

Test(interrupt, who_asks_for_it_leaves_less_time)
{
    begin();
    close(ends[1]);
    hear();
    cr_assert_eq(hn_interrupt_why(), HN_INTERRUPT_ASKED);
    cr_assert_eq(hn_interrupt_fd(), -1);
    cr_assert_eq(hn_interrupt_until(5), 5);
    cr_assert_eq(hn_interrupt_until(0), hn_interrupted() + HN_INTERRUPT_REST);
    hn_interrupt_end();
}

Test(interrupt, whose_time_is_up_has_some_more_to_tell_what_was_found)
{
    begin();
    cr_assert_eq(write(ends[1], "", 1), 1);
    close(ends[1]);
    hear();
    cr_assert_eq(hn_interrupt_why(), HN_INTERRUPT_LATE);
    cr_assert_eq(hn_interrupt_until(5), hn_interrupted() + HN_INTERRUPT_REST);
    hn_interrupt_end();
}

Test(interrupt, all_who_hear_it_hear_the_same)
{
    begin();
    cr_assert_eq(write(ends[1], "", 1), 1);
    hear();
    close(ends[1]);
    hn_interrupt_hear(POLLHUP);
    cr_assert_eq(hn_interrupt_why(), HN_INTERRUPT_LATE);
    hn_interrupt_end();
}
