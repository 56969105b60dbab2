/*
 * result.c - what one run came to.
 *
 * In:  how a child ended, and what came through its pipes. Out: a verdict.
 *
 * The report of the run is believed only as far as the process bears it out:
 *
 * U1  A time-out or a spent memory limit is the verdict, whatever was said; but
 *     not when a search had told what it knows, and only the run that is shown
 *     came to no end: a machine that is busy must not turn that into nothing.
 * U2  A process that died by a signal, or ended with another status than its
 *     run had asked for, is a crash, also when a verdict had come before: a
 *     sanitizer speaks by its exit status, and what runs at exit is the
 *     program's too.
 * U3  No report and no crash is told as it is: it left before its verdict.
 * U4  Where vigil had too little of something (memory, descriptors, threads) to
 *     do its part, that is no verdict: what was found by then stands, and all
 *     else is not known.
 */
#include "harness/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/child.h"
#include "harness/duration.h"
#include "harness/explore/did.h"
#include "harness/explore/room.h"
#include "harness/explore/tell.h"
#include "harness/utf8.h"

enum {
    HINTS_FAIL = 4,     /* exit statuses: lock orders, with order=error */
    RUNTIME_FAILED = 70 /* the runtime's own failure */
};

/* What the lines on the report's pipe say. */
struct told {
    json_t *report, *outcome, *explored, *lack;
    int status; /* that the run asked for */
};

/* Adds to what is there, after "; ". */
__attribute__((format(printf, 2, 3))) static void note(struct hn_result *r,
                                                       const char *fmt, ...)
{
    size_t n = strlen(r->note);
    va_list args;

    if (n > 0 && n + 2 < sizeof(r->note))
        n += (size_t)snprintf(r->note + n, sizeof(r->note) - n, "; ");
    if (n >= sizeof(r->note))
        return;
    va_start(args, fmt);
    vsnprintf(r->note + n, sizeof(r->note) - n, fmt, args);
    va_end(args);
}

/* The last report and the outcome; what is broken is as if it had not come. */
static struct told read_lines(struct hn_result *r, const struct hn_capture *c)
{
    struct told told = {0};
    const char *at = c->head, *end = c->head + c->head_len;

    if (hn_capture_cut(c) > 0 || c->starved)
        note(r, "its report is too long to keep (%llu bytes)",
             (unsigned long long)c->total);
    while (at < end) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        const char *stop = eol ? eol : end;
        json_t *line =
            json_loadb(at, (size_t)(stop - at), JSON_ALLOW_NUL, NULL);
        const char *schema = json_string_value(json_object_get(line, "schema"));
        json_t **to = !schema                              ? NULL
                      : !strcmp(schema, HN_OUTCOME_SCHEMA) ? &told.outcome
                      : !strcmp(schema, HN_EXPLORE_SCHEMA) ? &told.explored
                      : !strcmp(schema, HN_ROOM_SCHEMA)    ? &told.lack
                                                           : &told.report;
        if (to && *to && to == &told.explored)
            json_object_update(*to, line);
        else if (to)
            json_incref(*to = line);
        json_decref(line);
        at = stop + 1;
    }
    return told;
}

/* A number of the outcome; 0 when it is missing. */
static uint32_t count(const json_t *object, const char *key)
{
    return (uint32_t)json_integer_value(json_object_get(object, key));
}

/* Goroutines in the findings that have this verdict. */
static uint32_t in_findings(const json_t *report, const char *verdict)
{
    uint32_t n = 0;
    size_t i;
    json_t *finding;

    json_array_foreach(json_object_get(report, "findings"), i, finding)
    {
        const char *word =
            json_string_value(json_object_get(finding, "verdict"));
        if (word && strcmp(word, verdict) == 0)
            n += (uint32_t)json_array_size(
                json_object_get(finding, "goroutines"));
    }
    return n;
}

/* All panic messages, a line each; NULL: none. */
static char *panics(const json_t *report)
{
    char *all = NULL;
    size_t i;
    json_t *finding;

    json_array_foreach(json_object_get(report, "findings"), i, finding)
    {
        const char *word =
            json_string_value(json_object_get(finding, "verdict"));
        char *message = word && strcmp(word, "panic") == 0
                            ? hn_utf8_get(finding, "message")
                            : NULL;
        char *more;
        int n = message ? asprintf(&more, "%s%s%s", all ? all : "",
                                   all ? "\n" : "", message)
                        : -1;
        free(message);
        if (n < 0)
            continue;
        free(all);
        all = more;
    }
    return all;
}

