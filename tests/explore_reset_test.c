/*
 * explore_reset_test.c - each execution finds what the first one found.
 *
 * Tests have the runtime inside, whose state must not be set back with theirs:
 * so they say what the program's variables are. tests/explore_reset.bats does
 * the same to real programs.
 */
#include "harness/explore/reset.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/sched/sanitize.h"
#include "tests/driven.h"

enum {
    TASKS = 3,
    SECTIONS = 3,
    EXECUTIONS = 1680 /* their orders */
};

/* All that the body has. */
static struct {
    int filled, zero;
    char pad[10000]; /* more than one page */
    char last;
    struct go_mutex mutex;
} program = {.filled = 42};

/* What is not the program's. */
static struct {
    struct hn_reset *reset;
    int begun, wrong;
} test;

/* The program's variables, from skip on, as they would be found. */
static struct hn_loaded loaded(size_t skip)
{
    struct hn_loaded l = {.n = 2};

    l.variables = calloc(3, sizeof(*l.variables));
    l.variables[0] = (struct hn_range){(char *)&program + skip, 6000 - skip};
    l.variables[1] =
        (struct hn_range){(char *)&program + 6000, sizeof(program) - 6000};
    l.code = (struct hn_range){(char *)(uintptr_t)loaded, 1};
    return l;
}

static void begin(size_t skip)
{
    struct hn_loaded l = loaded(skip);

    test.reset = hn_reset_begin_with(&l);
    cr_assert_not_null(test.reset);
}

static void section(void)
{
    for (int i = 0; i < SECTIONS; i++) {
        go_mutex_lock(&program.mutex);
        program.filled++;
        program.zero += i;
        program.pad[5000] = program.last = 'x';
        go_mutex_unlock(&program.mutex);
    }
}

static void body(void)
{
    struct go_waitgroup wg = {0};

    test.begun++;
    if (program.filled != 42 || program.zero || program.pad[5000] ||
        program.last)
        test.wrong++;
    for (int i = 0; i < TASKS; i++)
        go_waitgroup_go(&wg, section);
    go_waitgroup_wait(&wg);
    if (program.filled != 42 + TASKS * SECTIONS)
        test.wrong++;
}

static void restore(void *arg)
{
    (void)arg;
    hn_reset_restore(test.reset);
}

static void run(size_t skip)
{
    static struct driven d;

    d.reset = restore;
    begin(skip);
    driven_run(&d, body);
    cr_assert(d.complete);
    cr_assert_eq(test.begun, EXECUTIONS);
}

Test(explore_reset, every_execution_finds_the_same_variables)
{
    run(0);
    cr_assert_eq(test.wrong, 0);
    cr_assert_neq(program.filled, 42);
    hn_reset_end(test.reset);
    cr_assert_eq(program.filled, 42);
    cr_assert_eq(program.last, 0);
}

/* The test above would see what is not set back. */
Test(explore_reset, what_is_left_out_is_not_set_back)
{
    run(sizeof(program.filled));
    cr_assert_eq(test.wrong, 2 * (EXECUTIONS - 1));
    hn_reset_end(test.reset);
}

Test(explore_reset, a_variable_is_set_back_to_what_it_was_at_begin)
{
    program.filled = 7;
    memset(program.pad, 'y', sizeof(program.pad));
    begin(0);
    program.filled = 8;
    for (size_t i = 0; i < sizeof(program.pad); i += 999)
        program.pad[i] = 'z';
    hn_reset_restore(test.reset);
    cr_assert_eq(program.filled, 7);
    for (size_t i = 0; i < sizeof(program.pad); i++)
        cr_assert_eq(program.pad[i], 'y', "%zu", i);
    hn_reset_end(test.reset);
}

/* ---- stacks --------------------------------------------------------------*/

/* A word of the stack, some way below its caller. */
static __attribute__((noinline)) volatile uintptr_t *below(size_t words)
{
    return (volatile uintptr_t *)__builtin_frame_address(0) - words;
}

/* Far below there is nothing but what was left there. No gaps: where 1 KiB is
   zero, nothing is looked for any more (S3 in stack.c). */
static void litter(void)
{
    for (size_t i = 200; i < 1200; i++)
        test.wrong += *below(i) != 0;
    go_mutex_lock(&program.mutex);
    go_mutex_unlock(&program.mutex);
    for (size_t i = 20; i < 1200; i++)
        *below(i) = i;
}

static void litterers(void)
{
    struct go_waitgroup wg = {0};

    test.begun++;
    for (int i = 0; i < TASKS; i++)
        go_waitgroup_go(&wg, litter);
    go_waitgroup_wait(&wg);
}

Test(explore_reset, every_execution_finds_zeroed_stacks)
{
    static struct driven d;

    driven_run(&d, litterers);
    cr_assert_eq(test.begun, 6);
#if defined(RT_ASAN) || defined(RT_TSAN)
    cr_assert_gt(test.wrong, 0, "a checker's stacks are left alone");
#else
    cr_assert_eq(test.wrong, 0);
#endif
}

/* ---- what is not set back is told ----------------------------------------*/

Test(explore_reset, without_the_heap_that_is_told)
{
    begin(0);
    cr_assert_str_eq(hn_reset_condition(test.reset), "the heap is not reset");
    hn_reset_end(test.reset);
}

Test(explore_reset, all_that_is_not_set_back_is_told)
{
    struct hn_loaded l = loaded(0);

    strcpy(l.library, "libown.so.1");
    test.reset = hn_reset_begin_with(&l);
    cr_assert_str_eq(hn_reset_condition(test.reset),
                     "the heap is not reset; not reset are the variables of "
                     "libown.so.1");
    hn_reset_end(test.reset);
}

Test(explore_reset, where_vigil_is_inside_nothing_is_touched)
{
    static const char told[] =
        "variables and the heap are not reset: vigil is linked into the "
        "executable";

    test.reset = hn_reset_begin();
    cr_assert_not_null(test.reset);
    /* Criterion comes after it. */
    cr_assert_eq(strncmp(hn_reset_condition(test.reset), told, strlen(told)),
                 0);
    program.filled = 9;
    hn_reset_restore(test.reset);
    cr_assert_eq(program.filled, 9);
    hn_reset_end(test.reset);
    hn_reset_end(NULL);
    cr_assert_eq(program.filled, 9);
}
