/* outer_test.c - which locks that are not vigil's are known, and how many. */
#include <string.h>
#include <vigil/outer.h>

#include "tests/driven.h"

enum {
    MANY = 20000, /* more than are known in one execution */
    EACH = 400,
};

static struct driven d;
static char key[200 * EACH];
static int at, most;

static void setup(void)
{
    memset(&d, 0, sizeof(d));
    at = 0;
}
TestSuite(outer, .init = setup);

static bool is_free(const volatile void *of)
{
    return !go_outer_is_held(of);
}

static void lock_each(void)
{
    const struct go_outer_wait w = {
        .op = GO_OP_LOCK, .ready = is_free, .until = INT64_MAX};

    for (int i = 0; i < most; i++) {
        const struct go_outer o = {
            .key = &key[at++], .size = 1, .kind = GO_KIND_MUTEX};

        go_outer_await(&o, &w);
        go_outer_took(&o, false);
        go_outer_gives(&o);
    }
}

/* With a choice of as many ways as there are to be executions. */
static void others_each_time(void)
{
    go_choose(sizeof(key) / EACH);
    lock_each();
}

Test(outer, those_of_executions_that_are_over_make_room)
{
    most = EACH;
    driven_run(&d, others_each_time);
    cr_assert_eq(d.executions, sizeof(key) / EACH);
    cr_assert_eq(d.ended[GO_END_CLEAN], d.executions);
}

Test(outer, too_many_in_one_cut_it_off)
{
    most = MANY;
    driven_run(&d, lock_each);
    cr_assert_eq(d.executions, 1);
    cr_assert_eq(d.ended[GO_END_BOUND], 1);
}
