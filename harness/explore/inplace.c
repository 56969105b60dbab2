/*
 * inplace.c - plays VIGIL=replay=TOKEN in this very process.
 *
 * In:  a token from the environment, or the file of one. Out: the run, under
 * control, with no process, pipe or time limit around it, as a debugger wants
 * it.
 *
 * Method: a scenario program that is asked so plays the scenario of the token,
 * and does nothing else. A program with go_main has no scenarios: the runtime
 * asks whoever reads tokens (vigil/control.h), which are we as soon as this
 * library is loaded, and the run is the program's own.
 *
 * I1  A debugger is told of one choice: which VIGIL=stop= says, or the last that
 *     the schedule has, or the first of all.
 */
#define _GNU_SOURCE
#include "harness/explore/inplace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/child.h"
#include "harness/explore/answers.h"
#include "harness/explore/orders.h"
#include "harness/explore/play.h"
#include "harness/explore/reset.h"
#include "harness/explore/schedfile.h"
#include "harness/explore/stop.h"
#include "harness/explore/token.h"
#include "harness/options.h"
#include "harness/registry.h"
#include "harness/verdict.h"

/* One run at a time has it. */
static struct {
    struct hn_token token;
    struct hn_play play;
    uint32_t stop; /* that was asked for; GO_NOWHERE */
} now;

bool hn_inplace_asked(void)
{
    char *token = go_settings_replay(NULL);

    free(token);
    return token != NULL;
}

/* ---- behind go_main ------------------------------------------------------*/

/* A token has no slash. */
static bool is_file(const char *followed)
{
    return !hn_token_is(followed) &&
           (strchr(followed, '/') || hn_schedfile_is(followed));
}

/* The token, or that of its file: the steps of one are not asked for, since of a
   livelock there are more of them than the file has. */
static bool read_followed(const char *followed, char *why, size_t n)
{
    char wrong[HN_TOKEN_WHY] = "no memory", refused[HN_SCHEDFILE_WHY];
    struct hn_schedfile file = {.token = followed};
    int err;

    if (is_file(followed) && hn_schedfile_read(followed, &file, refused) != 0) {
        snprintf(why, n, "%s", refused);
        return false;
    }
    err = hn_token_read(file.token, &now.token, wrong);
    if (err)
        snprintf(why, n, "%s", wrong);
    hn_schedfile_free(&file);
    return err == 0;
}

static const struct go_control *begin(const char *followed, uint32_t stop,
                                      char *why, size_t n)
{
    const struct hn_schedule *s = &now.token.schedule;

    if (!read_followed(followed, why, n))
        return NULL;
    hn_play_init(&now.play, s, hn_schedule_early(s));
    now.stop = stop;
    now.play.stop = stop == GO_NOWHERE ? hn_stop_usual(s) : stop; /* I1 */
    hn_answers_begin();
    hn_orders_begin();
    return &now.play.control;
}

/* Whether there was such a choice. */
static bool has_stopped(char *why, size_t n)
{
    uint32_t choices = now.play.follow.at;

    if (now.stop == GO_NOWHERE || now.stop < choices)
        return true;
    if (choices)
        snprintf(why, n, "stop=%u is none of its choices, which are 0 to %u",
                 now.stop, choices - 1);
    else
        snprintf(why, n, "stop=%u: it has no choices", now.stop);
    return false;
}

static bool end(char *why, size_t n)
{
    bool fits = hn_play_end(&now.play, now.token.hashed ? now.token.hash : -1);

    hn_answers_end();
    if (!fits)
        snprintf(why, n, "it does not fit: %s", now.play.follow.misfit);
    else
        fits = has_stopped(why, n);
    hn_play_free(&now.play);
    hn_token_free(&now.token);
    return fits;
}

static const struct go_replayer replayer = {begin, end};

__attribute__((constructor)) static void offer(void)
{
    go_replayer_set(&replayer);
}

/* ---- a scenario ----------------------------------------------------------*/

static int complain(const char *program, const char *token, const char *what)
{
    fprintf(stderr, "%s: VIGIL=replay=%s: %s\n", program, token, what);
    return HN_EXIT_USAGE;
}

/* As it is expected or not; a run that is not says why. */
static int judge(const struct go_scenario *s, const struct go_outcome *o)
{
    struct hn_seen seen = {.verdict = o->verdict,
                           .leaked = o->leaked,
                           .left = o->left,
                           .hints = o->hints,
                           .panic = (char *)o->panic};
    char why[HN_WHY_MAX];

    if (hn_verdict_judge(&s->expect, false, false, &seen, why) ==
        HN_AS_EXPECTED)
        return HN_EXIT_EXPECTED;
    fprintf(stderr, "%s  %s\n", s->name, why);
    return HN_EXIT_NOT_EXPECTED;
}

static int play(const char *program, const char *token,
                const struct go_scenario *s)
{
    struct go_outcome outcome = {0};
    struct go_site site;
    struct go_run run = hn_child_run(s, &site);
    char why[HN_FOLLOW_WHY];
    struct hn_reset *reset = hn_reset_begin(); /* as perform.c's P2 */

    run.seed = 1;
    run.text_fd = STDERR_FILENO;
    run.outcome = &outcome;
    run.control = &now.play.control;
    go_run(&run);
    hn_reset_end(reset);
    fflush(stdout);
    if (hn_play_end(&now.play, now.token.hashed ? now.token.hash : -1))
        hn_table_print(&now.play.table, STDERR_FILENO);
    if (!end(why, sizeof(why)))
        return complain(program, token, why);
    return judge(s, &outcome);
}

int hn_inplace_main(int argc, char **argv)
{
    const char *base = strrchr(argv[0], '/');
    const char *program = base ? base + 1 : argv[0];
    uint32_t stop = GO_NOWHERE;
    char *token = go_settings_replay(&stop), why[HN_TOKEN_WHY];
    const struct go_scenario *s;
    int status;

    if (argc > 1)
        status = complain(program, token,
                          "the program does nothing else then: it takes no "
                          "words");
    else if (!begin(token, stop, why, sizeof(why)))
        status = complain(program, token, why);
    else if (!(s = hn_registry_find(now.token.scenario)))
        status = complain(program, token, "there is no such scenario here");
    else
        status = play(program, token, s);
    free(token);
    return status;
}
