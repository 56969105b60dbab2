/* explore_silence_test.c - for how long executions wait for what comes from
   outside. */
#include <string.h>
#include <unistd.h>
#include <vigil/go.h>

#include "harness/explore/silence.h"
#include "tests/driven.h"

enum {
    MANY = 66,
};

static int fds[2];
static char waited[MANY + 1]; /* by execution: f all of it, s a short time */
static uint32_t executions, most; /* so many, */
static uint32_t comes;            /* and in that one it comes after all */

static void begin(void)
{
    cr_assert_eq(pipe(fds), 0);
    memset(waited, 0, sizeof(waited));
    executions = 0;
    most = MANY;
    comes = GO_NOWHERE;
    hn_silence_begin();
}
TestSuite(explained_silence, .init = begin, .fini = hn_silence_end);

static void setup(void)
{
    begin();
    hn_silence_searches();
}
TestSuite(explore_silence, .init = setup, .fini = hn_silence_end);

static uint32_t first(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg, (void)steps, (void)n;
    return 0;
}

/* All the time that there is goes by at once. */
static bool silent(void *arg, int64_t ns)
{
    const int64_t brief = HN_SILENCE_SHORT * GO_MILLISECOND;

    if (ns > 0)
        return false; /* it has come */
    cr_assert_not(hn_silence(arg, 0));
    cr_assert_not(hn_silence(arg, brief - 1));
    waited[executions] = hn_silence(arg, brief) ? 's' : 'f';
    if (waited[executions] == 's') {
        cr_assert(hn_silence_was_short());
        return true;
    }
    if (executions == comes) {
        cr_assert_eq(write(fds[1], "x", 1), 1);
        return false;
    }
    cr_assert_not(hn_silence(arg, GO_SILENCE * GO_SECOND - 1));
    cr_assert(hn_silence(arg, GO_SILENCE * GO_SECOND));
    cr_assert_not(hn_silence_was_short());
    return true;
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    cr_assert_eq(e->end, executions == comes ? GO_END_CLEAN : GO_END_BOUND);
    return ++executions < most;
}

static void run(void (*body)(void))
{
    const struct go_control control = {
        .choose = first, .silent = silent, .over = over, .steps = 1000};

    driven_run_by(&control, body);
}

static void read_one(void)
{
    char byte;

    cr_assert_eq(go_read(fds[0], &byte, 1), 1);
}

Test(explore_silence, the_first_second_ninth_wait_for_all_of_it)
{
    run(read_one);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(waited[i],
                     i == 0 || i == 1 || i == 8 || i == 64 ? 'f' : 's',
                     "execution %u", i);
}

Test(explore_silence, where_it_has_come_all_later_ones_do)
{
    comes = 8;
    run(read_one);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(waited[i], i < 2 || i >= 8 ? 'f' : 's', "execution %u", i);
}

Test(explained_silence, who_only_explains_waits_for_all_of_it_once)
{
    run(read_one);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(waited[i], i == 0 ? 'f' : 's', "execution %u", i);
}

Test(explore_silence, the_last_of_those_before_tells_nothing_of_the_next)
{
    comes = 64;
    most = comes + 1;
    run(read_one);
    executions = 0;
    most = MANY;
    comes = GO_NOWHERE;
    hn_silence_anew();
    run(read_one);
    for (uint32_t i = 1; i < MANY; i++)
        cr_assert_eq(waited[i], 's', "execution %u", i);
}

static void beside_another(void)
{
    if (executions >= 8)
        go(read_one);
    read_one();
}

static void by_another(void)
{
    struct go_waitgroup wg = {0};

    if (executions < 8) {
        read_one();
        return;
    }
    go_waitgroup_go(&wg, read_one);
    go_waitgroup_wait(&wg);
}

/* By the ninth all stand elsewhere, so it is a first one. */
Test(explore_silence, where_somebody_stands_elsewhere_it_is_another_place)
{
    run(beside_another);
    cr_assert(!strncmp(waited, "ffssssssffssssss", 16), "%s", waited);
}
Test(explore_silence, where_another_waits_it_is_another_place)
{
    run(by_another);
    cr_assert(!strncmp(waited, "ffssssssffssssss", 16), "%s", waited);
}

/* The exit status of a single execution, as one that is shown. */
static int shown(bool (*until)(void *arg, int64_t ns), bool ends)
{
    const struct go_control control = {
        .choose = first, .silent = until, .ends_silent = ends, .steps = 1000};
    struct go_run ask = body_run(read_one);

    ask.control = &control;
    rt_threads_ours();
    hn_silence_alone();
    return go_run(&ask);
}

Test(explore_silence, what_is_shown_waits_as_one_before_has_and_ends_there)
{
    run(read_one);
    executions = 0;
    cr_assert_eq(shown(silent, true), 2);
    cr_assert_eq(waited[0], 's');
}

/* When it has been waited for long enough. */
static bool comes_then(void *arg, int64_t ns)
{
    (void)arg, (void)ns;
    cr_assert_eq(write(fds[1], "x", 1), 1);
    return true;
}

Test(explore_silence, a_single_one_waits_on_unless_it_is_told_to_end)
{
    cr_assert_eq(shown(comes_then, false), 0);
    cr_assert_eq(shown(comes_then, true), 2);
}

Test(explore_silence, who_remembers_nothing_waits_for_all_of_it)
{
    hn_silence_end();
    run(read_one);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(waited[i], 'f', "execution %u", i);
}
