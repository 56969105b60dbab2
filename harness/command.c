/*
 * command.c - run, list, graph, ...: from the command line to the exit status.
 *
 * In:  argv. Out: results on standard output or in --output, complaints on
 * standard error, one of four exit statuses.
 *
 * E1  Status 2 is the user's mistake and 3 is ours or the machine's; both come
 *     with exactly one line that says which.
 * E2  Output that can not be written is never silent: a full disk at the last
 *     flush is status 3 too.
 */
#include <vigil/harness.h>
#include <vigil/inspect.h>

#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/baseline.h"
#include "harness/child.h"
#include "harness/complaint.h"
#include "harness/debugger.h"
#include "harness/explore/inplace.h"
#include "harness/explore/token.h"
#include "harness/options.h"
#include "harness/process.h"
#include "harness/saver.h"
#include "harness/score.h"
#include "harness/show.h"
#include "harness/suite.h"

__attribute__((format(printf, 3, 4))) static enum hn_exit
complain(const struct hn_options *o, enum hn_exit status, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    hn_complaint(o->self, fmt, args);
    va_end(args);
    return status;
}

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
    return complain(o,
                    err == -ENOMEM || err == -EMFILE || err == -EAGAIN
                        ? HN_EXIT_FAILED
                        : HN_EXIT_USAGE,
                    "%s", why);
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
    if (status == HN_EXIT_EXPECTED && o->filter) {
        hn_suite_filter(s, o->filter);
        if (s->n == 0)
            status = complain(o, HN_EXIT_USAGE,
                              "no scenario matches --filter '%s' (%zu looked "
                              "at; list shows them)",
                              o->filter, before);
    }
    return status;
}

/* Before anything runs: an output that can not be opened costs no time. */
static FILE *open_output(const struct hn_options *o)
{
    FILE *out = o->output ? fopen(o->output, "we") : stdout;

    if (!out)
        complain(o, HN_EXIT_FAILED, "cannot write %s: %s", o->output,
                 strerror(errno));
    return out;
}

/* E2. */
static enum hn_exit close_output(const struct hn_options *o, FILE *out,
                                 enum hn_exit status)
{
    int err = 0;

    errno = 0;
    if (fflush(out) != 0 || ferror(out))
        err = errno ? errno : EIO;
    if (out != stdout && fclose(out) != 0 && err == 0)
        err = errno;
    if (err == 0)
        return status;
    return complain(o, HN_EXIT_FAILED, "cannot write %s: %s",
                    o->output ? o->output : "standard output", strerror(err));
}