/* What the run says of itself; false: nothing that can be used. */
static bool believe(struct hn_result *r, struct told *told)
{
    const json_t *from = told->outcome ? told->outcome : told->report;
    const char *word = json_string_value(json_object_get(from, "verdict"));

    r->seen.panic = panics(told->report);
    if (!word || !hn_verdict_parse(word, &r->seen.verdict))
        return false;
    if (told->outcome) {
        r->seen.leaked = count(from, "leaked");
        r->seen.left = count(from, "left");
        r->seen.hints = count(from, "hints");
        told->status = (int)count(from, "status");
        /* a scenario's body has no status of its own */
        r->seen.hints_fail = told->status == HINTS_FAIL;
    } else {
        r->seen.leaked = in_findings(from, "leak");
        r->seen.left = in_findings(from, "left");
        told->status = 0; /* it had none to ask for another */
    }
    return true;
}

/* How the process ended, in the words of a shell. */
static void note_ending(struct hn_result *r, const struct hn_ending *end,
                        const char *when)
{
    if (end->signal)
        note(r, "killed by SIG%s (%s)%s", sigabbrev_np(end->signal),
             sigdescr_np(end->signal), when);
    else if (end->code == RUNTIME_FAILED)
        note(r, "the runtime failed itself, exit status %d%s", end->code, when);
    else
        note(r, "ended with exit status %d%s", end->code, when);
}

/* U4: there is none, but what is borne out by how the run ended. */
static void weigh_lack(struct hn_result *r, const struct told *told,
                       const struct hn_ending *end)
{
    snprintf(r->lack, sizeof(r->lack), "%s",
             told->lack ? json_string_value(json_object_get(told->lack, "lack"))
                        : "the scenario has closed descriptors of vigil's");
    if (told->outcome && !end->signal && end->code == told->status &&
        told->status != RUNTIME_FAILED)
        return;
    r->seen.verdict = GO_VERDICT_CLEAN;
    r->seen.leaked = r->seen.left = r->seen.hints = 0;
}

/* By at least one execution that came to its end. */
static bool knows(const json_t *explored)
{
    return json_is_true(json_object_get(explored, "found")) ||
           json_integer_value(json_object_get(explored, "unended")) <
               json_integer_value(json_object_get(explored, "executions"));
}

/* U1. What fails has the verdict that it had there; else nothing did, but for
   what the run that was ended has proven. */
static void weigh_unshown(struct hn_result *r, const struct told *told)
{
    const char *seen =
        json_string_value(json_object_get(told->explored, "seen"));

    if (json_is_true(json_object_get(told->explored, "found")) && seen)
        hn_verdict_parse(seen, &r->seen.verdict);
}

/* U1 to U4. */
static void find_verdict(struct hn_result *r, const struct hn_finished *f)
{
    struct told told = read_lines(r, &f->from[HN_FROM_REPORT]);
    bool told_one = believe(r, &told);
    char buf[HN_DURATION_MAX], when[64];

    if (f->stop == HN_STOP_TIMEOUT && knows(told.explored)) {
        weigh_unshown(r, &told);
        note(r, "the run that was to show it came to no end within %s: ended",
             hn_duration_text(f->timeout, buf));
    } else if (f->stop == HN_STOP_TIMEOUT) {
        r->seen.verdict = GO_VERDICT_TIMEOUT;
        note(r, "no verdict within %s: ended",
             hn_duration_text(f->timeout, buf));
    } else if (f->stop == HN_STOP_MEMORY) {
        r->seen.verdict = GO_VERDICT_CRASH;
        note(r, "kept more than %s in memory (--memory): ended",
             hn_size_text(f->options->memory, buf));
    } else if (f->stop == HN_STOP_INTERRUPT) {
        note(r, "interrupted before it was shown: ended");
        if (told.explored)
            json_object_set_new(told.explored, "interrupted", json_true());
    } else if (told.lack || f->ending.signal == HN_ROOM_UNHEARD) {
        weigh_lack(r, &told, &f->ending);
    } else if (!told_one) {
        r->seen.verdict = GO_VERDICT_CRASH;
        note_ending(r, &f->ending, " before its verdict");
    } else if (f->ending.signal || f->ending.code != told.status) {
        snprintf(when, sizeof(when), " after its verdict, which was %s",
                 go_verdict_text(r->seen.verdict));
        note_ending(r, &f->ending, when);
        r->seen.verdict = GO_VERDICT_CRASH;
    } else if (told.status == RUNTIME_FAILED) { /* so its verdict is none */
        note_ending(r, &f->ending, "");
        r->seen.verdict = GO_VERDICT_CRASH;
    }
    if (f->ending.strays > 0)
        note(r, "%d process%s left behind, ended", f->ending.strays,
             f->ending.strays == 1 ? "" : "es");
    r->report = told.report;
    r->explored = told.explored;
    json_decref(told.outcome);
    json_decref(told.lack);
}

