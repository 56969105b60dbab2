/* timer_test.c - the heap by itself: order, moving, stopping, racing. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/rng.h"
#include "runtime/sched/m.h"
#include "runtime/sched/timer.h"

enum {
    MANY = 200000,
    FEW = 300
};

static struct rt_timer many[MANY];
static int order[MANY], fired;

static void note(struct rt_timer *t, int64_t now)
{
    (void)now;
    order[fired++] = (int)(t - many);
}

static void arm(int i, int64_t when)
{
    many[i].fire = note;
    rt_timer_arm(&many[i], when, 0);
}

Test(timer, none_is_armed_at_first)
{
    uint32_t n = 1;

    cr_assert_eq(rt_timer_next(), INT64_MAX);
    cr_assert_eq(rt_timer_run(INT64_MAX), 0);
    rt_timer_all(&n);
    cr_assert_eq(n, 0);
}

Test(timer, earliest_fires_first_and_only_when_due)
{
    arm(0, 30);
    arm(1, 10);
    arm(2, 20);
    cr_assert_eq(rt_timer_next(), 10);
    cr_assert_eq(rt_timer_run(9), 0);
    cr_assert_eq(rt_timer_run(20), 2);
    cr_assert_eq(order[0], 1);
    cr_assert_eq(order[1], 2);
    cr_assert_eq(rt_timer_next(), 30);
}

Test(timer, equal_instants_fire_as_armed)
{
    for (int i = 0; i < FEW; i++)
        arm((i * 7) % FEW, 5);
    cr_assert_eq(rt_timer_run(5), FEW);
    for (int i = 0; i < FEW; i++)
        cr_assert_eq(order[i], (i * 7) % FEW, "place %d", i);
}

Test(timer, no_more_fire_than_are_asked_for_and_the_others_stay_due)
{
    for (int i = 0; i < FEW; i++)
        arm(i, 5);
    for (int n = 0; n < FEW; n += 100) {
        cr_assert_eq(rt_timer_run_some(5, 100), 100);
        cr_assert_eq(fired, n + 100);
    }
    cr_assert_eq(rt_timer_run_some(5, 100), 0);
    for (int i = 0; i < FEW; i++)
        cr_assert_eq(order[i], i, "place %d", i);
}

Test(timer, moving_one_counts_as_arming_it_anew)
{
    arm(0, 5);
    arm(1, 5);
    arm(0, 5);
    rt_timer_run(5);
    cr_assert_eq(fired, 2);
    cr_assert_eq(order[0], 1);
    arm(2, 50);
    arm(3, 60);
    arm(3, 40);
    cr_assert_eq(rt_timer_next(), 40);
    arm(3, 70);
    cr_assert_eq(rt_timer_next(), 50);
}

Test(timer, disarm_tells_whether_it_was_armed)
{
    arm(0, 5);
    cr_assert(rt_timer_disarm(&many[0]));
    cr_assert_not(rt_timer_disarm(&many[0]));
    cr_assert_eq(rt_timer_next(), INT64_MAX);
    arm(0, 5);
    rt_timer_run(5);
    cr_assert_not(rt_timer_disarm(&many[0]));
    cr_assert_eq(fired, 1);
}

Test(timer, later_than_the_last_instant_is_the_last_instant)
{
    arm(0, INT64_MAX);
    cr_assert_eq(rt_timer_next(), RT_TIMER_LAST);
    cr_assert_eq(rt_timer_run(RT_TIMER_LAST - 1), 0);
    cr_assert_eq(rt_timer_run(RT_TIMER_LAST), 1);
}

static void count(struct rt_timer *t, int64_t now)
{
    (void)now;
    (*(int *)t->arg)++;
}

Test(timer, periodic_skips_what_was_missed_and_keeps_its_beat)
{
    int n = 0;
    struct rt_timer t = {.fire = count, .arg = &n};

    rt_timer_arm(&t, 10, 10);
    rt_timer_run(10);
    cr_assert_eq(rt_timer_next(), 20);
    rt_timer_run(47); /* 20 is late, 30 and 40 are missed */
    cr_assert_eq(n, 2);
    cr_assert_eq(rt_timer_next(), 50);
    cr_assert(rt_timer_disarm(&t));
}

static bool is_vain(const struct rt_timer *t)
{
    return t == &many[0] || t == &many[2];
}

Test(timer, what_would_change_nothing_is_not_useful)
{
    static const int64_t when[] = {10, 40, 20, 30};

    for (int i = 0; i < 4; i++) {
        many[i].is_vain = is_vain;
        arm(i, when[i]);
    }
    cr_assert_eq(rt_timer_next(), 10);
    cr_assert_eq(rt_timer_next_useful(), 30);
    rt_timer_disarm(&many[3]);
    rt_timer_disarm(&many[1]);
    cr_assert_eq(rt_timer_next_useful(), INT64_MAX);
}

