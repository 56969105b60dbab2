/* pace_test.c - how often looks may be taken. */
#include "runtime/monitor/pace.h"

#include <criterion/criterion.h>

/* The share of the time from one look's begin to the next's, in thousandths. */
static int64_t thousandths(int64_t took, int64_t rest)
{
    return 1000 * took / (took + rest);
}

Test(pace, stops_take_a_hundredth)
{
    cr_assert_eq(mon_pace_after_stop(0), 0);
    cr_assert_eq(thousandths(5000, mon_pace_after_stop(5000)), 9);
}

Test(pace, copies_take_a_fiftieth_of_all_processors)
{
    for (int n = 1; n <= 6; n++) {
        int64_t share = thousandths(1000000, mon_pace_after_copy(1000000, n));

        cr_assert(share <= 20 * n, "%d processors: %d", n, (int)share);
        cr_assert(share >= 18 * n - n * n, "%d processors: %d", n, (int)share);
    }
}

Test(pace, copies_never_keep_a_processor_busy)
{
    for (int n = 7; n <= 1024; n++)
        cr_assert_eq(mon_pace_after_copy(1000, n), 8000);
}
