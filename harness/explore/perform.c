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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/reset.h"
#include "harness/explore/tell.h"
#include "harness/explore/token.h"

/* What a person reads below the report of a failure. */
static void tell_how(const struct go_run *run, const struct hn_plan *plan,
                     const struct hn_explored *x, const struct hn_failing *f,
                     const struct hn_play *play)
{
    if (run->text_fd < 0)
        return;
    if (f)
        hn_tell_found(plan, x, f, run->text_fd);
    hn_play_table(play, f ? &f->decisive : NULL, run->text_fd);
    hn_tell_below(f, play, run->text_fd);
}

/* What a schedule that is followed loosely did not come to. */
static void tell_left_out(const struct go_run *run, const struct hn_play *play)
{
    char text[512];

    hn_play_left_out(play, text, sizeof(text));
    if (!text[0])
        return;
    hn_tell_word(run->json_fd, "left_out", text);
    if (run->text_fd >= 0)
        dprintf(run->text_fd, "left out, for it cannot be done: %s\n", text);
}

/* What is played. */
struct part {
    const struct hn_failing *f; /* which failure it is of, or NULL */
    const struct hn_schedule *schedule;
    int hash; /* of the whole schedule, as it was; -1: not known */
    const struct hn_schedfile *steps; /* of its file, or NULL */
};

static int play(struct go_run *run, const struct hn_plan *plan,
                const struct hn_explored *x, const struct part *part)
{
    static struct hn_play shown;               /* too big for a stack */
    struct hn_reset *reset = hn_reset_begin(); /* P2 */
    int status;

    hn_play_init(&shown, part->schedule, hn_schedule_early(part->schedule));
    shown.follow.loose = plan->follow == HN_LOOSE;
    shown.witness.fd = plan->trace_fd;
    shown.witness.steps = shown.follow.loose ? NULL : part->steps;
    run->control = &shown.control;
    status = go_run(run);
    hn_reset_end(reset);
    if (hn_play_end(&shown) && part->hash >= 0 && !shown.follow.loose &&
        part->hash != hn_follow_hash(&shown.follow))
        hn_follow_unfit(&shown.follow,
                        "all of its choices can be taken, but it has become "
                        "another schedule: its hash is %04x now ('*' in its "
                        "place replays it)",
                        hn_follow_hash(&shown.follow));
    tell_left_out(run, &shown);
    if (shown.follow.misfit[0]) {
        hn_tell_word(run->json_fd, "misfit", shown.follow.misfit);
    } else if (plan->kind == HN_PLAN_REPLAY || part->f) {
        tell_how(run, plan, x, part->f, &shown);
        hn_tell(run->json_fd,
                json_pack("{s:o}", "stalls", hn_tell_stalls(&shown)));
    }
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
    /* the parent has read it before */
    hn_tell_word(run->json_fd, "misfit", why);
    return false;
}

static int replay(struct go_run *run, const struct hn_plan *plan,
                  const char *command)
{
    struct hn_token token;
    struct hn_schedfile file;
    struct part part;
    char why[HN_TOKEN_WHY], *text = NULL;
    int status = hn_token_read(plan->token, &token, why);

    if (status < 0) { /* the parent has read it before */
        hn_tell_word(run->json_fd, "misfit",
                     status == -ENOMEM ? "no memory" : why);
        return 0;
    }
    if (asprintf(&text, "%s %s", command, plan->token) > 0)
        run->replay = text;
    part = (struct part){.schedule = &token.schedule,
                         .hash = token.hashed ? token.hash : -1,
                         .steps = plan->sched ? &file : NULL};
    if (read_steps(run, plan, &file))
        status = play(run, plan, NULL, &part);
    hn_schedfile_free(&file);
    hn_schedule_free(&token.schedule);
    free(text);
    return status;
}

/* The one that is shown first, and in it the verdict. */
static int show(struct go_run *run, const struct hn_plan *plan,
                const struct hn_schedule *prefix, const struct hn_explored *x)
{
    const struct hn_schedule usual = {0};
    const struct hn_failing *f = x->nfailures ? &x->failures[0] : NULL;
    struct part part = {.schedule = prefix ? prefix : &usual, .hash = -1};
    int status;

    if (f && f->token) {
        part.f = f;
        part.schedule = &f->schedule;
    }
    status = play(run, plan, x, &part);
    if (f && run->outcome && run->outcome->verdict == GO_VERDICT_CLEAN)
        hn_tell_word(run->json_fd, "trouble",
                     "a schedule failed, but not in the run that was to show "
                     "it: the scenario is not deterministic");
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
        hn_tell_word(run->json_fd, "misfit", x.misfit);
        hn_explored_free(&x);
        return 0;
    }
    if (status < 0 && !x.trouble[0])
        snprintf(x.trouble, sizeof(x.trouble), "no worker can be started: %s",
                 strerror(-status));
    if (x.nfailures && x.failures[0].token &&
        asprintf(&text, "%s %s", command, x.failures[0].token) > 0)
        run->replay = text;
    hn_tell_explored(run, plan, &x); /* P1 */
    status = show(run, plan, prefix, &x);
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
        hn_tell_word(run->json_fd, "misfit",
                     status == -ENOMEM ? "no memory" : why);
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
