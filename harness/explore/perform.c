/*
 * perform.c - what a child does that is to explore, or to replay a token.
 *
 * In:  a plan. Out: a line of vigil-explore/1 on the descriptor of the report,
 * then the run that is shown: of the schedule that fails, or the default one.
 *
 * P1  The line comes before the run: if that crashes, its schedule is known;
 *     and so does the text, when it is known to crash.
 * P2  A replay looks first whether it is a livelock, then whether it crashes. A
 *     livelock does not: and what comes behind it has no end.
 * P3  What this process is shown by is the program's: it may come to no choice,
 *     and can not be ended but from without. All else is told by then.
 */
#define _GNU_SOURCE
#include "harness/explore/perform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/budget.h"
#include "harness/explore/interrupt.h"
#include "harness/explore/orders.h"
#include "harness/explore/room.h"
#include "harness/explore/several.h"
#include "harness/explore/shown.h"
#include "harness/explore/silence.h"
#include "harness/explore/stop.h"
#include "harness/explore/tell.h"
#include "harness/explore/token.h"
#include "harness/utf8.h"

/* A token that is none, which the parent has read before; or too little memory
   for it. 0 */
static int tell_unread(int fd, int err, const char *why)
{
    if (err == -ENOMEM)
        hn_room_end("no memory for the token");
    hn_tell_word(fd, "misfit", why);
    return 0;
}

/* The plan's file, whose token is the plan's; false: told why not. */
static bool read_file(const struct go_run *run, struct hn_plan *plan,
                      struct hn_schedfile *file)
{
    char why[HN_SCHEDFILE_WHY];

    *file = (struct hn_schedfile){0};
    if (!plan->sched)
        return true;
    if (hn_schedfile_read(plan->sched, file, why) == 0) {
        plan->token = file->token;
        return true;
    }
    /* the parent has read it before */
    hn_tell_word(run->json_fd, "misfit", why);
    return false;
}

static void tell_stop(const struct go_run *run,
                      const struct hn_schedule *schedule)
{
    uint32_t at = hn_stop(run, schedule, HN_BUDGET_DECIDE);

    if (at != GO_NOWHERE)
        hn_tell(run->json_fd, json_pack("{s:I}", "stop", (json_int_t)at));
}

static int replay(struct go_run *run, const struct hn_plan *plan,
                  const struct hn_schedfile *file, const char *command)
{
    struct hn_token token;
    struct hn_part part;
    char why[HN_TOKEN_WHY], *text;
    int status = hn_token_read(plan->token, &token, why);

    if (status < 0)
        return tell_unread(run->json_fd, status, why);
    run->replay = text = hn_token_command(command, plan->token);
    part = (struct hn_part){.schedule = &token.schedule,
                            .hash = token.hashed ? token.hash : -1,
                            .steps = plan->sched ? file : NULL};
    if (plan->follow != HN_LOOSE)
        part.livelock =
            hn_explain_livelock(run, &token.schedule, HN_BUDGET_LIVELOCK);
    if (plan->decide)
        tell_stop(run, &token.schedule);
    /* P2 */
    if (part.livelock.to || hn_shown_crash(run, plan, NULL, &part))
        status = hn_shown(run, plan, NULL, &part);
    hn_token_free(&token);
    free(text);
    return status;
}

/* What runs outside of the schedule may have been faster, or slower. */
static void tell_not_shown(int fd, const struct hn_explored *x,
                           const struct hn_failing *f)
{
    const struct go_site *thread = hn_orders_first_thread();
    struct go_site at = {0};
    char died[HN_DIED_TEXT], text[1024];
    int n = snprintf(text, sizeof(text),
                     "a schedule failed, but not in the run that was to show "
                     "it: ");

    if (thread)
        go_site_find(thread, &at);
    if (f->died.signal) {
        hn_died_text(&f->died, died);
        n += snprintf(text + n, sizeof(text) - (size_t)n, "%s; ", died);
    }
    if (x->limits.descriptors)
        snprintf(text + n, sizeof(text) - (size_t)n,
                 "descriptors ran out in the search, of which there are %llu "
                 "(ulimit -n): what executions leave open adds up, but with "
                 "--isolate=fork",
                 (unsigned long long)x->limits.descriptors);
    else if (thread)
        snprintf(text + n, sizeof(text) - (size_t)n,
                 "threads that the program starts (%s:%d) run outside of "
                 "the schedule",
                 at.file ? at.file : "?", at.line);
    else
        snprintf(text + n, sizeof(text) - (size_t)n,
                 "the scenario is not deterministic");
    hn_tell_word(fd, "trouble", text);
}

/* There is no token by which it could be shown. */
static void tell_untold(int fd, const struct hn_failing *f)
{
    char text[128] = "a schedule failed, and there was no time to do it again";

    if (f->cut)
        snprintf(text, sizeof(text),
                 "a schedule failed that is too long to be written: it has "
                 "%u choices",
                 f->choices);
    hn_tell_word(fd, "trouble", text);
}

