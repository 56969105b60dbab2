/*
 * single.c - one scenario: its graph, or runs by a token.
 *
 * In:  options, the scenarios that were given. Out: DOT, or a report; a line
 * that says why there is none.
 */
#include "harness/single.h"

#include <stdlib.h>
#include <vigil/inspect.h>

#include "harness/debugger.h"
#include "harness/explore/schedfile.h"
#include "harness/explore/token.h"
#include "harness/output.h"
#include "harness/runner.h"
#include "harness/show.h"

/* The one result. */
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
    if (r->lack[0])
        return hn_complain(o, HN_EXIT_FAILED, "%s", r->lack);
    return hn_complain(o, HN_EXIT_NOT_EXPECTED, "%s drew no graph: %s%s%s",
                       r->scenario->name, go_verdict_text(r->seen.verdict),
                       r->note[0] ? ", " : "", r->note);
}

enum hn_exit hn_graph(struct hn_options *o, const struct hn_suite *suite)
{
    struct keeper k = {.sink = {.result = keep, .progress = ignore}};
    struct hn_run_end end;
    enum hn_exit status;
    FILE *out;
    int err;

    if (suite->n != 1)
        return hn_complain(
            o, HN_EXIT_USAGE,
            "graph draws one scenario, these are %zu: give it as "
            "%s",
            suite->n, o->own ? "NAME" : "PATH:NAME");
    o->repeat = 1;
    out = hn_output_open(o);
    if (!out)
        return HN_EXIT_FAILED;
    err = hn_runner_run(suite, o, true, &k.sink, &end);
    if (err != 0)
        status = hn_complain(o, HN_EXIT_FAILED, "%s", end.why);
    else if (!k.result)
        status = hn_complain(o, HN_EXIT_FAILED, "interrupted");
    else
        status = print_graph(o, suite, k.result, out);
    hn_result_free(k.result);
    hn_output_interrupted(out, end.signal);
    return hn_output_close(o, out, status);
}

/* Runs by a token, each of which is shown. */
struct player {
    struct hn_sink sink;
    struct hn_show show;
    struct hn_result *misfit; /* the run that the token does not fit: the last;
                                 NULL: none */
    bool begun;               /* something is shown */
};

static bool play(struct hn_sink *sink, struct hn_result *result)
{
    struct player *p = (struct player *)sink;

    if (result->misfit) {
        p->misfit = result;
        return false;
    }
    if (!p->begun)
        hn_show_begin(&p->show);
    p->begun = true;
    return p->show.sink.result(&p->show.sink, result);
}

/* A token must fit to its last choice. */
static enum hn_exit complain_misfit(const struct hn_options *o,
                                    const struct hn_result *r)
{
    return hn_complain(o, HN_EXIT_USAGE, "the %s does not fit %s: %s",
                       o->sched ? "file" : "token", r->scenario->name,
                       r->misfit);
}

static enum hn_exit replay_all(const struct hn_options *o,
                               const struct hn_suite *suite, FILE *out)
{
    struct player p = {.sink = {.result = play, .progress = ignore}};
    enum hn_exit status = HN_EXIT_EXPECTED;
    struct hn_run_end end;
    int err;

    hn_show_init(&p.show, suite, o, out);
    err = hn_runner_run(suite, o, false, &p.sink, &end);
    if (p.begun)
        status = hn_show_end(&p.show, &end);
    if (err != 0)
        status = hn_complain(o, HN_EXIT_FAILED, "%s", end.why);
    else if (p.misfit)
        status = complain_misfit(o, p.misfit);
    else if (!p.begun)
        status = hn_complain(o, HN_EXIT_FAILED, "interrupted");
    hn_result_free(p.misfit);
    hn_output_interrupted(out, end.signal);
    return status;
}

