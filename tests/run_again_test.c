/* run_again_test.c - runs behind others in one process: what is left of them. */
#include <time.h>

#include "runtime/base/throw.h"
#include "tests/ran.h"

static struct ran ran;

static void nothing(void)
{
}

static void stuck(void)
{
    chan(int) c = chan_make(int, 0);

    chan_recv(c);
}

Test(run_again, second_run_in_a_process_is_as_good_as_the_first)
{
    for (int i = 0; i < 3; i++) {
        ran_run(&ran, RAN_RUN(stuck));
        cr_assert_eq(ran.status, RT_EXIT_STUCK);
        ran_run(&ran, RAN_RUN(nothing));
        cr_assert_eq(ran.status, 0);
    }
}

static int64_t real_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

/* Computes for so many ms; the virtual ms that passed. */
static int64_t virtual_ms_of(int64_t ms)
{
    go_instant begun = go_now();
    int64_t end = real_now() + ms * GO_MILLISECOND;

    while (real_now() < end)
        ;
    return go_since(begun) / GO_MILLISECOND;
}

static int64_t flowed;

static void computes_long(void)
{
    for (int i = 0; i < 100 && !flowed; i++)
        flowed = virtual_ms_of(200);
}

static void computes(void)
{
    flowed = virtual_ms_of(20);
}

Test(run_again, clock_of_a_second_run_does_not_flow_for_the_first)
{
    int64_t begun;

    flowed = 0;
    ran_run(&ran, RAN_RUN(computes_long));
    cr_assert_gt(flowed, 0);
    do { /* again, if the machine held it up until it flowed by itself */
        begun = real_now();
        ran_run(&ran, RAN_RUN(computes));
    } while (flowed && real_now() - begun >= 100 * GO_MILLISECOND);
    cr_assert_eq(flowed, 0, "%d ms", (int)flowed);
}

static struct go_mutex left;
static struct go_once once;

static void leaves_locked(void)
{
    go_mutex_lock(&left);
}

static void locks_left(void)
{
    go_mutex_lock(&left);
}

static int main_finds_locked(void)
{
    return go_main(leaves_locked) ? 1 : go_main(locks_left);
}

Test(run_again, a_lock_that_an_earlier_run_left_locked_is_told)
{
    ran_program(&ran, main_finds_locked);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
    cr_assert_has(&ran, "held by a goroutine of an earlier run");
}

static void sleeps(void)
{
    go_sleep(GO_HOUR);
}

static void runs_once(void)
{
    go_once_do(&once, sleeps);
}

static void leaves_running(void)
{
    go(runs_once);
    go_yield();
}

static int main_finds_running(void)
{
    return go_main(leaves_running) ? 1 : go_main(runs_once);
}

Test(run_again, a_once_that_an_earlier_run_did_not_end_is_told)
{
    ran_program(&ran, main_finds_running);
    cr_assert_exit(&ran, RT_EXIT_STUCK);
}

static void holds_a_while(void)
{
    go_mutex_lock(&left);
    go_sleep(10 * GO_MILLISECOND);
    go_mutex_unlock(&left);
}

static void locks_after(void)
{
    go(holds_a_while);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&left);
    if (go_check())
        go_panic("somebody is said to be stuck");
    go_mutex_unlock(&left);
}

/* It is another lock now, in the same place. */
static int main_makes_anew(void)
{
    int status = go_main(leaves_locked);

    left = (struct go_mutex){0};
    return status ? 1 : go_main(locks_after);
}

Test(run_again, a_lock_made_anew_after_a_run_is_nobody_s)
{
    ran_program(&ran, main_makes_anew);
    cr_assert_exit(&ran, 0);
    cr_assert_str_eq(ran.text, "");
}