const char *hn_fate_text(enum hn_fate fate)
{
    static const char *const texts[] = {NULL, "not confirmed", "refuted"};

    return texts[fate];
}

/* A hint of a ring that no schedule closes is none. Where timers are armed it
   stays one: that none was early is a condition of what is complete. Where
   schedules fail it does, too, and nothing is said of it: one of them may have
   closed the ring. */
static void weigh_hints(struct hn_result *r)
{
    const json_t *x = r->explored;

    if (!x || r->seen.hints == 0 || r->seen.verdict == GO_VERDICT_DEADLOCK ||
        !json_is_false(json_object_get(x, "found")))
        return;
    r->hints = json_is_true(json_object_get(x, "complete")) &&
                       json_is_false(json_object_get(x, "timers"))
                   ? HN_REFUTED
                   : HN_OPEN;
    if (r->hints == HN_OPEN)
        return;
    r->seen.hints = 0;
    if (r->seen.verdict == GO_VERDICT_LOCK_ORDER)
        r->seen.verdict = GO_VERDICT_CLEAN;
}

/* Main is likely to be stuck, where it did nothing for long beside others. */
static void weigh_waiting(struct hn_result *r)
{
    const json_t *waiting = json_object_get(r->explored, "waiting");
    const char *at = json_string_value(json_object_get(waiting, "text"));

    if (!at || json_is_true(json_object_get(r->explored, "found")))
        return;
    if (r->seen.verdict == GO_VERDICT_CLEAN)
        r->seen.verdict = GO_VERDICT_LIKELY;
    note(r,
         "goroutine 1 waits (%.100s) where executions were cut off; daemons "
         "that go on, or what comes from outside, might end that",
         at);
}

/* Executions that are but long may be cut off; all of them say nothing. Nor is
   it clean where one failed, or there was none, and no run was shown. */
static bool is_unseen(const struct hn_result *r)
{
    const json_t *x = r->explored, *all = json_object_get(x, "executions");
    json_int_t n = json_integer_value(all),
               unended = json_integer_value(json_object_get(x, "unended"));

    if (n == 0 || json_is_true(json_object_get(x, "found")))
        return all && !r->report;
    return unended >= n;
}

/* With the baseline only if it is needed: what was expected stays so. */
static void judge(struct hn_result *r, const struct hn_options *o)
{
    const struct hn_scenario *s = r->scenario;
    struct hn_seen rest = r->seen;
    bool replay = o->command == HN_REPLAY && o->follow != HN_PREFIX;
    /* Neither one run is an answer, nor an exploration without an end; but a
       schedule that is given is all that is asked for. */
    enum hn_reach reach =
        !s->explore || replay ||
                json_is_true(json_object_get(r->explored, "complete"))
            ? HN_REACH_ALL
        : o->command == HN_RUN ? HN_REACH_RUN
                               : HN_REACH_SOME;

    r->judged =
        hn_verdict_judge(&s->expect, reach, o->strict, &r->seen, r->why);
    if (o->baseline)
        r->known = hn_baseline_apply(o->baseline, r->report, &r->seen, &rest);
    if (!r->known || r->judged == HN_AS_EXPECTED)
        return;
    r->judged = hn_verdict_judge(&s->expect, reach, o->strict, &rest, r->why);
    r->excused = r->judged == HN_AS_EXPECTED;
    if (!r->excused)
        note(r, "known, and not what fails it: %.200s", r->known->reason);
}

/* As expected is not what was never seen to its end: it may be what fails; nor
   where main waits as it would for ever in one. What the run that was shown has
   proven is. */
static void judge_unseen(struct hn_result *r, const struct hn_finished *f)
{
    const json_t *x = r->explored, *waiting = json_object_get(x, "waiting");
    const char *at = json_string_value(json_object_get(waiting, "text"));
    bool hung = json_is_true(json_object_get(x, "hung"));

    if (r->judged != HN_AS_EXPECTED || (!at && !hung && !r->seen.unseen) ||
        json_is_true(json_object_get(x, "found")) ||
        !hn_verdict_quiet(r->seen.verdict))
        return;
    r->unseen = true;
    r->judged = f->options->strict ? HN_NOT_EXPECTED : HN_UNDECIDED;
    snprintf(r->why, sizeof(r->why),
             f->stop == HN_STOP_INTERRUPT
                 ? "undecided: it was interrupted before its verdict"
             : at   ? "undecided: main may wait for ever"
             : hung ? "undecided: an execution came to no choice, and what it "
                      "would come to is not known"
                    : "undecided: no execution was seen to its end");
}

