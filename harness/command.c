/*
 * command.c - run, list, graph, ...: from the command line to the exit status.
 *
 * In:  argv. Out: results on standard output or in --output, complaints on
 * standard error, one of four exit statuses.
 *
 * E1  Status 2 is the user's mistake and 3 is ours or the machine's; both come
 *     with exactly one line that says which.
 */
#include <vigil/harness.h>
#include <vigil/inspect.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/baseline.h"
#include "harness/child.h"
#include "harness/explore/inplace.h"
#include "harness/options.h"
#include "harness/output.h"
#include "harness/process.h"
#include "harness/saver.h"
#include "harness/score.h"
#include "harness/show.h"
#include "harness/single.h"
#include "harness/suite.h"

enum {
    STACK_LEAST = 512 << 10 /* bytes, of the first thread */
};

/*
 * Somebody may have closed our standard descriptors; then pipes would land
 * there. What can not be written must still fail, so they open for reading.
 */
static void fill_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* It was no fault of the path's. */
static bool is_want(int err)
{
    return err == -ENOMEM || err == -EMFILE || err == -ENFILE ||
           err == -EAGAIN || err == -ECANCELED;
}

/* path NULL: what there is without one. */
static enum hn_exit gather_one(const struct hn_options *o, struct hn_suite *s,
                               const char *path)
{
    char why[HN_SUITE_WHY];
    int err = o->own ? hn_suite_add_own(s, o->self, path, why)
              : path ? hn_suite_add_path(s, path, why)
                     : hn_suite_add_shipped(s, why);

    if (err == 0)
        return HN_EXIT_EXPECTED;
    return hn_complain(o, is_want(err) ? HN_EXIT_FAILED : HN_EXIT_USAGE, "%s",
                       why);
}

/* All scenarios that the command line names, less what the filter drops. */
static enum hn_exit gather(const struct hn_options *o, struct hn_suite *s)
{
    enum hn_exit status = HN_EXIT_EXPECTED;
    size_t before;

    hn_process_setup();
    if (o->npaths == 0)
        status = gather_one(o, s, NULL);
    for (int i = 0; i < o->npaths && status == HN_EXIT_EXPECTED; i++)
        status = gather_one(o, s, o->paths[i]);
    before = s->n;
    if (status == HN_EXIT_EXPECTED && o->own && s->n == 0)
        status = hn_complain(
            o, HN_EXIT_USAGE,
            "there are no scenarios in this program (of an archive the linker "
            "takes only files that something else needs)");
    if (status == HN_EXIT_EXPECTED && o->filter) {
        hn_suite_filter(s, o->filter);
        if (s->n == 0)
            status =
                hn_complain(o, HN_EXIT_USAGE,
                            "no scenario matches --filter '%s' (%zu looked "
                            "at; list shows them)",
                            o->filter, before);
    }
    return status;
}

static enum hn_exit list(const struct hn_options *o,
                         const struct hn_suite *suite)
{
    FILE *out = hn_output_open(o);
    struct hn_show show;

    if (!out)
        return HN_EXIT_FAILED;
    hn_show_init(&show, suite, o, out);
    show.format->list(&show.writer);
    return hn_output_close(o, out, HN_EXIT_EXPECTED);
}

/* What the baseline file says into o. */
static enum hn_exit read_baseline(struct hn_options *o, struct hn_baseline *b)
{
    char why[HN_BASELINE_WHY], today[HN_DAY];
    int err;

    if (!o->baseline_file)
        return HN_EXIT_EXPECTED;
    hn_baseline_today(today);
    err = hn_baseline_read(b, o->baseline_file, today, why);
    o->baseline = b;
    if (err == 0)
        return HN_EXIT_EXPECTED;
    return hn_complain(o, err == -ENOMEM ? HN_EXIT_FAILED : HN_EXIT_USAGE, "%s",
                       why);
}

/* Of entries that are of no use; not when part of the runs was left out. */
static void warn(const struct hn_options *o, const struct hn_run_end *end)
{
    if (o->baseline && end->last.done == end->last.runs) {
        const char *base = strrchr(o->self, '/');
        char prefix[64];

        snprintf(prefix, sizeof(prefix), "%.60s: ", base ? base + 1 : o->self);
        hn_baseline_warn(o->baseline, prefix, stderr);
    }
}

/* The file of --save, or why there is none. */
static enum hn_exit end_saver(const struct hn_options *o,
                              struct hn_saver *saver,
                              const struct hn_run_end *end, enum hn_exit status)
{
    if (hn_saver_end(saver) != 0)
        return hn_complain(o, HN_EXIT_FAILED, "%s", saver->why);
    if (!saver->written)
        hn_complain(o, status, "%s is not written: %s", o->save,
                    end->last.done < end->last.runs ? "interrupted"
                                                    : "no schedule failed");
    return status;
}

/* All runs, their results to out; saver: or NULL. */
static enum hn_exit run_to(const struct hn_options *o,
                           const struct hn_suite *suite, struct hn_saver *saver,
                           FILE *out, struct hn_run_end *end)
{
    struct hn_show show;
    enum hn_exit status;
    int err;

    hn_show_init(&show, suite, o, out);
    hn_show_begin(&show);
    if (saver)
        saver->next = &show.sink;
    err =
        hn_runner_run(suite, o, false, saver ? &saver->sink : &show.sink, end);
    status = hn_show_end(&show, end);
    if (err != 0)
        status = hn_complain(o, HN_EXIT_FAILED, "%s", end->why);
    warn(o, end);
    return status;
}

