/*
 * tell.c - an exploration in words and in JSON.
 *
 * What is a fact is told as one: a pair that decides was tried both ways, a
 * share has its numbers with it.
 */
#define _GNU_SOURCE
#include "harness/explore/tell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/assert.h"
#include "harness/duration.h"
#include "harness/utf8.h"

/* Whole lines only: the descriptor is a pipe that others write to as well. */
void hn_tell(int fd, json_t *fields)
{
    char *text = NULL;

    if (fields &&
        !json_object_set_new(fields, "schema", json_string(HN_EXPLORE_SCHEMA)))
        text = json_dumps(fields, JSON_COMPACT);
    if (text)
        dprintf(fd, "%s\n", text);
    else
        dprintf(STDERR_FILENO, "vigil: no memory for the report\n");
    free(text);
    json_decref(fields);
}

void hn_tell_word(int fd, const char *key, const char *text)
{
    hn_tell(fd, json_pack("{s:o}", key, hn_utf8(text)));
}

/* ---- JSON ----------------------------------------------------------------*/

/* What the claim is good for, in words. */
static json_t *conditions_of(const struct hn_plan *plan,
                             const struct hn_explored *x)
{
    json_t *list = json_array();
    char why[HN_REASONS_TEXT];

    json_array_append_new(list, hn_races_condition(&x->races, x->complete));
    json_array_append_new(
        list, json_string(x->complete || !plan->ask.racy
                              ? "timers fire only when nothing else can go on"
                              : "up to 2 timers fire early"));
    if (plan->ask.fifo)
        json_array_append_new(list,
                              json_string("who waits first is served first"));
    if (hn_reasons(plan, x, why)[0])
        json_array_append_new(list, hn_utf8_printf("incomplete: %s", why));
    if (x->runaway[0])
        json_array_append_new(list, hn_utf8(x->runaway));
    if (x->hang[0])
        json_array_append_new(list, hn_utf8(x->hang));
    if (x->conditions[0])
        json_array_append_new(list, hn_utf8(x->conditions));
    return list;
}

static json_t *step_of(const struct hn_did *bare)
{
    const struct hn_did did = hn_did_placed(bare), *d = &did;
    json_t *step = json_pack("{s:s, s:I, s:s, s:o}", "task", d->task,
                             "goroutine", (json_int_t)d->goroutine, "op",
                             go_op_text(d->op), "text", hn_utf8(d->text));

    json_object_set_new(
        step, "site",
        d->file[0]
            ? json_pack("{s:o, s:i}", "file", hn_utf8(d->file), "line", d->line)
            : json_null());
    return step;
}

static json_t *decisive_of(const struct hn_decisive *d)
{
    if (d->kind == HN_DECISIVE_NONE)
        return json_null();
    return json_pack("{s:s, s:I, s:o, s:o, s:s, s:o}", "kind",
                     hn_decisive_kind_text(d->kind), "choice",
                     (json_int_t)d->at, "first", step_of(&d->first), "second",
                     step_of(&d->second), "otherwise",
                     d->differs ? "fails in another way" : "does not fail",
                     "other", hn_utf8(d->differs ? d->other : ""));
}

static json_t *frequency_of(const struct hn_frequency *f)
{
    if (f->runs == 0)
        return json_null();
    return json_pack("{s:i, s:i, s:f, s:b}", "same", (int)f->same, "of",
                     (int)f->runs, "share", (double)f->same / f->runs, "early",
                     (int)f->early);
}

static json_t *shrinking_of(const struct hn_failing *f)
{
    if (!f->replays)
        return json_null();
    return json_pack("{s:I, s:f}", "executions", (json_int_t)f->replays,
                     "seconds", (double)f->shrink_ns / 1e9);
}