Test(timer, periodic_ends_with_time)
{
    int n = 0;
    struct rt_timer t = {.fire = count, .arg = &n};

    rt_timer_arm(&t, INT64_MAX - 5, INT64_MAX / 2);
    cr_assert_eq(rt_timer_run(RT_TIMER_LAST), 1);
    cr_assert_eq(rt_timer_next(), INT64_MAX);
}

static void stop_self(struct rt_timer *t, int64_t now)
{
    (void)now;
    *(bool *)t->arg = rt_timer_disarm(t);
}

Test(timer, fire_may_disarm_itself)
{
    bool armed = false;
    struct rt_timer t = {.fire = stop_self, .arg = &armed};

    rt_timer_arm(&t, 1, 5);
    cr_assert_eq(rt_timer_run(1), 1);
    cr_assert(armed, "a periodic one is armed for its next instant");
    cr_assert_eq(rt_timer_next(), INT64_MAX);
}

static void again(struct rt_timer *t, int64_t now)
{
    (*(int *)t->arg)++;
    rt_timer_arm(t, now + 1, 0);
}

Test(timer, fire_may_arm_itself_again)
{
    int n = 0;
    struct rt_timer t = {.fire = again, .arg = &n};

    rt_timer_arm(&t, 1, 0);
    for (int now = 1; now <= 10; now++)
        cr_assert_eq(rt_timer_run(now), 1);
    cr_assert_eq(n, 10);
    rt_timer_disarm(&t);
}

static int by_when(const void *a, const void *b)
{
    const struct rt_timer *x = &many[*(const int *)a];
    const struct rt_timer *y = &many[*(const int *)b];

    if (x->when != y->when)
        return x->when < y->when ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Against sorting, with a third stopped and a third moved. */
Test(timer, random_arming_fires_in_sorted_order)
{
    struct rt_rng rng = {.state = 7};
    static int expected[MANY];
    int n = 0;

    for (int i = 0; i < MANY; i++)
        arm(i, rt_rng_below(&rng, 100000));
    for (int i = 0; i < MANY; i++) {
        uint32_t what = rt_rng_below(&rng, 3);

        if (what == 0)
            cr_assert(rt_timer_disarm(&many[i]));
        else if (what == 1)
            arm(i, rt_rng_below(&rng, 100000));
        if (what != 0)
            expected[n++] = i;
    }
    qsort(expected, (size_t)n, sizeof(int), by_when);
    for (int64_t now = 0; now <= 100000; now += 500)
        rt_timer_run(now);
    cr_assert_eq(fired, n);
    cr_assert_eq(memcmp(order, expected, sizeof(int) * (size_t)n), 0);
}

Test(timer, a_look_sees_what_is_armed)
{
    uint32_t n;
    struct rt_timer *const *all;
    uint64_t sum = 0;

    for (int i = 0; i < FEW; i++)
        arm(i, 1000 - i);
    all = rt_timer_all(&n);
    cr_assert_eq(n, FEW);
    for (uint32_t i = 0; i < n; i++) {
        cr_assert_eq(all[i]->place, i + 1, "T1");
        sum += (uint64_t)(all[i] - many);
    }
    cr_assert_eq(sum, FEW * (FEW - 1) / 2);
    rt_timer_reset();
    cr_assert_eq(rt_timer_next(), INT64_MAX);
    arm(0, 5); /* its place is of the run before */
    cr_assert_eq(rt_timer_run(5), 1);
}

static bool alive, begun, stop; /* [atomic] */
static int wrong;

static void fire_alive(struct rt_timer *t, int64_t now)
{
    (void)t, (void)now;
    __atomic_store_n(&begun, true, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 1000; i++)
        if (!__atomic_load_n(&alive, __ATOMIC_SEQ_CST))
            wrong++;
}

static void *firer(void *arg)
{
    rt_m_self = arg; /* so the two are told apart */
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST))
        if (rt_timer_run(10) == 0)
            sched_yield();
    return NULL;
}

Test(timer, after_disarm_fire_is_not_running)
{
    static struct m other;
    struct rt_timer t = {.fire = fire_alive};
    pthread_t thread;

    pthread_create(&thread, NULL, firer, &other);
    for (int i = 0; i < 2000; i++) {
        begun = false;
        __atomic_store_n(&alive, true, __ATOMIC_SEQ_CST);
        rt_timer_arm(&t, 10, 0);
        while (!__atomic_load_n(&begun, __ATOMIC_SEQ_CST))
            sched_yield();
        cr_assert_not(rt_timer_disarm(&t), "it was firing");
        __atomic_store_n(&alive, false, __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&stop, true, __ATOMIC_SEQ_CST);
    pthread_join(thread, NULL);
    cr_assert_eq(wrong, 0, "fire ran on after disarm: %d times", wrong);
}
