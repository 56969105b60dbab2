/* looks_test.c - executions that go on, and what a look proves of them. */
#include "tests/driven.h"

#include <vigil/go.h>

/* Ends: of one execution, by the first step on offer, or in turn. */
struct seen {
    enum go_end end;
    bool looked, waiter_goes_on, stuck, waits;
    uint32_t asked; /* whether those who are left are stuck */
    uint64_t steps;
    unsigned unasked;
    uint32_t turn;
};

static uint32_t in_turn(void *arg, const struct go_step *steps, uint32_t n)
{
    struct seen *s = arg;

    (void)steps;
    return s->turn++ % n;
}

static uint32_t first(void *arg, uint32_t task, uint32_t n)
{
    (void)arg;
    (void)task;
    (void)n;
    return 0;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct seen *s = arg;

    s->end = e->end;
    s->looked = e->looked;
    s->steps = e->steps;
    s->unasked = e->unasked;
    s->stuck = e->stuck;
    s->waits = e->waits;
    s->waiter_goes_on = e->looked && go_control_goes_on(0);
    return false;
}

static bool unsure(void *arg, const struct go_execution *e)
{
    cr_assert_eq(e->end, GO_END_LEFT);
    ((struct seen *)arg)->asked++;
    return true;
}

static struct seen run_by(uint32_t (*choose)(void *, const struct go_step *,
                                             uint32_t),
                          void (*body)(void))
{
    struct seen s = {0};
    const struct go_control control = {.arg = &s,
                                       .choose = choose,
                                       .number = first,
                                       .over = over,
                                       .unsure = unsure,
                                       .steps = 20000};

    driven_run_by(&control, body);
    return s;
}

static struct seen run(void (*body)(void))
{
    return run_by(in_turn, body);
}

static void yield_for_ever(void)
{
    go_expect_daemon();
    for (;;)
        go_yield();
}

static void tick_for_ever(void)
{
    go_expect_daemon();
    for (;;)
        go_sleep(GO_SECOND);
}

static void lock_twice(void)
{
    struct go_mutex m = {0};

    go_mutex_lock(&m);
    go_mutex_lock(&m);
}

static void stuck_beside_yields(void)
{
    go(yield_for_ever);
    lock_twice();
}

static void stuck_beside_ticks(void)
{
    go(tick_for_ever);
    lock_twice();
}

Test(looks, main_is_proven_stuck_beside_who_yields)
{
    struct seen s = run(stuck_beside_yields);

    cr_assert_eq(s.end, GO_END_STUCK);
    cr_assert(s.looked && !s.waiter_goes_on);
    cr_assert_leq(s.steps, 2048, "not before the bound");
}

Test(looks, main_is_proven_stuck_beside_who_sleeps)
{
    struct seen s = run(stuck_beside_ticks);

    cr_assert_eq(s.end, GO_END_STUCK);
    cr_assert_leq(s.steps, 128);
}

static void unlock_later(struct go_mutex *m, int yields)
{
    go_mutex_lock(m);
    while (yields-- > 0)
        go_yield();
    go_mutex_unlock(m);
}

static void waits_long(void)
{
    static struct go_mutex m;

    go(unlock_later, &m, 6000);
    go_yield();
    go_mutex_lock(&m);
    go_mutex_unlock(&m);
}

Test(looks, who_waits_long_for_who_is_slow_is_not_stuck)
{
    struct seen s = run(waits_long);

    cr_assert_eq(s.end, GO_END_CLEAN);
    cr_assert(!s.looked);
}

static void answer_later(chan(int) c)
{
    for (int i = 0; i < 100; i++)
        go_sleep(GO_SECOND);
    chan_send(c, 1);
}

static void waits_for_answer(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer_later, c);
    chan_recv(c);
}

Test(looks, who_waits_for_who_sleeps_is_not_stuck)
{
    cr_assert_eq(run(waits_for_answer).end, GO_END_CLEAN);
}

static void spin(struct go_atomic *flag)
{
    while (!go_atomic_load(flag))
        go_yield();
}

static void leave_one_spinning(void)
{
    static struct go_atomic flag;

    go(spin, &flag);
}

Test(looks, who_spins_after_the_return_of_main_is_left)
{
    struct seen s = run(leave_one_spinning);

    cr_assert_eq(s.end, GO_END_LEFT);
    cr_assert(s.looked);
    cr_assert_eq(s.unasked, GO_UNASKED_TURNS, "%#x", s.unasked);
}

static void yield_often(int n)
{
    while (n-- > 0)
        go_yield();
}