static enum hn_exit run(const struct hn_options *o,
                        const struct hn_suite *suite, struct hn_saver *saver)
{
    FILE *out = hn_output_open(o);
    enum hn_exit status = HN_EXIT_FAILED;
    struct hn_run_end end = {0};

    if (out)
        status = hn_output_close(o, out, run_to(o, suite, saver, out, &end));
    if (saver)
        status = end_saver(o, saver, &end, status);
    hn_output_interrupted(stdout, end.signal);
    return status;
}

/* The same, and the schedule that fails goes to a file. */
static enum hn_exit run_and_save(const struct hn_options *o,
                                 const struct hn_suite *suite)
{
    struct hn_saver saver;

    if (suite->n != 1)
        return hn_complain(o, HN_EXIT_USAGE,
                           "--save keeps one schedule, and these are %zu "
                           "scenarios: give one as %s",
                           suite->n, o->own ? "NAME" : "PATH:NAME");
    if (hn_saver_begin(&saver, o->save, NULL) != 0)
        return hn_complain(o, HN_EXIT_FAILED, "%s", saver.why);
    return run(o, suite, &saver);
}

static enum hn_exit score_to(const struct hn_options *o, struct hn_score *s,
                             FILE *out)
{
    struct hn_score_total all;
    struct hn_run_end end;

    if (hn_score_run(s, o, &end) != 0)
        return hn_complain(o, HN_EXIT_FAILED, "%s", end.why);
    if (end.signal != 0)
        hn_complain(o, HN_EXIT_FAILED, "interrupted");
    hn_output_interrupted(out, end.signal);
    if (!hn_score_total(s, NULL, &all) || !hn_score_print(s, o, out))
        return hn_complain(o, HN_EXIT_FAILED, "out of memory");
    return hn_score_perfect(&all) ? HN_EXIT_EXPECTED : HN_EXIT_NOT_EXPECTED;
}

static enum hn_exit score(const struct hn_options *o, struct hn_suite *suite)
{
    enum hn_exit status = HN_EXIT_FAILED;
    struct hn_score s;
    FILE *out = hn_output_open(o);

    if (!out)
        return status;
    if (hn_score_begin(&s, suite, o) != 0)
        status = hn_complain(o, HN_EXIT_FAILED, "out of memory");
    else if (s.n == 0)
        status =
            hn_complain(o, HN_EXIT_USAGE,
                        "none of these has a twin to be scored with: X_fixed "
                        "in the program of X, or X in a folder clean/ beside "
                        "that of X");
    else
        status = score_to(o, &s, out);
    hn_score_free(&s);
    return hn_output_close(o, out, status);
}

static enum hn_exit dispatch(struct hn_options *o)
{
    struct hn_suite suite = {0};
    struct hn_baseline baseline = {0};
    enum hn_exit status;

    if (!go_settings_check())
        return HN_EXIT_USAGE;
    if (hn_inplace_asked())
        return hn_complain(
            o, HN_EXIT_USAGE,
            "VIGIL=replay= is for a scenario program or one with "
            "go_main, run by itself: here it is replay TOKEN");
    status = read_baseline(o, &baseline);
    if (status == HN_EXIT_EXPECTED)
        status = gather(o, &suite);
    if (status == HN_EXIT_EXPECTED) {
        if (o->command == HN_LIST)
            status = list(o, &suite);
        else if (o->command == HN_GRAPH)
            status = hn_graph(o, &suite);
        else if (o->command == HN_REPLAY)
            status = hn_replay(o, &suite);
        else if (o->command == HN_SCORE)
            status = score(o, &suite);
        else if (o->save)
            status = run_and_save(o, &suite);
        else
            status = run(o, &suite, NULL);
    }
    hn_suite_free(&suite);
    hn_baseline_free(&baseline);
    return status;
}

/* Ours are large frames, and of libraries: it would end in the midst of a run,
   and look as if that had crashed. */
static bool has_stack(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= STACK_LEAST;
}

/* Before anything else is done, and by as little: 16 KiB are not enough to read
   the options, or to print by a stream. */
static enum hn_exit refuse_stack(const char *self)
{
    static char line[PATH_MAX];
    const char *base = strrchr(self, '/');
    int n = snprintf(line, sizeof(line),
                     "%.60s: the stack is limited to less than %d KiB "
                     "(ulimit -s)\n",
                     base ? base + 1 : self, STACK_LEAST >> 10);

    (void)!write(STDERR_FILENO, line, (size_t)n);
    return HN_EXIT_FAILED;
}

/*
 * SIGPIPE is ignored so that a reader who leaves is an error of write like any
 * other, and SIGXFSZ so that a file that may not be so long is; children get the
 * default back (process.c). SIGCHLD is not ignored, whoever began us: how a child
 * ended could not be asked.
 */
static int command_line(int argc, char **argv, bool own)
{
    struct hn_options options;
    int status;

    if (!has_stack())
        return refuse_stack(argv[0]);
    fill_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    status = hn_options_parse(argc, argv, own, &options);
    if (status < 0)
        status = dispatch(&options);
    free(options.paths);
    return status;
}

int vigil_main(int argc, char **argv)
{
    if (hn_child_is(argc, argv))
        return hn_child_main(argv);
    if (hn_inplace_asked())
        return hn_inplace_main(argc, argv);
    return command_line(argc, argv, true);
}

int vigil_command(int argc, char **argv)
{
    return command_line(argc, argv, false);
}
