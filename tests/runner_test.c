/*
 * runner_test.c - every run gets a result, in order, whatever it does. The
 * scenario programs here are shell scripts that speak the child's protocol.
 */
#include "harness/runner.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/scripted.h"

enum {
    MANY = 64
};

static struct hn_suite suite;
static struct hn_options options = {
    .jobs = 4, .repeat = 1, .seed = 10, .memory = 1 << 30, .self = "vigil"};
static struct hn_run_end run_end;
static struct hn_result *results[MANY];
static size_t nresults;

static void add(const char *script, int64_t timeout)
{
    scripted_add(&suite, script, timeout);
}

static bool keep(struct hn_sink *sink, struct hn_result *r)
{
    (void)sink;
    results[nresults++] = r;
    return nresults < MANY;
}

static void ignore(struct hn_sink *sink, const struct hn_progress *now)
{
    (void)sink;
    cr_assert(now->done <= now->runs && now->active <= 4);
}

static int run(void)
{
    struct hn_sink sink = {.result = keep, .progress = ignore};
    int err;

    hn_process_setup();
    err = hn_runner_run(&suite, &options, false, &sink, &run_end);
    for (size_t i = 0; i < suite.n; i++)
        unlink(suite.all[i].program);
    return err;
}

#define LONG INT64_C(60000000000)

Test(runner, a_result_a_run_in_order)
{
    add("sleep 0.2\n" SAY("clean"), LONG); /* the slowest first */
    for (int i = 0; i < 5; i++)
        add(SAY("clean"), LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(nresults, 6u);
    for (size_t i = 0; i < nresults; i++) {
        cr_assert_eq(results[i]->scenario, &suite.all[i]);
        cr_assert_eq(results[i]->judged, HN_AS_EXPECTED);
    }
    cr_assert_eq(run_end.last.as_expected, 6u);
}

Test(runner, repeats_each_with_the_next_seed)
{
    options.repeat = 3;
    add("echo $3 $4\n" SAY("clean"), LONG);
    add(SAY("clean"), LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(nresults, 6u);
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(results[i]->seed, 10 + i % 3);
    cr_assert_str_eq(results[2]->output, "12 1\n");
}

Test(runner, tells_the_child_what_reproduces_it)
{
    options.procs = 4;
    add("echo \"$2|$4|$6\"\n" SAY("clean"), LONG);
    run();
    char want[200];
    snprintf(want, sizeof(want), "one|4|vigil run %s:one --seed 10 --procs 4\n",
             suite.all[0].program);
    cr_assert_str_eq(results[0]->output, want);
}

Test(runner, a_shell_reads_back_the_names_in_what_reproduces_it)
{
    char *program;

    options.self = "my tools/vigil";
    add("echo \"$6\"\n" SAY("clean"), LONG);
    program = suite.all[0].program;
    suite.all[0].program = (char *)"it's/one";
    run();
    unlink(program);
    cr_assert_str_eq(results[0]->output,
                     "'my tools/vigil' run 'it'\\''s/one:one' --seed 10 "
                     "--procs 1\n");
}

Test(runner, an_interrupt_that_would_not_be_heard_is_an_error)
{
    struct rlimit limit, none;
    int err;

    add(SAY("clean"), LONG);
    getrlimit(RLIMIT_NOFILE, &limit);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    err = run();
    setrlimit(RLIMIT_NOFILE, &limit);
    cr_assert_eq(err, -EMFILE);
    cr_assert_str_eq(run_end.why,
                     "cannot wait for signals: Too many open files");
}

Test(runner, one_that_crashes_does_not_touch_the_next)
{
    add("kill -SEGV $$", LONG);
    add(SAY("clean"), LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(results[0]->seen.verdict, GO_VERDICT_CRASH);
    cr_assert_eq(results[1]->judged, HN_AS_EXPECTED);
    cr_assert_eq(run_end.last.not_expected, 1u);
}

/* What it has said by then depends on the machine: see running_test.c. */
Test(runner, one_that_hangs_is_ended)
{
    add("trap '' QUIT TERM INT; while :; do sleep 5; done", 50000000);
    cr_assert_eq(run(), 0);
    cr_assert_eq(results[0]->seen.verdict, GO_VERDICT_TIMEOUT);
    cr_assert_geq(results[0]->wall, 50000000);
}

Test(runner, what_cannot_start_is_an_error)
{
    add("", LONG);
    unlink(suite.all[0].exec);
    cr_assert_eq(run(), -ENOENT);
    cr_assert(strstr(run_end.why, "cannot start /tmp/scripted_"));
    cr_assert_eq(nresults, 0u);
}

Test(runner, one_that_sends_megabytes_is_not_held_up)
{
    add("head -c 20000000 /dev/zero\nhead -c 9000000 /dev/zero >&4\n" SAY(
            "clean"),
        LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(results[0]->judged, HN_AS_EXPECTED);
    cr_assert_lt(results[0]->output_len, 1u << 20);
    cr_assert(memmem(results[0]->output, results[0]->output_len,
                     "bytes cut ...]", 14));
}

Test(runner, a_sink_that_fails_ends_it_all)
{
    options.repeat = 1000;
    add(SAY("clean"), LONG);
    cr_assert_eq(run(), 0);
    cr_assert(run_end.gave_up);
    cr_assert_lt(run_end.last.done, 1000u);
}

Test(runner, a_signal_that_was_ignored_before_stays_so)
{
    add("kill -INT $PPID; kill -HUP $PPID\n" SAY("clean"), LONG);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    options.repeat = 2;
    cr_assert_eq(run(), 0);
    cr_assert_eq(run_end.signal, 0);
    cr_assert_eq(nresults, 2u);
}

Test(runner, an_interrupt_ends_the_children)
{
    add("kill -INT $PPID\nwhile :; do sleep 5; done", LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(run_end.signal, SIGINT);
    cr_assert_eq(nresults, 0u);
}

Test(runner, memory_is_limited)
{
    options.memory = 64 << 20;
    add("x=aaaaaaaaaaaaaaaa\nwhile [ ${#x} -lt 200000000 ]; do x=$x$x; done\n"
        "while :; do sleep 5; done",
        LONG);
    cr_assert_eq(run(), 0);
    cr_assert_eq(results[0]->seen.verdict, GO_VERDICT_CRASH);
    cr_assert(strstr(results[0]->note, "kept more than 64.0 MiB"));
}