json_t *hn_tell_failing(const struct hn_failing *f)
{
    json_t *fields =
        json_pack("{s:s, s:I, s:I, s:s, s:o, s:o, s:o, s:o}", "strategy",
                  f->strategy, "found_at", (json_int_t)f->found_at, "times",
                  (json_int_t)f->times, "seen", go_verdict_text(f->seen),
                  "signature", hn_utf8_printf("%016" PRIx64, f->signature),
                  "decisive", decisive_of(&f->decisive), "frequency",
                  frequency_of(&f->frequency), "shrinking", shrinking_of(f));

    hn_check(!f->livelock || f->confirmed.alone,
             "a livelock that was not confirmed");
    if (fields && f->token) {
        json_object_set_new(fields, "token", json_string(f->token));
        json_object_set_new(fields, "early",
                            json_integer(hn_schedule_early(&f->schedule)));
    }
    return fields;
}

static json_t *differs_of(const struct hn_differs *d)
{
    json_t *before = json_array();

    for (uint32_t i = 0; i < d->nbefore; i++)
        json_array_append_new(before, hn_utf8(d->before[i]));
    return json_pack("{s:I, s:o, s:o, s:o, s:s}", "step", (json_int_t)d->at,
                     "was", hn_utf8(d->was), "is", hn_utf8(d->is), "before",
                     before, "suspects", hn_differs_suspects);
}

static json_t *deed_of(const struct hn_starve_deed *d)
{
    json_t *deed = step_of(&d->did);

    json_object_set_new(deed, "times", json_integer(d->times));
    return deed;
}

static json_t *starved_of(const struct hn_starved *s)
{
    json_t *starved = deed_of(&s->who), *by = json_array();
    char warning[HN_STARVED_TEXT];

    hn_starved_text(s, warning, sizeof(warning));
    for (uint32_t i = 0; i < s->nby; i++)
        json_array_append_new(by, deed_of(&s->by[i]));
    json_object_set_new(starved, "schedule",
                        json_integer((json_int_t)s->schedule));
    json_object_set_new(starved, "by", by);
    json_object_set_new(starved, "warning", hn_utf8(warning));
    return starved;
}

static json_t *waiting_of(const struct hn_waiting *w)
{
    json_t *waiting = step_of(&w->did);

    json_object_set_new(waiting, "schedule",
                        json_integer((json_int_t)w->schedule));
    json_object_set_new(waiting, "times", json_integer((json_int_t)w->times));
    return waiting;
}

/* An execution fails in one way at most. */
static bool adds_up(const struct hn_explored *x)
{
    uint64_t failed = x->others;

    for (uint32_t i = 0; i < x->nfailures; i++)
        failed += x->failures[i].times;
    return failed <= x->executions;
}

void hn_tell_explored(const struct go_run *run, const struct hn_plan *plan,
                      const struct hn_explored *x)
{
    double seconds = (double)x->ns / 1e9;
    const char *strategy = x->strategy[0] ? x->strategy : plan->ask.strategy;
    json_t *line;

    hn_check(!x->complete || (x->cut == 0 && !x->differs.differs &&
                              !x->trouble[0] && !x->lack[0] && !x->ended[0] &&
                              x->livelocks == 0 && !plan->ask.fifo),
             "complete, but not all was tried");
    hn_check(adds_up(x), "more failures than executions");
    line = json_pack(
        "{s:s, s:I, s:I, s:I, s:b, s:b, s:I, s:I, s:f, s:f, s:o, s:b, s:b, "
        "s:I, s:b}",
        "strategy", strategy, "seed", (json_int_t)plan->ask.seed, "schedules",
        (json_int_t)x->executions, "found_at", (json_int_t)0, "complete",
        (int)x->complete, "timers", (int)x->timers, "executions",
        (json_int_t)x->executions, "points", (json_int_t)x->points, "seconds",
        seconds, "rate", seconds > 0 ? (double)x->executions / seconds : 0.0,
        "conditions", conditions_of(plan, x), "found", (int)(x->nfailures > 0),
        "hung", (int)x->hung, "unended", (json_int_t)x->unended, "interrupted",
        (int)x->interrupted);

    if (line && x->nfailures > 0) {
        json_t *first = hn_tell_failing(&x->failures[0]);

        json_object_update(line, first);
        json_decref(first);
    }
    if (line && run->replay && x->nfailures > 0 && x->failures[0].token)
        hn_utf8_set(line, "replay", run->replay);
    if (line && x->differs.differs)
        json_object_set_new(line, "differs", differs_of(&x->differs));
    if (line && x->starved.schedule)
        json_object_set_new(line, "starvation", starved_of(&x->starved));
    if (line && x->waiting.times)
        json_object_set_new(line, "waiting", waiting_of(&x->waiting));
    if (line && go_control_instrumented())
        json_object_set_new(line, "races", hn_races_json(&x->races));
    if (line && x->trouble[0])
        json_object_set_new(line, "trouble", hn_utf8(x->trouble));
    hn_tell(run->json_fd, line);
}

