/*
 * check_test.c - verdicts as a library: from a path, through a child process
 * and a real run, to a number. This program is the scenario program, too.
 */
#include <vigil/harness.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void receive(chan(int) c)
{
    chan_recv(c);
}

SCENARIO(clean)
{
    go_sleep(GO_HOUR); /* virtual: costs nothing */
}

SCENARIO(leaks, .about = "one too many", .expect = EXPECT_LEAK(2))
{
    go(receive, chan_make(int, 0));
}

SCENARIO(hangs, .timeout = GO_HOUR)
{
    for (;;)
        pause();
}

/*
 * Behind the scenarios, so that they are registered: called as a scenario
 * program, be one; Criterion's main never comes.
 */
__attribute__((constructor)) static void be_a_program(int argc, char **argv)
{
    if (argc > 1 &&
        (strcmp(argv[1], "list") == 0 || strcmp(argv[1], "--vigil-child") == 0))
        exit(vigil_main(argc, argv));
}

#define SELF "/proc/self/exe"

static char *report;

Test(check, as_expected_is_0_and_one_line)
{
    cr_assert_eq(vigil_check(SELF ":clean", NULL, &report), 0);
    cr_assert(strstr(report, "1 scenario: 1 as expected, 0 not ("));
    cr_assert_eq(strchr(report, '\n'), report + strlen(report) - 1);
    free(report);
}

Test(check, not_as_expected_is_1_and_says_why)
{
    cr_assert_eq(vigil_check(SELF ":leaks", NULL, &report), 1);
    cr_assert(strstr(report, "expected leak(2), got leak(1)"));
    cr_assert(strstr(report, "one too many"));
    cr_assert_eq(vigil_check(SELF ":leaks", NULL, NULL), 1);
}

Test(check, how_is_followed)
{
    struct vigil_how how = {.repeat = 3, .seed = 70, .procs = 2};
    struct vigil_how brief = {.timeout = 50000000};

    cr_assert_eq(vigil_check(SELF ":leaks", &how, &report), 1);
    cr_assert(strstr(report, "--seed 70 --procs 2"));
    cr_assert(strstr(report, "1 scenario, 3 runs: 0 as expected, 1 not"));
    cr_assert_eq(vigil_check(SELF ":hangs", &brief, &report), 1);
    cr_assert(strstr(report, "no verdict within 50.0 ms"));
}

Test(check, what_can_not_be_run_is_an_error)
{
    cr_assert_eq(vigil_check("/nowhere", NULL, &report), -ENOENT);
    cr_assert_str_eq(report, "/nowhere: No such file or directory\n");
    cr_assert_eq(vigil_check("/bin/sh", NULL, NULL), -ENOEXEC);
    cr_assert_eq(vigil_check(SELF ":nobody", NULL, NULL), -ENOENT);
}