bool hn_result_races(const struct hn_result *r, char to[HN_RESULT_RACES])
{
    json_t *all = json_object_get(r->explored, "races"), *one;
    size_t i, n = json_array_size(all), used = 0, at = 0;

    json_array_foreach(all, i, one)
    {
        used += json_is_true(json_object_get(one, "used"));
    }
    to[0] = '\0';
    if (n > used)
        at =
            (size_t)snprintf(to, HN_RESULT_RACES, "%zu data race%s%s", n - used,
                             n - used == 1 ? "" : "s", used ? ", " : "");
    if (used)
        snprintf(to + at, HN_RESULT_RACES - at, "%zu use%s after free", used,
                 used == 1 ? "" : "s");
    return n > 0;
}

/* --races=error: what they are is told in the report. */
static void judge_races(struct hn_result *r)
{
    json_t *races = json_object_get(r->explored, "races");
    json_t *first = json_object_get(json_array_get(races, 0), "first");
    const char *file = json_string_value(json_object_get(first, "file"));
    char all[HN_RESULT_RACES];

    if (!hn_result_races(r, all) || r->judged == HN_NOT_EXPECTED)
        return;
    r->judged = HN_NOT_EXPECTED;
    r->excused = false;
    snprintf(r->why, sizeof(r->why), "%s, with --races=error: one at %.100s:%d",
             all, file ? hn_did_file(file) : "?",
             (int)json_integer_value(json_object_get(first, "line")));
}

/* Whatever else is known: U4. */
static void judge_lack(struct hn_result *r)
{
    r->judged = HN_NOT_EXPECTED;
    r->excused = false;
    snprintf(r->why, sizeof(r->why), "vigil itself failed: %s", r->lack);
}

/* What an exploration says besides its verdict. */
static void take_explored(struct hn_result *r, const struct hn_finished *f)
{
    const char *trouble =
        json_string_value(json_object_get(r->explored, "trouble"));

    r->misfit = json_string_value(json_object_get(r->explored, "misfit"));
    if (f->explores) {
        free(r->replay); /* only the beginning of one */
        r->replay = hn_utf8_get(r->explored, "replay");
    }
    if (f->stop == HN_STOP_INTERRUPT && !trouble &&
        json_is_true(json_object_get(r->explored, "found")))
        trouble = "a schedule failed, and there was no time to do it again";
    if (f->stop == HN_STOP_TIMEOUT && r->judged == HN_NOT_EXPECTED &&
        json_is_true(json_object_get(r->explored, "found")))
        trouble = "a schedule failed, and there was no time to show it";
    if (!trouble && !r->misfit)
        return;
    r->judged = HN_NOT_EXPECTED;
    snprintf(r->why, sizeof(r->why), "%s", trouble ? trouble : r->misfit);
}

struct hn_result *hn_result_make(const struct hn_finished *f)
{
    struct hn_result *r = calloc(1, sizeof(*r));

    if (!r)
        return NULL;
    r->scenario = f->scenario;
    r->seed = f->seed;
    r->procs = f->procs;
    r->wall = f->wall;
    r->replay = f->replay;
    r->output = hn_capture_text(&f->from[HN_FROM_OUTPUT], &r->output_len);
    r->text = hn_capture_text(&f->from[HN_FROM_TEXT], &r->text_len);
    r->graph = hn_capture_text(&f->from[HN_FROM_GRAPH], &r->graph_len);
    r->trace = hn_capture_text(&f->from[HN_FROM_TRACE], &r->trace_len);
    find_verdict(r, f);
    weigh_hints(r);
    weigh_waiting(r);
    r->seen.unseen = r->lack[0] || is_unseen(r) || f->stop == HN_STOP_INTERRUPT;
    judge(r, f->options);
    judge_unseen(r, f);
    take_explored(r, f);
    if (f->options->races_fail)
        judge_races(r);
    if (r->lack[0])
        judge_lack(r);
    return r;
}

bool hn_result_explored(const struct hn_result *r)
{
    return json_object_get(r->explored, "executions") != NULL;
}

void hn_result_free(struct hn_result *r)
{
    if (!r)
        return;
    free(r->seen.panic);
    free(r->replay);
    free(r->output);
    free(r->text);
    free(r->graph);
    free(r->trace);
    json_decref(r->report);
    json_decref(r->explored);
    free(r);
}
