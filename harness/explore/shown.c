/*
 * shown.c - one schedule under the full monitor, and what is told around it.
 *
 * P1  The run that is shown gets its memory where those of the search had
 *     theirs: a program that compares addresses does the same then.
 */
#include "harness/explore/shown.h"

#include <stdio.h>

#include "harness/explore/answers.h"
#include "harness/explore/reset.h"
#include "harness/explore/tell.h"

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

/* Those of the run; of all executions where it is but one of them. */
static void tell_races(const struct go_run *run, const struct hn_plan *plan,
                       const struct hn_explored *x, const struct hn_play *play)
{
    if (plan->kind == HN_PLAN_REPLAY && play->races.n > 0)
        hn_tell(run->json_fd,
                json_pack("{s:o}", "races", hn_races_json(&play->races)));
    if (run->text_fd >= 0)
        hn_races_print(x ? &x->races : &play->races, run->text_fd);
}

int hn_shown(struct go_run *run, const struct hn_plan *plan,
             const struct hn_explored *x, const struct hn_part *part)
{
    static struct hn_play shown;               /* too big for a stack */
    struct hn_reset *reset = hn_reset_begin(); /* P1 */
    int status;

    hn_play_init(&shown, part->schedule, hn_schedule_early(part->schedule));
    shown.follow.loose = plan->follow == HN_LOOSE;
    shown.witness.fd = plan->trace_fd;
    shown.witness.steps = shown.follow.loose ? NULL : part->steps;
    if (part->livelock.to)
        shown.watch = hn_watch_new(NULL);
    if (shown.watch)
        hn_watch_begin_known(shown.watch, part->livelock);
    run->control = &shown.control;
    hn_answers_begin();
    status = go_run(run);
    hn_answers_end();
    hn_watch_free(shown.watch);
    hn_reset_end(reset);
    hn_play_end(&shown, part->hash);
    tell_left_out(run, &shown);
    if (shown.follow.misfit[0]) {
        hn_tell_word(run->json_fd, "misfit", shown.follow.misfit);
    } else if (plan->kind == HN_PLAN_REPLAY || part->f) {
        tell_how(run, plan, x, part->f, &shown);
        hn_tell(run->json_fd,
                json_pack("{s:o}", "stalls", hn_tell_stalls(&shown)));
    }
    tell_races(run, plan, part->f ? NULL : x, &shown);
    hn_play_free(&shown);
    return status;
}