/* Nothing failed, and the default schedule would go on until it is ended, and
   tell no more: of threads it tells who they are, if there is time for it. */
static bool is_endless(const struct hn_explored *x)
{
    if (x->nfailures > 0)
        return false;
    return x->interrupted ? x->unended >= x->executions
                          : x->endless && !x->beside;
}

/* What was not tried by the search, but shown, fails: the default schedule, or
   what was to be followed. Its choices are known by themselves. */
static void tell_usual(const struct go_run *run, const struct hn_explored *x,
                       const char *followed, const char *command)
{
    char *token, *replay = NULL;

    if (!hn_shown_failed(run))
        return;
    token = followed ? strdup(followed)
                     : hn_token_make(run->scenario, 0, false, "");
    if (token)
        replay = hn_token_command(command, token);
    if (replay) {
        json_t *fields = json_pack(
            "{s:s, s:s, s:I, s:I}", "token", token, "strategy", "default",
            "found_at", (json_int_t)x->executions + 1, "times", (json_int_t)1);

        hn_utf8_set(fields, "replay", replay);
        hn_tell(run->json_fd, fields);
    }
    free(replay);
    free(token);
}

/* The one that is shown first, and in it the verdict. */
static int show(struct go_run *run, const struct hn_plan *plan,
                const struct hn_schedule *prefix, const struct hn_explored *x,
                struct hn_several *several)
{
    const struct hn_schedule usual = {0};
    const struct hn_failing *f = x->nfailures ? &x->failures[0] : NULL;
    struct hn_part part = {.schedule = prefix ? prefix : &usual, .hash = -1};
    int status;

    if (f && f->token)
        part = hn_part_of(f);
    if (f && f->died.signal && !f->token)
        hn_tell_once(run, x, f);
    if (part.f && f->died.signal) { /* P1 */
        (void)hn_shown_crash(run, plan, x, &part);
        hn_several_tell(several, run->text_fd);
    }
    if (is_endless(x))
        return 0;
    if (f && !f->token && (f->late || f->cut)) {
        tell_untold(run->json_fd, f);
        return 0;
    }
    hn_interrupt_end(); /* P3 */
    status = hn_shown(run, plan, x, &part);
    if (f && run->outcome && !hn_shown_failed(run))
        tell_not_shown(run->json_fd, x, f);
    return status;
}

/* All that differ: the first is the run's own. */
static int show_all(struct go_run *run, const struct hn_plan *plan,
                    const struct hn_schedule *prefix, const char *command,
                    const struct hn_explored *x)
{
    struct hn_several *several = plan->ask.all && x->nfailures > 0
                                     ? hn_several_begin(run, plan, command, x)
                                     : NULL;
    int status = show(run, plan, prefix, x, several);

    hn_several_end(several, run);
    return status;
}

/* Where there was too little of something, what was found is shown, and no more:
   of any other schedule it would say nothing. */
static bool is_to_be_shown(const struct hn_explored *x)
{
    return !x->lack[0] || (x->nfailures && x->failures[0].token);
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
    (void)hn_explore(run, &ask, &x); /* out of what it was, x says */
    if (x.misfit[0]) {
        hn_tell_word(run->json_fd, "misfit", x.misfit);
        hn_explored_free(&x);
        return 0;
    }
    if (x.nfailures && x.failures[0].token)
        run->replay = text = hn_token_command(command, x.failures[0].token);
    hn_tell_explored(run, plan, &x); /* P1 */
    hn_tell_differs(&x.differs, run->text_fd);
    hn_tell_notes(&x, run->text_fd);
    if (x.lack[0])
        hn_room_tell(run->json_fd, x.lack);
    status = is_to_be_shown(&x) ? show_all(run, plan, prefix, command, &x) : 0;
    if (!x.nfailures)
        tell_usual(run, &x, prefix ? plan->token : NULL, command);
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

    if (status < 0)
        return tell_unread(run->json_fd, status, why);
    status = explore(run, plan, &token.schedule, command);
    hn_token_free(&token);
    return status;
}

int hn_perform(struct go_run *run, const struct hn_plan *plan,
               const char *command)
{
    struct hn_plan own = *plan;
    struct hn_schedfile file;
    int status = 0;

    if (!read_file(run, &own, &file))
        return 0;
    hn_interrupt_begin(own.interrupt_fd);
    hn_silence_begin();
    status = own.kind == HN_PLAN_REPLAY ? replay(run, &own, &file, command)
             : own.token                ? explore_behind(run, &own, command)
                                        : explore(run, &own, NULL, command);
    hn_silence_end();
    hn_interrupt_end();
    hn_schedfile_free(&file);
    return status;
}
