/*
 * perform.c - what a child does that is to explore, or to replay a token.
 *
 * In:  a plan. Out: a line of vigil-explore/1 on the descriptor of the report,
 * then the run that is shown: of the schedule that fails, or the default one.
 *
 * P1  The line comes before the run: if that crashes, its schedule is known.
 * P2  The run that is shown gets its memory where those of the search had
 *     theirs: a program that compares addresses does the same then.
 */
#define _GNU_SOURCE
#include "harness/explore/perform.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/explore/play.h"
#include "harness/explore/reset.h"
#include "harness/explore/token.h"

/* Whole lines only: the descriptor is a pipe that others write to as well. */
static void write_line(int fd, json_t *line)
{
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;

    if (text)
        dprintf(fd, "%s\n", text);
    else
        dprintf(STDERR_FILENO, "vigil: no memory for the report\n");
    free(text);
    json_decref(line);
}

/* What the claim is good for, in words. */
static json_t *conditions_of(const struct hn_plan *plan,
                             const struct hn_explored *x)
{
    json_t *list = json_array();

    json_array_append_new(list, json_string("no data races in the scenario"));
    json_array_append_new(
        list, json_string(x->complete || !plan->ask.racy
                              ? "timers fire only when nothing else can go on"
                              : "up to 2 timers fire early"));
    if (x->cut > 0)
        json_array_append_new(list, json_sprintf("%llu executions were cut off",
                                                 (unsigned long long)x->cut));
    if (x->conditions[0])
        json_array_append_new(list, json_string(x->conditions));
    return list;
}

static void tell_explored(const struct go_run *run, const struct hn_plan *plan,
                          const struct hn_explored *x)
{
    double seconds = (double)x->ns / 1e9;
    json_t *line = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:b, s:I, s:I, s:f, s:f, s:o, s:b}",
        "schema", HN_EXPLORE_SCHEMA, "strategy",
        x->strategy[0] ? x->strategy : plan->ask.strategy, "seed",
        (json_int_t)plan->ask.seed, "schedules", (json_int_t)x->executions,
        "found_at", (json_int_t)x->found_at, "complete", (int)x->complete,
        "executions", (json_int_t)x->executions, "points",
        (json_int_t)x->points, "seconds", seconds, "rate",
        seconds > 0 ? (double)x->executions / seconds : 0.0, "conditions",
        conditions_of(plan, x), "found", (int)x->found);

    if (line && x->token && x->found)
        json_object_set_new(line, "token", json_string(x->token));
    if (line && run->replay && x->found)
        json_object_set_new(line, "replay", json_string(run->replay));
    if (line && x->trouble[0])
        json_object_set_new(line, "trouble", json_string(x->trouble));
    write_line(run->json_fd, line);
}

static void tell_misfit(const struct go_run *run, const char *misfit)
{
    write_line(run->json_fd, json_pack("{s:s, s:s}", "schema",
                                       HN_EXPLORE_SCHEMA, "misfit", misfit));
}

static void tell_trouble(const struct go_run *run, const char *trouble)
{
    write_line(run->json_fd, json_pack("{s:s, s:s}", "schema",
                                       HN_EXPLORE_SCHEMA, "trouble", trouble));
}

/* What a person reads below the report of a failure. */
static void tell_how(const struct go_run *run, const struct hn_plan *plan,
                     const struct hn_explored *x, const struct hn_play *play)
{
    if (run->text_fd < 0)
        return;
    if (plan->kind == HN_PLAN_EXPLORE)
        dprintf(run->text_fd,
                "\nfound at schedule %llu of %llu by %s, seed %llu; shrunk to "
                "%zu choice%s that the default schedule does not take\n",
                (unsigned long long)x->found_at,
                (unsigned long long)x->executions, x->strategy,
                (unsigned long long)plan->ask.seed, x->schedule.n,
                x->schedule.n == 1 ? "" : "s");
    hn_play_table(play, run->text_fd);
}

/* What a schedule that is followed loosely did not come to. */
static void tell_left_out(const struct go_run *run, const struct hn_play *play)
{
    char text[512];

    hn_play_left_out(play, text, sizeof(text));
    if (!text[0])
        return;
    write_line(run->json_fd, json_pack("{s:s, s:s}", "schema",
                                       HN_EXPLORE_SCHEMA, "left_out", text));
    if (run->text_fd >= 0)
        dprintf(run->text_fd, "left out, for it cannot be done: %s\n", text);
}

/* hash: of the whole schedule, as it was; -1: not known. steps: of its file,
   or NULL. */
