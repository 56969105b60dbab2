/* trial_test.c - the better way is gone, and the other one now and then. */
#include "runtime/sched/trial.h"
#include "tests/inside.h"

/* Of so many ticks, in which a or b are done by the way; how many went the
   second way. */
static int second_of(struct rt_trial *t, int ticks, uint32_t a, uint32_t b)
{
    bool second = false;
    int n = 0;

    for (int i = 0; i < ticks; i++) {
        n += second;
        second = rt_trial_next(t, second, second ? b : a, GO_MILLISECOND);
    }
    return n;
}

Test(trial, goes_the_better_way)
{
    struct rt_trial t = {0};

    cr_assert_eq(second_of(&t, 320, 1000, 3000), 300);
    t = (struct rt_trial){0};
    cr_assert_eq(second_of(&t, 320, 3000, 1000), 20);
}

Test(trial, takes_the_first_where_both_are_alike)
{
    struct rt_trial t = {0};

    cr_assert_leq(second_of(&t, 320, 1000, 1050), 40);
    t = (struct rt_trial){0};
    cr_assert_leq(second_of(&t, 320, 0, 0), 20);
}

Test(trial, sees_that_it_has_changed)
{
    struct rt_trial t = {0};

    second_of(&t, 320, 1000, 3000);
    cr_assert_leq(second_of(&t, 320, 3000, 1000), 60);
    cr_assert_geq(second_of(&t, 320, 1000, 3000), 260);
}

/* The tick of a busy machine comes late: then more was done in it. */
Test(trial, by_the_time_that_it_took)
{
    struct rt_trial t = {0};
    bool second = false;
    int n = 0;

    for (int i = 0; i < 320; i++) {
        n += second;
        second = rt_trial_next(&t, second, second ? 5000 : 2000,
                               (second ? 5 : 1) * GO_MILLISECOND);
    }
    cr_assert_leq(n, 40);
}