json_t *hn_tell_stalls(const struct hn_play *play)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < play->nstalls && i < HN_PLAY_STALLS; i++) {
        const struct hn_stall *s = &play->stalls[i];
        json_t *one = json_pack(
            "{s:I, s:I, s:I, s:I}", "choice", (json_int_t)s->at, "stall_ns",
            (json_int_t)s->due.in, "goroutine", (json_int_t)s->due.goroutine,
            "held_up", (json_int_t)s->held_up);

        json_object_set_new(one, "site",
                            s->due.site && s->due.site->file
                                ? json_pack("{s:o, s:i}", "file",
                                            hn_utf8(s->due.site->file), "line",
                                            s->due.site->line)
                                : json_null());
        json_array_append_new(list, one);
    }
    return list;
}

/* ---- text ----------------------------------------------------------------*/

/* "12,345". */
static const char *grouped(uint64_t n, char to[32])
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRIu64, n), at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = '\0';
    return to;
}

static void tell_step(const struct hn_did *bare, int fd)
{
    const struct hn_did did = hn_did_placed(bare), *d = &did;

    if (d->goroutine)
        dprintf(fd, "%s (goroutine %" PRIu64 "): %s", d->task, d->goroutine,
                d->text);
    else
        dprintf(fd, "%s", d->text);
}

static void tell_decisive(const struct hn_decisive *d, int fd)
{
    if (d->kind == HN_DECISIVE_NONE)
        return;
    dprintf(fd, "decisive: ");
    tell_step(&d->first, fd);
    dprintf(fd, d->kind == HN_DECISIVE_ORDER ? "\n  before: " : "\n  not:    ");
    tell_step(&d->second, fd);
    dprintf(fd, "\n  %s it %s%s\n",
            d->kind == HN_DECISIVE_ORDER ? "the other way round"
                                         : "with that instead",
            d->differs ? "fails in another way: " : "does not fail",
            d->differs ? d->other : "");
}

static void tell_livelock(struct hn_round round, int fd)
{
    dprintf(fd,
            "choices %u to %u lead back to where they began: the same memory, "
            "the same places;\nand all that could be done between was done: "
            "so they may follow each other for ever\n",
            round.from, round.to - 1);
}

void hn_tell_found(const struct hn_plan *plan, const struct hn_explored *x,
                   const struct hn_failing *f, int fd)
{
    dprintf(fd,
            "\nfound at schedule %" PRIu64 " of %" PRIu64
            " by %s, seed %" PRIu64 "; ",
            f->found_at, x->executions, f->strategy, plan->ask.seed);
    if (f->schedule.n == 0)
        dprintf(fd, "the default schedule itself fails\n");
    else
        dprintf(fd,
                "shrunk to %zu choice%s that the default schedule does not "
                "take\n",
                f->schedule.n, f->schedule.n == 1 ? "" : "s");
    tell_decisive(&f->decisive, fd);
    if (f->livelock)
        tell_livelock(f->confirmed.round, fd);
}

void hn_tell_untried(const struct hn_plan *plan, const struct hn_explored *x,
                     int fd)
{
    dprintf(fd,
            "\nfound in the run that is shown, behind %" PRIu64
            " schedule%s%s, by %s\n",
            x->executions, x->executions == 1 ? "" : "s",
            x->nfailures ? "" : " of which none failed",
            plan->token ? "what is to be followed" : "the default schedule");
}

