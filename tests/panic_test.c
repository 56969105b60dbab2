/* panic_test.c - panic, try, defer and exit, in the order that Go promises. */
#include <string.h>

#include "tests/inside.h"

static char trail[64]; /* what ran, in order */

static void mark(const char *what)
{
    strcat(trail, what);
}

static void boom(const char *text)
{
    go_panic("boom %s", text);
}

static void three_deep(void)
{
    go_defer(mark, "a");
    {
        go_defer(mark, "b");
        {
            go_defer(mark, "c");
            boom("x");
        }
    }
}

INSIDE_TEST(panic, runs_deferred_calls_newest_first_up_to_the_try)
{
    CHECK_PANIC(go_try(three_deep), "boom x");
    CHECK(strcmp(trail, "cba") == 0);
}

INSIDE_TEST(panic, a_scope_that_ends_runs_its_deferred_calls_once)
{
    {
        go_defer(mark, "a");
        go_defer(mark, "b");
    }
    CHECK(strcmp(trail, "ba") == 0);
}

INSIDE_TEST(panic, try_of_what_does_not_panic_gives_null)
{
    CHECK(go_try(mark, "m") == NULL);
    CHECK(strcmp(trail, "m") == 0);
}

static void inner_try(void)
{
    go_defer(mark, "o");
    CHECK_PANIC(go_try(boom, "inner"), "boom inner");
    mark("i");
    boom("outer");
}

INSIDE_TEST(panic, an_inner_try_leaves_outer_defers_alone)
{
    CHECK_PANIC(go_try(inner_try), "boom outer");
    CHECK(strcmp(trail, "io") == 0);
}

static void boom_again(const char *text)
{
    mark("d");
    boom(text);
}

static void two_panics(void)
{
    go_defer(mark, "e");
    go_defer(boom_again, "second");
    boom("first");
}

INSIDE_TEST(panic, in_a_deferred_call_replaces_and_is_told_along)
{
    CHECK_PANIC(go_try(two_panics), "boom first\n\tpanic: boom second");
    CHECK(strcmp(trail, "de") == 0);
}

static void rescue(const char *text)
{
    CHECK_PANIC(go_try(boom, text), "boom rescue");
    mark("r");
}

static void try_in_defer(void)
{
    go_defer(rescue, "rescue");
    boom("main");
}

INSIDE_TEST(panic, a_try_in_a_deferred_call_catches_only_its_own)
{
    CHECK_PANIC(go_try(try_in_defer), "boom main");
    CHECK(strcmp(trail, "r") == 0);
}

static void leaver(chan(int) done)
{
    go_defer_close(done);
    go_defer(mark, "x");
    go_exit();
}

static void exits_through_try(chan(int) done)
{
    free(go_try(leaver, done));
    mark("never");
}

INSIDE_TEST(panic, go_exit_runs_defers_and_passes_through_try)
{
    chan(int) done = chan_make(int, 0);

    go(exits_through_try, done);
    chan_recv(done);
    CHECK(strcmp(trail, "x") == 0);
}

static void long_panic(void)
{
    char text[3000];

    memset(text, 'y', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    go_panic("%s", text);
}

INSIDE_TEST(panic, a_message_has_no_length_limit)
{
    char *m = go_try(long_panic);

    CHECK(m && strlen(m) == 2999);
    free(m);
}

INSIDE_TEST(panic, a_thousand_in_a_row_leave_nothing_behind)
{
    for (int i = 0; i < 1000; i++)
        CHECK_PANIC(go_try(boom, "again"), "boom again");
}

static void nothing(void)
{
}

static void go_nil(void)
{
    void (*fn)(void) = NULL;

    go(fn);
}

INSIDE_TEST(panic, of_a_nil_function_is_go_s)
{
    CHECK(go_try(nothing) == NULL);
    CHECK_PANIC(go_try(go_nil), "go of nil func value");
}

static void uncaught(void)
{
    go_defer(mark, "u");
    boom("nobody");
}

Test(panic, uncaught_ends_the_run_with_its_message)
{
    struct go_outcome outcome = {0};
    const struct go_run run = body_program(uncaught, &outcome);

    cr_assert_eq(go_run(&run), 2);
    cr_assert_eq(outcome.verdict, GO_VERDICT_PANIC);
    cr_assert_str_eq(outcome.panic, "boom nobody");
    cr_assert_str_eq(trail, "u");
}