static enum hn_exit list(const struct hn_options *o,
                         const struct hn_suite *suite)
{
    FILE *out = open_output(o);
    struct hn_show show;

    if (!out)
        return HN_EXIT_FAILED;
    hn_show_init(&show, suite, o, out);
    show.format->list(&show.writer);
    return close_output(o, out, HN_EXIT_EXPECTED);
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
    return complain(o, err == -ENOMEM ? HN_EXIT_FAILED : HN_EXIT_USAGE, "%s",
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

/* All runs, their results to out; saver: or NULL. */
static enum hn_exit run_to(const struct hn_options *o,
                           const struct hn_suite *suite, struct hn_saver *saver,
                           FILE *out)
{
    struct hn_run_end end;
    struct hn_show show;
    enum hn_exit status;
    int err;

    hn_show_init(&show, suite, o, out);
    hn_show_begin(&show);
    if (saver)
        saver->next = &show.sink;
    err =
        hn_runner_run(suite, o, false, saver ? &saver->sink : &show.sink, &end);
    status = hn_show_end(&show, &end);
    if (err != 0)
        status = complain(o, HN_EXIT_FAILED, "%s", end.why);
    warn(o, &end);
    if (end.signal != 0) { /* end as who was interrupted does */
        fflush(out);
        signal(end.signal, SIG_DFL);
        raise(end.signal);
    }
    return status;
}

static enum hn_exit run(const struct hn_options *o,
                        const struct hn_suite *suite, struct hn_saver *saver)
{
    FILE *out = open_output(o);

    if (!out)
        return HN_EXIT_FAILED;
    return close_output(o, out, run_to(o, suite, saver, out));
}

/* The same, and the schedule that fails goes to a file. */
static enum hn_exit run_and_save(const struct hn_options *o,
                                 const struct hn_suite *suite)
{
    struct hn_saver saver;
    enum hn_exit status;

    if (suite->n != 1)
        return complain(o, HN_EXIT_USAGE,
                        "--save keeps one schedule, and these are %zu "
                        "scenarios: give one as %s",
                        suite->n, o->own ? "NAME" : "PATH:NAME");
    if (hn_saver_begin(&saver, o->save, NULL) != 0)
        return complain(o, HN_EXIT_FAILED, "%s", saver.why);
    status = run(o, suite, &saver);
    if (hn_saver_end(&saver) != 0)
        return complain(o, HN_EXIT_FAILED, "%s", saver.why);
    if (!saver.written)
        complain(o, status, "%s is not written: no schedule failed", o->save);
    return status;
}

/* The one result of graph. */
struct keeper {
    struct hn_sink sink;
    struct hn_result *result;
};

static bool keep(struct hn_sink *sink, struct hn_result *result)
{
    struct keeper *k = (struct keeper *)sink;

    k->result = result;
    return true;
}

static void ignore(struct hn_sink *sink, const struct hn_progress *now)
{
    (void)sink;
    (void)now;
}

/* DOT as it came from the run, or the report as the JSON format has it. */
static enum hn_exit print_graph(const struct hn_options *o,
                                const struct hn_suite *suite,
                                const struct hn_result *r, FILE *out)
{
    struct hn_show show;

    if (o->format == HN_JSON_FORMAT) {
        hn_show_init(&show, suite, o, out);
        show.format->run(&show.writer, r);
        return HN_EXIT_EXPECTED;
    }
    if (r->graph_len > 0) {
        fwrite(r->graph, 1, r->graph_len, out);
        return HN_EXIT_EXPECTED;
    }
    return complain(o, HN_EXIT_NOT_EXPECTED, "%s drew no graph: %s%s%s",
                    r->scenario->name, go_verdict_text(r->seen.verdict),
                    r->note[0] ? ", " : "", r->note);
}

/* One run of one scenario; whether it is as expected is not asked. */
static enum hn_exit graph(struct hn_options *o, const struct hn_suite *suite)
{
    struct keeper k = {.sink = {.result = keep, .progress = ignore}};
    struct hn_run_end end;
    enum hn_exit status;
    FILE *out;
    int err;

    if (suite->n != 1)
        return complain(o, HN_EXIT_USAGE,
                        "graph draws one scenario, these are %zu: give it as "
                        "%s",
                        suite->n, o->own ? "NAME" : "PATH:NAME");
    o->repeat = 1;
    out = open_output(o);
    if (!out)
        return HN_EXIT_FAILED;
    err = hn_runner_run(suite, o, true, &k.sink, &end);
    if (err != 0)
        status = complain(o, HN_EXIT_FAILED, "%s", end.why);
    else if (!k.result)
        status = complain(o, HN_EXIT_FAILED, "interrupted");
    else
        status = print_graph(o, suite, k.result, out);
    hn_result_free(k.result);
    return close_output(o, out, status);
}

/* One run, by a token, which must fit to its last choice; then *result is to
   be freed. */
static enum hn_exit play_once(const struct hn_options *o,
                              const struct hn_suite *suite,
                              struct hn_run_end *end, struct hn_result **result)
{
    struct keeper k = {.sink = {.result = keep, .progress = ignore}};
    int err = hn_runner_run(suite, o, false, &k.sink, end);
    enum hn_exit status = HN_EXIT_EXPECTED;

    *result = k.result;
    if (err != 0)
        status = complain(o, HN_EXIT_FAILED, "%s", end->why);
    else if (!k.result)
        status = complain(o, HN_EXIT_FAILED, "interrupted");
    else if (k.result->misfit)
        status = complain(o, HN_EXIT_USAGE, "the %s does not fit %s: %s",
                          o->sched ? "file" : "token", suite->all[0].name,
                          k.result->misfit);
    if (status != HN_EXIT_EXPECTED)
        hn_result_free(k.result);
    return status;
}

static enum hn_exit replay_one(const struct hn_options *o,
                               const struct hn_suite *suite, FILE *out)
{
    struct hn_result *result;
    struct hn_run_end end;
    struct hn_show show;
    enum hn_exit status = play_once(o, suite, &end, &result);

    if (status != HN_EXIT_EXPECTED)
        return status;
    hn_show_init(&show, suite, o, out);
    hn_show_begin(&show);
    show.sink.result(&show.sink, result);
    return hn_show_end(&show, &end);
}

/* In gdb, at the choice that decides; the token is seen to fit before. */
static enum hn_exit debug(const struct hn_options *o,
                          const struct hn_suite *suite)
{
    char why[HN_DEBUGGER_WHY];
    struct hn_result *r;
    struct hn_run_end end;
    enum hn_exit status = play_once(o, suite, &end, &r);
    long long stop = -1;
    const json_t *told;

    if (status != HN_EXIT_EXPECTED)
        return status;
    told = json_object_get(r->explored, "stop");
    if (told)
        stop = json_integer_value(told);
    hn_result_free(r);
    fflush(NULL);
    hn_debugger_become(suite->all[0].exec, o->token, stop, why);
    return complain(o, HN_EXIT_FAILED, "%s", why);
}

static enum hn_exit replay_token(struct hn_options *o, struct hn_suite *suite)
{
    struct hn_token token;
    char why[HN_TOKEN_WHY];
    size_t given = suite->n;
    char only[64] = ""; /* who alone was given */
    enum hn_exit status;
    FILE *out;

    if (given == 1)
        snprintf(only, sizeof(only), "%s", suite->all[0].name);
    if (hn_token_read(o->token, &token, why) != 0)
        return complain(o, HN_EXIT_FAILED, "%s", why);
    hn_schedule_free(&token.schedule);
    hn_suite_keep(suite, token.scenario);
    if (suite->n > 1)
        return complain(o, HN_EXIT_USAGE,
                        "there are %zu scenarios '%s': give the PATH of one "
                        "before the token",
                        suite->n, token.scenario);
    if (suite->n == 0 && given == 0)
        return complain(o, HN_EXIT_USAGE,
                        "'%s' is to be played, and there are no scenarios here",
                        token.scenario);
    if (suite->n == 0 && given == 1)
        return complain(o, HN_EXIT_USAGE,
                        "the token is of '%s', and '%s' is given: give the "
                        "PATH of its own program, or none of its scenarios",
                        token.scenario, only);
    if (suite->n == 0)
        return complain(o, HN_EXIT_USAGE,
                        "'%s' is not among the %zu scenarios here%s",
                        token.scenario, given,
                        o->own ? ""
                               : ": give the PATH of its program before the "
                                 "token");
    if (o->gdb)
        return debug(o, suite);
    o->verbose = true;
    out = open_output(o);
    if (!out)
        return HN_EXIT_FAILED;
    status = replay_one(o, suite, out);
    return close_output(o, out, status);
}

static enum hn_exit replay(struct hn_options *o, struct hn_suite *suite)
{
    struct hn_schedfile file;
    char why[HN_SCHEDFILE_WHY];
    enum hn_exit status;
    char *whole;

    if (!o->sched)
        return replay_token(o, suite);
    if (hn_schedfile_read(o->sched, &file, why) != 0)
        return complain(o, HN_EXIT_USAGE, "%s", why);
    whole = realpath(o->sched, NULL); /* for the child, wherever it is */
    o->token = file.token;
    o->sched = whole;
    status = whole ? replay_token(o, suite)
                   : complain(o, HN_EXIT_FAILED, "out of memory");
    o->token = o->sched = NULL;
    free(whole);
    hn_schedfile_free(&file);
    return status;
}

static enum hn_exit score_to(const struct hn_options *o, struct hn_score *s,
                             FILE *out)
{
    struct hn_score_total all;
    struct hn_run_end end;

    if (hn_score_run(s, o, &end) != 0)
        return complain(o, HN_EXIT_FAILED, "%s", end.why);
    if (end.signal != 0)
        return complain(o, HN_EXIT_FAILED, "interrupted");
    if (!hn_score_total(s, NULL, &all) || !hn_score_print(s, o, out))
        return complain(o, HN_EXIT_FAILED, "out of memory");
    return hn_score_perfect(&all) ? HN_EXIT_EXPECTED : HN_EXIT_NOT_EXPECTED;
}

static enum hn_exit score(const struct hn_options *o, struct hn_suite *suite)
{
    enum hn_exit status = HN_EXIT_FAILED;
    struct hn_score s;
    FILE *out = open_output(o);

    if (!out)
        return status;
    if (hn_score_begin(&s, suite, o) != 0)
        status = complain(o, HN_EXIT_FAILED, "out of memory");
    else if (s.n == 0)
        status = complain(o, HN_EXIT_USAGE,
                          "none of these has a twin to be scored with: X_fixed "
                          "in the program of X, or X in a folder clean/ beside "
                          "that of X");
    else
        status = score_to(o, &s, out);
    hn_score_free(&s);
    return close_output(o, out, status);
}

static enum hn_exit dispatch(struct hn_options *o)
{
    struct hn_suite suite = {0};
    struct hn_baseline baseline = {0};
    enum hn_exit status;

    if (!go_settings_check())
        return HN_EXIT_USAGE;
    if (hn_inplace_asked())
        return complain(o, HN_EXIT_USAGE,
                        "VIGIL=replay= is for a scenario program or one with "
                        "go_main, run by itself: here it is replay TOKEN");
    status = read_baseline(o, &baseline);
    if (status == HN_EXIT_EXPECTED)
        status = gather(o, &suite);
    if (status == HN_EXIT_EXPECTED) {
        if (o->command == HN_LIST)
            status = list(o, &suite);
        else if (o->command == HN_GRAPH)
            status = graph(o, &suite);
        else if (o->command == HN_REPLAY)
            status = replay(o, &suite);
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

/*
 * SIGPIPE is ignored so that a reader who leaves is an error of write like any
 * other, and SIGXFSZ so that a file that may not be so long is; children get the
 * default back (process.c).
 */
static int command_line(int argc, char **argv, bool own)
{
    struct hn_options options;
    int status;

    fill_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
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