void hn_tell_notes(const struct hn_explored *x, int fd)
{
    const char *const notes[] = {
        x->runaway, x->hang, x->ended, x->conditions,
        x->nfailures > 0 && x->interrupted && !x->limits.interrupted
            ? "it was interrupted behind the search: less may be told of what "
              "fails"
            : ""};
    bool any = false;

    for (size_t i = 0; i < sizeof(notes) / sizeof(*notes) && fd >= 0; i++) {
        if (!notes[i][0])
            continue;
        dprintf(fd, "note: %s\n", notes[i]);
        any = true;
    }
    if (any)
        dprintf(fd, "\n");
}

void hn_tell_differs(const struct hn_differs *d, int fd)
{
    if (!d->differs || fd < 0)
        return;
    dprintf(fd,
            "not deterministic: the same choices, taken again, came to another "
            "step %u\n",
            d->at);
    for (uint32_t i = 0; i < d->nbefore; i++)
        dprintf(fd, "  %6u  %s\n", d->at - d->nbefore + i, d->before[i]);
    dprintf(fd, "  %6u  was %s\n          is  %s\n%s\n\n", d->at, d->was, d->is,
            hn_differs_suspects);
}

static void tell_said(const char *said, int fd)
{
    dprintf(fd, "the last that the search wrote to standard error:\n");
    while (*said) {
        int n = (int)strcspn(said, "\n");

        dprintf(fd, "    %.*s\n", n, said);
        said += n + (said[n] != '\0');
    }
}

void hn_tell_once(const struct go_run *run, const struct hn_explored *x,
                  const struct hn_failing *f)
{
    hn_tell(run->json_fd,
            json_pack("{s:o, s:o}", "crash", hn_died_json(&f->died), "stderr",
                      hn_utf8(x->said)));
    if (run->text_fd < 0)
        return;
    hn_died_tell(&f->died, run, run->text_fd);
    dprintf(run->text_fd,
            "seen in schedule %" PRIu64 " of %" PRIu64 ", by %s, seed %" PRIu64
            "%s\n",
            f->found_at, x->executions, f->strategy, run->seed,
            f->late ? "" : ", and not when its choices were done again");
    if (x->said[0])
        tell_said(x->said, run->text_fd);
    dprintf(run->text_fd, "\n");
}

/* how: "" or which ones. */
static void tell_frequency(const struct hn_frequency *f, const char *how,
                           int fd)
{
    char same[32], runs[32];

    if (f->runs == 0)
        return;
    grouped(f->runs, runs);
    if (f->same == 0)
        dprintf(fd, "none of %s random schedules%s fails like this\n", runs,
                how);
    else if (f->same == f->runs)
        dprintf(fd, "all of %s random schedules%s fail like this\n", runs, how);
    else
        dprintf(fd, "%.3g %% of random schedules%s fail like this (%s of %s)\n",
                100.0 * f->same / f->runs, how, grouped(f->same, same), runs);
}

static void tell_stall(const struct hn_stall *s, int fd)
{
    char held[HN_DURATION_MAX];

    hn_duration_text(s->due.in, held);
    dprintf(fd, "timer");
    if (s->due.site && s->due.site->file)
        dprintf(fd, " of %s:%d", hn_did_file(s->due.site->file),
                s->due.site->line);
    dprintf(fd,
            ", due in %s, fired at choice %u while goroutine %" PRIu64
            " could go on: needs a stall of %s or more\n",
            held, s->at, s->held_up, held);
}

void hn_tell_below(const struct hn_failing *f, const struct hn_play *play,
                   int fd)
{
    for (uint32_t i = 0; play && i < play->nstalls && i < HN_PLAY_STALLS; i++)
        tell_stall(&play->stalls[i], fd);
    if (!f)
        return;
    if (f->quiet.runs && hn_schedule_early(&f->schedule))
        tell_frequency(&f->quiet, " without early timers", fd);
    tell_frequency(&f->frequency,
                   f->frequency.early ? " with early timers" : "", fd);
}
