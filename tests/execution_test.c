/* execution_test.c - each execution begins as the first one did. */
#include <string.h>
#include <vigil/go.h>

#include "runtime/sched/task.h"
#include "tests/driven.h"

enum {
    EXECUTIONS = 64,
    PARENTS = 3,
    CHILDREN = 3,
    TIMERS = 2,
};

static uint32_t executions;
static uint32_t at; /* choices of this one */

/* Other ones in each execution, so that who spawns is another one first. */
static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg, (void)steps;
    return (executions >> at++ % 6 & 1) * (n - 1);
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    (void)arg, (void)task, (void)n;
    return 0;
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    cr_assert_null(e->panic, "execution %u: %s", executions, e->panic);
    cr_assert_eq(e->end, GO_END_CLEAN, "execution %u: %d", executions, e->end);
    at = 0;
    return ++executions < EXECUTIONS;
}

static void run(void (*body)(void))
{
    const struct go_control control = {
        .choose = choose, .number = number, .over = over, .steps = 2000};

    driven_run_by(&control, body);
    cr_assert_eq(executions, EXECUTIONS);
}

/* ---- numbers and stacks --------------------------------------------------*/

static const char *const parents[PARENTS] = {"b", "c", "d"};
static const char *const children[PARENTS][CHILDREN] = {
    {"bb", "bc", "bd"}, {"cb", "cc", "cd"}, {"db", "dc", "dd"}};
/* Main is the first that no goroutine spawned. */
static const char *const timers[TIMERS] = {"*c", "*d"};

/* How many of each there are, in one execution after the other. */
static const struct {
    uint32_t parents, children[PARENTS], timers;
} rounds[] = {
    {2, {1, 2}, 1},    {3, {3, 0, 2}, 2}, {1, {0}, 0},
    {3, {2, 3, 1}, 1}, {2, {0, 1}, 2},
};
#define ROUND (&rounds[executions % (sizeof(rounds) / sizeof(rounds[0]))])

/* The goroutine that runs is this one, and always has the same stack. */
static void is_called(const char *path)
{
    static struct g *of[RT_TASKS_MAX];
    uint32_t task = rt_g()->task;
    char is[16];

    go_task_path(task, is, sizeof(is));
    if (strcmp(is, path) != 0)
        go_panic("%s is called %s", path, is);
    if (of[task] && of[task] != rt_g())
        go_panic("%s has another stack", path);
    of[task] = rt_g();
}

static void child(uint32_t i, uint32_t k)
{
    is_called(children[i][k]);
    go_yield();
}

static void parent(uint32_t i)
{
    is_called(parents[i]);
    for (uint32_t k = 0; k < ROUND->children[i]; k++) {
        go_yield();
        go(child, i, k);
    }
}

static void timed(uint32_t i)
{
    is_called(timers[i]);
}

static void families(void)
{
    is_called("a");
    for (uint32_t i = 0; i < ROUND->timers; i++)
        go_after_func(i + 1, timed, i);
    for (uint32_t i = 0; i < ROUND->parents; i++) {
        go(parent, i);
        go_yield();
    }
    go_sleep(GO_SECOND);
}

Test(execution, a_task_is_who_it_was_whoever_else_there_is)
{
    run(families);
}

/* ---- what a goroutine was ------------------------------------------------*/

static void leaves_words(void)
{
    if (rt_g()->name || rt_g()->daemon || rt_g()->deferred || rt_g()->result)
        go_panic("it is who was there before");
    go_name("of execution %u", executions);
    go_defer(free, NULL);
    go_expect_daemon();
}

static void leave_words(void)
{
    go(leaves_words);
    go_yield();
    go_sleep(GO_SECOND);
}

Test(execution, nothing_of_who_ran_before_is_left)
{
    run(leave_words);
}