/* In gdb, at the choice that decides; the token is seen to fit before. */
static enum hn_exit debug(const struct hn_options *o,
                          const struct hn_suite *suite)
{
    struct keeper k = {.sink = {.result = keep, .progress = ignore}};
    enum hn_exit status = HN_EXIT_EXPECTED;
    char why[HN_DEBUGGER_WHY];
    struct hn_run_end end;
    long long stop = -1;
    const json_t *told;

    if (hn_runner_run(suite, o, false, &k.sink, &end) != 0)
        status = hn_complain(o, HN_EXIT_FAILED, "%s", end.why);
    else if (!k.result)
        status = hn_complain(o, HN_EXIT_FAILED, "interrupted");
    else if (k.result->misfit)
        status = complain_misfit(o, k.result);
    else if (k.result->lack[0])
        status = hn_complain(o, HN_EXIT_FAILED, "%s", k.result->lack);
    told = k.result ? json_object_get(k.result->explored, "stop") : NULL;
    if (told)
        stop = json_integer_value(told);
    hn_result_free(k.result);
    hn_output_interrupted(stdout, end.signal);
    if (status != HN_EXIT_EXPECTED)
        return status;
    fflush(NULL);
    hn_debugger_become(suite->all[0].exec, o->token, o->sched, stop, why);
    return hn_complain(o, HN_EXIT_FAILED, "%s", why);
}

/* The suite is what was given: only the token's scenario is kept of it. Whether
   that is one; else it is said why not. */
static enum hn_exit keep_one(const struct hn_options *o, struct hn_suite *suite,
                             const char *scenario)
{
    size_t given = suite->n;
    char only[64] = ""; /* who alone was given */

    if (given == 1)
        snprintf(only, sizeof(only), "%s", suite->all[0].name);
    hn_suite_keep(suite, scenario);
    if (suite->n == 1)
        return HN_EXIT_EXPECTED;
    if (suite->n > 1)
        return hn_complain(o, HN_EXIT_USAGE,
                           "there are %zu scenarios '%s': give the PATH of one "
                           "before the token",
                           suite->n, scenario);
    if (given == 1)
        return hn_complain(o, HN_EXIT_USAGE,
                           "the token is of '%s', and '%s' is given: give the "
                           "PATH of its own program, or none of its scenarios",
                           scenario, only);
    return hn_complain(o, HN_EXIT_USAGE,
                       "'%s' is not among the %zu scenarios here%s", scenario,
                       given,
                       o->own ? ""
                              : ": give the PATH of its program before the "
                                "token");
}

static enum hn_exit replay_token(struct hn_options *o, struct hn_suite *suite)
{
    struct hn_token token;
    char why[HN_TOKEN_WHY];
    enum hn_exit status;
    FILE *out;

    if (hn_token_read(o->token, &token, why) != 0)
        return hn_complain(o, HN_EXIT_FAILED, "%s", why);
    status = keep_one(o, suite, token.scenario);
    hn_token_free(&token);
    if (status != HN_EXIT_EXPECTED)
        return status;
    if (o->gdb) {
        o->repeat = 1;
        return debug(o, suite);
    }
    o->verbose = true;
    out = hn_output_open(o);
    if (!out)
        return HN_EXIT_FAILED;
    status = replay_all(o, suite, out);
    return hn_output_close(o, out, status);
}

enum hn_exit hn_replay(struct hn_options *o, struct hn_suite *suite)
{
    struct hn_schedfile file;
    char why[HN_SCHEDFILE_WHY];
    enum hn_exit status;
    char *whole;

    if (!o->sched)
        return replay_token(o, suite);
    if (hn_schedfile_read(o->sched, &file, why) != 0)
        return hn_complain(o, HN_EXIT_USAGE, "%s", why);
    whole = realpath(o->sched, NULL); /* for the child, wherever it is */
    o->token = file.token;
    o->sched = whole;
    status = whole ? replay_token(o, suite)
                   : hn_complain(o, HN_EXIT_FAILED, "out of memory");
    o->token = o->sched = NULL;
    free(whole);
    hn_schedfile_free(&file);
    return status;
}