static void leave_one_that_ends(void)
{
    go(yield_often, 30000); /* more than the bound */
}

Test(looks, who_ends_in_its_time_after_the_return_of_main_is_not_left)
{
    cr_assert_eq(run(leave_one_that_ends).end, GO_END_CLEAN);
}

/* Whoever yields comes first. */
static uint32_t unfair(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg;
    for (uint32_t i = 0; i < n; i++)
        if (steps[i].point && steps[i].point->op == GO_OP_YIELD)
            return i;
    return 0;
}

static void answer(chan(int) c)
{
    chan_send(c, 1);
}

/* Main and who answers stand at both halves of a rendezvous. */
static void meet_late(void)
{
    chan(int) c = chan_make(int, 0);

    go(answer, c);
    go(yield_often, 6000);
    chan_recv(c);
}

Test(looks, who_could_go_on_and_is_not_let_is_not_stuck)
{
    struct seen s = run_by(unfair, meet_late);

    cr_assert_eq(s.end, GO_END_CLEAN);
    cr_assert_gt(s.steps, 6000);
}

static void stuck_beside_main(void)
{
    go(lock_twice);
    yield_often(30000); /* more than the bound */
}

static void late_beside_main(void)
{
    static struct go_mutex m;

    go(unlock_later, &m, 30000);
    go(unlock_later, &m, 30000);
    yield_often(30000);
}

Test(looks, who_is_stuck_beside_a_main_that_goes_on_is_a_leak)
{
    struct seen s = run(stuck_beside_main);

    cr_assert_eq(s.end, GO_END_LEAK);
    cr_assert(s.looked && s.waiter_goes_on, "main does");
    cr_assert_eq(s.steps, 20000, "only when it is cut off");
}

Test(looks, who_is_not_stuck_beside_a_main_that_goes_on_is_cut_off)
{
    struct seen s = run(late_beside_main);

    cr_assert_eq(s.end, GO_END_BOUND);
    cr_assert(!s.looked);
}

static void sleep_long(void)
{
    for (;;)
        go_sleep(GO_HOUR);
}

static void leave_one_asleep(void)
{
    go(sleep_long);
}

static void leave_one_stuck_beside_it(void)
{
    go(sleep_long);
    go(lock_twice);
}

Test(looks, who_is_left_for_a_time_is_not_stuck)
{
    struct seen s = run(leave_one_asleep);

    cr_assert(s.end == GO_END_LEFT && !s.looked);
    cr_assert(s.asked == 1 && !s.stuck);
}

Test(looks, who_is_left_beside_who_waits_for_a_time_is_stuck)
{
    struct seen s = run(leave_one_stuck_beside_it);

    cr_assert(s.end == GO_END_LEFT && !s.looked);
    cr_assert(s.asked == 1 && s.stuck);
}

static void meet_for_ever(struct go_barrier *b)
{
    go_expect_daemon();
    for (;;)
        go_barrier_wait(b);
}

static void leave_daemons_talking(void)
{
    static struct go_barrier b = {.size = 2};

    go(meet_for_ever, &b);
    go(meet_for_ever, &b);
}

static void leave_daemons_and_one(void)
{
    leave_daemons_talking();
    go(lock_twice);
}

Test(looks, it_is_over_when_only_daemons_go_on)
{
    struct seen s = run(leave_daemons_talking);

    cr_assert(s.end == GO_END_CLEAN && s.looked, "that is not all they do");
    cr_assert_leq(s.steps, 2048, "not before the bound");
}

Test(looks, who_is_stuck_beside_daemons_that_go_on_is_left)
{
    struct seen s = run(leave_daemons_and_one);

    cr_assert(s.end == GO_END_LEFT && s.stuck);
}

static void wait_for_unit(void)
{
    static struct go_semaphore units;

    go(tick_for_ever);
    go_semaphore_acquire(&units, 1);
}

static void sleep_beside_daemon(void)
{
    go(tick_for_ever);
    go_sleep(1000000 * GO_HOUR);
}

static void wait_again_and_again(void)
{
    static struct go_barrier b = {.size = 2};

    go(meet_for_ever, &b);
    for (;;)
        go_barrier_wait(&b);
}

Test(looks, main_that_waits_beside_others_until_it_is_cut_off_is_told)
{
    struct seen s = run(wait_for_unit);

    cr_assert(s.end == GO_END_BOUND && s.waits && !s.stuck);
    cr_assert(!run(sleep_beside_daemon).waits, "it waits for a time");
    cr_assert(!run(wait_again_and_again).waits, "it goes on");
}
