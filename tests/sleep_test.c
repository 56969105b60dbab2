/* sleep_test.c - instants that saturate, and sleepers that wake exactly. */
#include "tests/inside.h"

#include <pthread.h>

Test(sleep, sums_of_instants_saturate)
{
    cr_assert_eq(go_add(5, 7), 12);
    cr_assert_eq(go_add(INT64_MAX, 1), INT64_MAX);
    cr_assert_eq(go_add(INT64_MIN, -1), INT64_MIN);
    cr_assert_eq(go_add(5, -7), -2);
    cr_assert_eq(go_instant_sub(5, 7), -2);
    cr_assert_eq(go_instant_sub(INT64_MIN, 1), INT64_MIN);
    cr_assert_eq(go_instant_sub(INT64_MAX, -1), INT64_MAX);
    cr_assert(go_instant_before(1, 2));
    cr_assert_not(go_instant_before(2, 2));
}

INSIDE_TEST(sleep, virtual_clock_moves_by_exactly_the_sleep)
{
    go_instant t = go_now();

    go_sleep(3 * GO_SECOND + 1);
    CHECK_EQ(go_since(t), 3 * GO_SECOND + 1);
    (go_sleep)(GO_HOUR);
    CHECK_EQ(go_since(t), GO_HOUR + 3 * GO_SECOND + 1);
}

static void other(int *n)
{
    ++*n;
}

INSIDE_TEST(sleep, of_nothing_only_yields)
{
    go_instant t = go_now();
    int n = 0;

    go(other, &n);
    go_sleep(0);
    CHECK_EQ(n, 1);
    go(other, &n);
    go_sleep(-GO_SECOND);
    CHECK_EQ(n, 2);
    go_sleep(INT64_MIN);
    CHECK(go_since(t) < GO_MILLISECOND);
}

INSIDE_TEST(sleep, for_ever_ends_at_the_last_instant)
{
    go_sleep(INT64_MAX);
    CHECK_EQ(go_now(), INT64_MAX - 1);
    go_sleep(GO_HOUR); /* time has ended: at once */
    CHECK_EQ(go_now(), INT64_MAX - 1);
}

static char order[16];
static int norder;

static void sleeper(int d, int letter)
{
    go_sleep(d);
    order[norder++] = (char)letter;
}

INSIDE_TEST(sleep, earlier_wakes_first_and_equal_ones_as_they_began)
{
    static const int d[] = {30, 10, 20, 10, 20, 10};

    for (int i = 0; i < 6; i++) {
        go(sleeper, d[i], 'a' + i);
        go_yield();
    }
    go_sleep(100);
    CHECK_EQ(norder, 6);
    if (strcmp(order, "bdfcea") != 0)
        go_panic("order %s", order);
}

enum {
    MANY = 500
};
static struct go_atomic woken;

/* Whole minutes: while hundreds are spawned the clock may flow a little. */
static void sleep_some(int i)
{
    go_instant t = go_now();

    go_sleep((1 + i % 97) * GO_MINUTE);
    CHECK_EQ(go_since(t) / GO_MINUTE, 1 + i % 97);
    go_atomic_add(&woken, 1);
}

static void many_sleepers(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < MANY; i++)
        go_waitgroup_go(&wg, sleep_some, i);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&woken), MANY);
}

Test(sleep, hundreds_on_one_worker_wake_in_time)
{
    INSIDE(many_sleepers);
}

static void sleep_real(int us)
{
    go_instant t = go_now();

    for (int i = 0; i < 10; i++)
        go_sleep(us * GO_MICROSECOND);
    CHECK(go_since(t) >= 10 * us * GO_MICROSECOND);
    go_atomic_add(&woken, 1);
}

static void real_sleepers(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 1000; i++)
        go_waitgroup_go(&wg, sleep_real, i % 50);
    go_waitgroup_wait(&wg);
    CHECK_EQ(go_atomic_load(&woken), 1000);
}

Test(sleep, on_real_time_is_never_short)
{
    INSIDE_REAL(real_sleepers, 1);
    woken.value = 0;
    INSIDE_REAL(real_sleepers, 4);
}

static void *sleep_on_thread(void *arg)
{
    (void)arg;
    go_sleep(1);
    return NULL;
}

static void sleep_outside(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, sleep_on_thread, NULL);
    pthread_join(thread, NULL);
    go_panic("the sleep has returned");
}

Test(sleep, outside_a_goroutine_panics, .exit_code = 2)
{
    INSIDE(sleep_outside);
}
