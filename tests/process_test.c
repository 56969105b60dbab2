/*
 * process_test.c - a child is ended with all that it started.
 */
#include "harness/process.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static struct hn_process child;

static void start(const char *script)
{
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};

    hn_process_setup();
    cr_assert_eq(hn_process_start(argv, &child), 0);
}

static struct hn_ending finish(void)
{
    struct pollfd ended = {.fd = child.pidfd, .events = POLLIN};

    cr_assert_eq(poll(&ended, 1, -1), 1);
    return hn_process_reap(&child);
}

/* What came over a channel; waits for the first piece. */
static const char *said(enum hn_channel channel)
{
    static char text[4096];
    struct pollfd in = {.fd = child.from[channel], .events = POLLIN};
    ssize_t n;

    poll(&in, 1, -1);
    n = read(child.from[channel], text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

Test(process, status_and_both_outputs_come_back)
{
    struct hn_ending end;

    start("echo out; echo err >&2; exit 3");
    end = finish();
    cr_assert_eq(end.code, 3);
    cr_assert_eq(end.signal, 0);
    cr_assert_eq(end.strays, 0);
    cr_assert_str_eq(said(HN_FROM_OUTPUT), "out\nerr\n");
    hn_process_close(&child);
}

Test(process, each_channel_has_its_descriptor)
{
    start("echo report >&3; echo text >&4; echo graph >&5");
    cr_assert_eq(finish().code, 0);
    cr_assert_str_eq(said(HN_FROM_REPORT), "report\n");
    cr_assert_str_eq(said(HN_FROM_TEXT), "text\n");
    cr_assert_str_eq(said(HN_FROM_GRAPH), "graph\n");
}

Test(process, standard_input_is_empty)
{
    start("cat; echo over");
    cr_assert_eq(finish().code, 0);
    cr_assert_str_eq(said(HN_FROM_OUTPUT), "over\n");
}

Test(process, a_signal_is_told)
{
    struct hn_ending end;

    start("kill -TERM $$");
    end = finish();
    cr_assert_eq(end.code, -1);
    cr_assert_eq(end.signal, SIGTERM);
}

Test(process, kill_ends_who_ignores_signals)
{
    start("trap '' TERM QUIT INT HUP; echo on; while :; do sleep 9; done");
    said(HN_FROM_OUTPUT); /* the trap is set */
    hn_process_signal(&child, SIGTERM);
    hn_process_kill(&child);
    cr_assert_eq(finish().signal, SIGKILL);
}

Test(process, it_is_told_that_its_end_is_wanted)
{
    start("echo on; read x <&7; echo over");
    cr_assert_str_eq(said(HN_FROM_OUTPUT), "on\n");
    hn_process_interrupt(&child);
    finish();
    cr_assert_str_eq(said(HN_FROM_OUTPUT), "over\n");
    hn_process_close(&child);
}

Test(process, whose_time_is_up_may_have_closed_its_end)
{
    start("exec 7<&-; echo on; read x");
    cr_assert_str_eq(said(HN_FROM_OUTPUT), "on\n");
    cr_assert_not(hn_process_hears(&child));
    signal(SIGPIPE, SIG_DFL);
    hn_process_late(&child);
    finish();
    hn_process_close(&child);
}

/* The pid that was said is no process any more. */
static void assert_gone(const char *pid)
{
    cr_assert_eq(kill((pid_t)atoi(pid), 0), -1, "%s is there", pid);
    cr_assert_eq(errno, ESRCH);
}

Test(process, what_it_left_in_its_group_is_ended)
{
    struct hn_ending end;

    start("sleep 1000 & echo $!");
    end = finish();
    cr_assert_eq(end.code, 0);
    cr_assert_eq(end.strays, 1);
    assert_gone(said(HN_FROM_OUTPUT));
}

Test(process, what_it_left_in_another_session_is_ended)
{
    start("setsid sh -c 'echo $$; trap \"\" TERM HUP; exec sleep 1000' & "
          "while ! read -r x < /proc/$!/comm || [ \"$x\" != sleep ]; "
          "do :; done");
    cr_assert_eq(finish().strays, 1);
    assert_gone(said(HN_FROM_OUTPUT));
}

Test(process, children_of_before_are_left_alone)
{
    pid_t before = fork();

    if (before == 0) {
        for (;;)
            pause();
    }
    start("exit 0");
    cr_assert_eq(finish().strays, 0);
    cr_assert_eq(kill(before, 0), 0);
    kill(before, SIGKILL);
}

Test(process, what_is_not_there_can_not_start)
{
    char *argv[] = {(char *)"/nowhere/at/all", NULL};

    hn_process_setup();
    cr_assert_eq(hn_process_start(argv, &child), -ENOENT);
    cr_assert_eq(child.pid, 0);
    for (int c = 0; c < HN_FROM_COUNT; c++)
        cr_assert_eq(child.from[c], -1);
}

Test(process, resident_memory_is_told)
{
    start("echo on; read x; sleep 1000");
    said(HN_FROM_OUTPUT);
    cr_assert_gt(hn_process_resident(&child), 4096u);
    hn_process_kill(&child);
    finish();
    cr_assert_eq(hn_process_resident(&child), 0u);
}
