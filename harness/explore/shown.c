/*
 * shown.c - one schedule under the full monitor, and what is told around it.
 *
 * P1  The run that is shown gets its memory where those of the search had
 *     theirs: a program that compares addresses does the same then.
 * P2  Behind a search it waits no longer than its executions did for what comes
 *     from outside: what all of them came to is known, and one more that is cut
 *     off changes nothing. A replay is all that there is, and waits on.
 */
#include "harness/explore/shown.h"

#include <stdio.h>

#include "harness/explore/answers.h"
#include "harness/explore/budget.h"
#include "harness/explore/crash.h"
#include "harness/explore/orders.h"
#include "harness/explore/reset.h"
#include "harness/explore/silence.h"
#include "harness/explore/tell.h"

struct hn_part hn_part_of(const struct hn_failing *f)
{
    return (struct hn_part){.f = f,
                            .schedule = &f->schedule,
                            .hash = -1,
                            .livelock = f->livelock ? f->confirmed.round
                                                    : (struct hn_round){0, 0}};
}

/* What a person reads below the report of a failure. */
static void tell_how(const struct go_run *run, const struct hn_plan *plan,
                     const struct hn_explored *x, const struct hn_failing *f,
                     const struct hn_play *play)
{
    if (run->text_fd < 0)
        return;
    if (f)
        hn_tell_found(plan, x, f, run->text_fd);
    else if (x)
        hn_tell_untried(plan, x, run->text_fd);
    hn_table_print(&play->table, run->text_fd);
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

/*
 * A failure has those of its own run. That may have ended before the second of
 * two accesses came, and they may be its cause all the same: so those of other
 * executions are told behind them. Where nothing fails all are alike.
 */
static void print_races(const struct hn_explored *x, const struct hn_part *part,
                        const struct hn_play *play, int fd)
{
    bool own = !x || part->f;

    if (own)
        hn_races_print(&play->races, NULL, "", fd);
    if (x)
        hn_races_print(&x->races, own ? &play->races : NULL,
                       own ? "\nin other schedules:\n" : "", fd);
}

static void tell_races(const struct go_run *run, const struct hn_plan *plan,
                       const struct hn_explored *x, const struct hn_part *part,
                       const struct hn_play *play)
{
    if (plan->kind == HN_PLAN_REPLAY && play->races.n > 0)
        hn_tell(run->json_fd,
                json_pack("{s:o}", "races", hn_races_json(&play->races)));
    if (run->text_fd >= 0)
        print_races(x, part, play, run->text_fd);
}

static void tell_crash(const struct go_run *run, const struct hn_plan *plan,
                       const struct hn_explored *x, const struct hn_part *part,
                       const struct hn_crash *c)
{
    if (run->text_fd >= 0)
        hn_died_tell(&c->died, run, run->text_fd);
    tell_how(run, plan, x, part->f, &c->play);
    tell_races(run, plan, x, part, &c->play);
    hn_tell(run->json_fd,
            json_pack("{s:o, s:o}", "crash", hn_died_json(&c->died), "stalls",
                      hn_tell_stalls(&c->play)));
}

bool hn_shown_crash(const struct go_run *run, const struct hn_plan *plan,
                    const struct hn_explored *x, const struct hn_part *part)
{
    bool loose = plan->follow == HN_LOOSE, fits;
    struct hn_crash *c =
        hn_crash_play(run, part->schedule, loose, part->steps,
                      part->f ? &part->f->decisive : NULL, HN_BUDGET_CRASH);

    if (!c)
        return true;
    fits = loose || hn_play_end(&c->play, part->hash);
    if (fits)
        tell_crash(run, plan, x, part, c);
    else
        hn_tell_word(run->json_fd, "misfit", c->play.follow.misfit);
    hn_crash_free(c);
    return fits;
}

bool hn_shown_failed(const struct go_run *run)
{
    const struct go_outcome *o = run->outcome;

    return o && o->verdict != GO_VERDICT_CLEAN &&
           o->verdict != GO_VERDICT_LOCK_ORDER;
}

int hn_shown(struct go_run *run, const struct hn_plan *plan,
             const struct hn_explored *x, const struct hn_part *part)
{
    static struct hn_play shown;               /* too big for a stack */
    struct hn_reset *reset = hn_reset_begin(); /* P1 */
    int status;

    hn_silence_alone();
    hn_play_init(&shown, part->schedule, hn_schedule_early(part->schedule));
    shown.control.ends_silent = x != NULL; /* P2 */
    hn_table_begin(&shown.table, part->f ? &part->f->decisive : NULL);
    shown.follow.loose = plan->follow == HN_LOOSE;
    shown.witness.fd = plan->trace_fd;
    shown.witness.steps = shown.follow.loose ? NULL : part->steps;
    if (part->livelock.to)
        shown.watch = hn_watch_new(NULL);
    if (shown.watch)
        hn_watch_begin_known(shown.watch, part->livelock);
    shown.witness.endless = shown.watch != NULL;
    run->control = &shown.control;
    hn_answers_begin();
    hn_orders_begin();
    status = go_run(run);
    hn_answers_end();
    hn_watch_free(shown.watch);
    hn_reset_end(reset);
    hn_play_end(&shown, part->hash);
    tell_left_out(run, &shown);
    if (shown.follow.misfit[0]) {
        hn_tell_word(run->json_fd, "misfit", shown.follow.misfit);
    } else if (plan->kind == HN_PLAN_REPLAY || part->f ||
               hn_shown_failed(run)) {
        tell_how(run, plan, x, part->f, &shown);
        hn_tell(run->json_fd,
                json_pack("{s:o}", "stalls", hn_tell_stalls(&shown)));
    }
    tell_races(run, plan, x, part, &shown);
    hn_play_free(&shown);
    return status;
}
