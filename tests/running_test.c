/*
 * running_test.c - what comes at a deadline. The scenario programs are shell
 * scripts that speak the child's protocol; no deadline comes by itself.
 */
#include "harness/running.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/scripted.h"

#define HOUR INT64_C(3600000000000)

#define DUMPS                                                                  \
    "trap 'echo dump; exit 2' QUIT; echo on; while :; do sleep 0.05; done\n"

static struct hn_suite suite;
static struct hn_options options = {
    .repeat = 1, .seed = 10, .memory = 1 << 30, .self = "vigil"};
static struct hn_running running;

static void start(enum hn_command command, const char *script)
{
    options.command = command;
    options.strategy = "default";
    options.timeout = HOUR;
    hn_process_setup();
    scripted_add(&suite, script, HOUR);
    cr_assert_eq(hn_running_start(&running, &suite, &options, 0, false), 0);
}

/* Its first words are there: it is as the script has made it. */
static void begun(void)
{
    struct pollfd in = {.fd = running.process.from[HN_FROM_OUTPUT],
                        .events = POLLIN};

    cr_assert_eq(poll(&in, 1, -1), 1);
}

static void reach_deadline(void)
{
    hn_running_watch(&running, running.deadline, false);
}

static struct hn_result *finish(void)
{
    struct pollfd ended = {.fd = running.process.pidfd, .events = POLLIN};
    struct hn_result *r;

    cr_assert_eq(poll(&ended, 1, -1), 1);
    r = hn_running_finish(&running);
    cr_assert(r);
    unlink(suite.all[0].program);
    return r;
}

Test(running, a_search_whose_time_is_up_tells_what_it_has_found)
{
    struct hn_result *r;

    start(HN_EXPLORE, "wc -c <&7\n" SAY("clean"));
    reach_deadline();
    r = finish();
    cr_assert_eq(r->seen.verdict, GO_VERDICT_CLEAN, "%s", r->note);
    cr_assert_str_eq(r->output, "1\n"); /* why: nobody has asked for it */
}

Test(running, and_is_ended_like_others_when_it_does_not)
{
    struct hn_result *r;

    start(HN_EXPLORE, DUMPS);
    begun();
    reach_deadline();
    cr_assert_eq(running.finished.stop, HN_STOP_NONE);
    reach_deadline();
    r = finish();
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_str_eq(r->output, "on\ndump\n");
}

Test(running, the_run_that_a_search_shows_has_no_more_time)
{
    struct hn_result *r;

    start(HN_EXPLORE, "exec 7<&-\n" DUMPS);
    begun();
    reach_deadline();
    r = finish();
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_str_eq(r->output, "on\ndump\n");
}

Test(running, nor_has_what_does_not_search)
{
    struct hn_result *r;

    start(HN_RUN, DUMPS);
    begun();
    reach_deadline();
    r = finish();
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_str_eq(r->output, "on\ndump\n");
}

Test(running, who_does_not_end_then_is_ended_and_its_words_are_kept)
{
    struct hn_result *r;

    start(HN_RUN, "trap '' QUIT TERM; echo here; while :; do sleep 5; done\n");
    begun();
    reach_deadline();
    cr_assert_not(running.killed);
    reach_deadline();
    r = finish();
    cr_assert_eq(r->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_str_eq(r->output, "here\n");
}

Test(running, an_interrupt_is_told_from_that)
{
    struct hn_result *r;

    start(HN_EXPLORE, "wc -c <&7\n" SAY("clean"));
    cr_assert(hn_running_interrupt(&running, running.started));
    r = finish();
    cr_assert_str_eq(r->output, "0\n");
}
