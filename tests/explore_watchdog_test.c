/* explore_watchdog_test.c - who is watched for coming to no choice. */
#include "harness/explore/watchdog.h"

#include <criterion/criterion.h>
#include <signal.h>

/* Nobody is a goroutine of a controlled run here: nothing is noted. */
Test(watchdog, ticks_outside_of_a_run_do_not_count)
{
    struct hn_stuck stuck = {0};

    hn_watchdog_begin(&stuck);
    for (int i = 0; i < 20; i++)
        raise(SIGPROF);
    hn_watchdog_end();
    cr_assert_not(stuck.stuck);
    cr_assert_eq(stuck.where.n, 0);
}
