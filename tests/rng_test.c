/* rng_test.c - random numbers are even enough, and told by their seed. */
#include "runtime/base/rng.h"

#include <criterion/criterion.h>

Test(rng, the_same_seed_gives_the_same_numbers)
{
    struct rt_rng a = {42}, b = {42}, c = {43};
    int same = 0;

    for (int i = 0; i < 1000; i++) {
        uint64_t x = rt_rng_next(&a);

        cr_assert_eq(x, rt_rng_next(&b));
        same += x == rt_rng_next(&c);
    }
    cr_assert_eq(same, 0);
}

Test(rng, below_is_even)
{
    enum {
        N = 7,
        DRAWS = 70000
    };
    struct rt_rng r = {1};
    double chi = 0;
    int seen[N] = {0};

    for (int i = 0; i < DRAWS; i++) {
        uint32_t k = rt_rng_below(&r, N);

        cr_assert_lt(k, N);
        seen[k]++;
    }
    for (int i = 0; i < N; i++) {
        double d = seen[i] - DRAWS / (double)N;

        chi += d * d / (DRAWS / (double)N);
    }
    cr_assert_lt(chi, 22.5, "chi-square %f", chi); /* 6 degrees: p = 0.001 */
}

Test(rng, below_one_is_zero)
{
    struct rt_rng r = {9};

    for (int i = 0; i < 100; i++)
        cr_assert_eq(rt_rng_below(&r, 1), 0);
}