static int play(struct go_run *run, const struct hn_plan *plan,
                const struct hn_explored *x, const struct hn_schedule *schedule,
                int hash, const struct hn_schedfile *steps)
{
    static struct hn_play shown;               /* too big for a stack */
    struct hn_reset *reset = hn_reset_begin(); /* P2 */
    int status;

    hn_play_init(&shown, schedule, hn_schedule_early(schedule));
    shown.follow.loose = plan->follow == HN_LOOSE;
    shown.witness.fd = plan->trace_fd;
    shown.witness.steps = shown.follow.loose ? NULL : steps;
    run->control = &shown.control;
    status = go_run(run);
    hn_reset_end(reset);
    if (hn_play_end(&shown) && hash >= 0 && !shown.follow.loose &&
        hash != hn_follow_hash(&shown.follow))
        hn_follow_unfit(&shown.follow,
                        "all of its choices can be taken, but it has become "
                        "another schedule: its hash is %04x now ('*' in its "
                        "place replays it)",
                        hn_follow_hash(&shown.follow));
    tell_left_out(run, &shown);
    if (shown.follow.misfit[0])
        tell_misfit(run, shown.follow.misfit);
    else if (plan->kind == HN_PLAN_REPLAY || x->found)
        tell_how(run, plan, x, &shown);
    hn_play_free(&shown);
    return status;
}

/* The steps of the plan's file; false: told why not. */
static bool read_steps(const struct go_run *run, const struct hn_plan *plan,
                       struct hn_schedfile *file)
{
    char why[HN_SCHEDFILE_WHY];

    *file = (struct hn_schedfile){0};
    if (!plan->sched || hn_schedfile_read(plan->sched, file, why) == 0)
        return true;
    tell_misfit(run, why); /* the parent has read it before */
    return false;
}

static int replay(struct go_run *run, const struct hn_plan *plan,
                  const char *command)
{
    const struct hn_explored none = {0};
    struct hn_token token;
    struct hn_schedfile file;
    char why[HN_TOKEN_WHY], *text = NULL;
    int status = hn_token_read(plan->token, &token, why);

    if (status < 0) { /* the parent has read it before */
        tell_misfit(run, status == -ENOMEM ? "no memory" : why);
        return 0;
    }
    if (asprintf(&text, "%s %s", command, plan->token) > 0)
        run->replay = text;
    if (read_steps(run, plan, &file))
        status =
            play(run, plan, &none, &token.schedule,
                 token.hashed ? token.hash : -1, plan->sched ? &file : NULL);
    hn_schedfile_free(&file);
    hn_schedule_free(&token.schedule);
    free(text);
    return status;
}

/* prefix: what all schedules begin with, NULL: nothing. */
static int explore(struct go_run *run, const struct hn_plan *plan,
                   const struct hn_schedule *prefix, const char *command)
{
    struct hn_explore_ask ask = plan->ask;
    struct hn_explored x;
    char *text = NULL;
    int status;

    ask.prefix = prefix;
    status = hn_explore(run, &ask, &x);
    if (x.misfit[0]) {
        tell_misfit(run, x.misfit);
        hn_explored_free(&x);
        return 0;
    }
    if (status < 0 && !x.trouble[0])
        snprintf(x.trouble, sizeof(x.trouble), "no worker can be started: %s",
                 strerror(-status));
    if (x.token && asprintf(&text, "%s %s", command, x.token) > 0)
        run->replay = text;
    tell_explored(run, plan, &x); /* P1 */
    status = play(run, plan, &x, prefix && !x.found ? prefix : &x.schedule, -1,
                  NULL);
    if (x.found && run->outcome && run->outcome->verdict == GO_VERDICT_CLEAN)
        tell_trouble(run, "a schedule failed, but not in the run that was to "
                          "show it: the scenario is not deterministic");
    hn_explored_free(&x);
    free(text);
    return status;
}

static int explore_behind(struct go_run *run, const struct hn_plan *plan,
                          const char *command)
{
    struct hn_token token;
    char why[HN_TOKEN_WHY];
    int status = hn_token_read(plan->token, &token, why);

    if (status < 0) {
        tell_misfit(run, status == -ENOMEM ? "no memory" : why);
        return 0;
    }
    status = explore(run, plan, &token.schedule, command);
    hn_schedule_free(&token.schedule);
    return status;
}

int hn_perform(struct go_run *run, const struct hn_plan *plan,
               const char *command)
{
    return plan->kind == HN_PLAN_REPLAY ? replay(run, plan, command)
           : plan->token                ? explore_behind(run, plan, command)
                                        : explore(run, plan, NULL, command);
}
