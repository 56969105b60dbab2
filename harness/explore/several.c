/*
 * several.c - shows one failure after the other, and lists them.
 *
 * In:  failures, explained and in order. Out: for each a report with its table
 * and token; a list in words at the end, and as JSON.
 *
 * Method: the process's own run is the first failure's, and has its verdict.
 * What others print and leave behind must not mix with that, so each of them
 * is run by a worker, whose report goes to memory and is copied from there.
 */
#define _GNU_SOURCE
#include "harness/explore/several.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vigil/descriptor.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/explore/interrupt.h"
#include "harness/explore/shown.h"
#include "harness/explore/tell.h"
#include "harness/explore/token.h"
#include "harness/explore/worker.h"
#include "harness/utf8.h"

static const char NO_TIME[] = "there was no time left";

/* One that is shown by a worker. */
struct one {
    const struct hn_several *of;
    const struct hn_failing *f;
    int text, lines; /* what it said; -1: nowhere */
    char verdict[24];
    const char *lacks; /* why it was not shown, or NULL */
};

struct hn_several {
    struct go_run run;
    const struct hn_plan *plan;
    const struct hn_explored *x;
    const char *command;
    struct one *all; /* as in x */
    bool told;       /* the text of the others is out */
};

static void show_one(void *arg)
{
    const struct one *one = arg;
    struct go_run run = one->of->run;
    struct go_outcome outcome = {0};
    const struct hn_part part = hn_part_of(one->f);
    struct hn_plan plan = *one->of->plan;

    run.replay = hn_token_command(one->of->command, one->f->token);
    run.text_fd = one->text;
    run.json_fd = one->lines;
    run.dot_fd = -1;
    run.outcome = &outcome;
    plan.trace_fd = -1;
    if (one->f->died.signal)
        (void)hn_shown_crash(&run, &plan, one->of->x, &part);
    hn_shown(&run, &plan, one->of->x, &part);
}

/* What the lines of its run say, into fields. */
static void take_lines(struct one *one, json_t *fields)
{
    FILE *in = one->lines >= 0 ? fdopen(dup(one->lines), "r") : NULL;
    char *line = NULL;
    size_t room = 0;

    if (!in)
        return;
    rewind(in);
    while (getline(&line, &room, in) > 0) {
        json_t *said = json_loads(line, 0, NULL);
        json_t *finding = json_array_get(json_object_get(said, "findings"), 0);
        const char *verdict =
            json_string_value(json_object_get(said, "verdict"));

        if (json_object_get(said, "stalls"))
            json_object_set(fields, "stalls", json_object_get(said, "stalls"));
        if (json_object_get(said, "crash"))
            json_object_set(fields, "crash", json_object_get(said, "crash"));
        if (verdict) {
            snprintf(one->verdict, sizeof(one->verdict), "%s", verdict);
            json_object_set(fields, "message",
                            json_object_get(finding, "message"));
            json_object_set(fields, "fingerprint",
                            json_object_get(finding, "fingerprint"));
        }
        json_decref(said);
    }
    free(line);
    fclose(in);
}

/* What there is for one of them: there are others to be told, and whoever waits
   for them may wait no more. 0: nothing. */
static int64_t time_left(const struct hn_several *s)
{
    int64_t until = hn_interrupt_until(s->x->until);
    int64_t left = until ? until - hn_now_ns() : HN_BUDGET_SHOW;

    return left < 0 ? 0 : left < HN_BUDGET_SHOW ? left : HN_BUDGET_SHOW;
}

static const char *why_no_token(const struct hn_failing *f)
{
    return f->late  ? NO_TIME
           : f->cut ? "it is too long to be written"
                    : "its choices, done again, did not fail again";
}

/* From the scenario, that is run by who writes to it. */
static int keep(int fd)
{
    return fd >= 0 ? go_descriptor_keep(fd) : fd;
}

/* Not the first, whose run is that of the process. */
static void show_apart(struct hn_several *s, struct one *one, json_t *fields)
{
    int64_t limit = time_left(s);
    int died;

    if (!one->f->token || limit == 0) {
        one->lacks = one->f->token ? NO_TIME : why_no_token(one->f);
        return;
    }
    one->text = keep(memfd_create("text", MFD_CLOEXEC));
    one->lines = keep(memfd_create("lines", MFD_CLOEXEC));
    died = hn_worker(show_one, one, limit);
    take_lines(one, fields);
    if (died > 0)
        strcpy(one->verdict, "crash");
    else if (!one->verdict[0])
        one->lacks = limit < HN_BUDGET_SHOW || hn_interrupted()
                         ? NO_TIME
                         : "its run did not end in 5 s";
}

/* What is known of one that was not shown; of others null. */
static void tell_seen(const struct one *one, json_t *fields)
{
    json_object_set_new(fields, "not_shown", hn_utf8(one->lacks));
    if (one->lacks && one->f->panic[0])
        json_object_set_new(fields, "message", hn_utf8(one->f->panic));
}

/* A failure, run if it is not the first; as JSON. */
static json_t *show(struct hn_several *s, struct one *one)
{
    json_t *fields = hn_tell_failing(one->f);
    char *replay;

    if (one != s->all)
        show_apart(s, one, fields);
    else if (!one->f->token)
        one->lacks = why_no_token(one->f);
    if (one->f->died.signal)
        strcpy(one->verdict, "crash");
    tell_seen(one, fields);
    json_object_set_new(fields, "verdict",
                        one->verdict[0] ? json_string(one->verdict)
                                        : json_null());
    replay = one->f->token ? hn_token_command(s->command, one->f->token) : NULL;
    if (replay)
        json_object_set_new(fields, "replay", hn_utf8(replay));
    free(replay);
    return fields;
}

static void copy(int from, int to)
{
    struct stat st;
    off_t at = 0;

    if (from < 0 || fstat(from, &st) != 0)
        return;
    while (at < st.st_size) {
        char buf[4096];
        ssize_t n = pread(from, buf, sizeof(buf), at);

        if (n <= 0 || write(to, buf, (size_t)n) != n)
            return;
        at += n;
    }
}

static void list_one(const struct one *one, uint32_t number, int fd)
{
    const struct hn_failing *f = one->f;
    char died[HN_DIED_TEXT];

    dprintf(fd, "  %u: %s", number,
            one->verdict[0] ? one->verdict : go_verdict_text(f->seen));
    if (!one->verdict[0] && one->lacks)
        dprintf(fd, "%s%s (as the search saw it)", f->panic[0] ? ": " : "",
                f->panic);
    dprintf(fd,
            ", met %" PRIu64 " time%s, first at schedule %" PRIu64 " by %s\n",
            f->times, f->times == 1 ? "" : "s", f->found_at, f->strategy);
    if (f->token && hn_token_is_long(f->token))
        dprintf(fd, "     a token of %u choices: in the JSON\n", f->choices);
    else if (f->token)
        dprintf(fd, "     %s\n", f->token);
    if (one->lacks)
        dprintf(fd, "     %s: %s\n", f->token ? "not shown" : "no token",
                one->lacks);
    if (!f->token && f->died.signal) {
        hn_died_text(&f->died, died);
        dprintf(fd, "     %s\n", died);
    }
}

/* How many of them there was no time for. */
static uint32_t late_ones(const struct hn_several *s)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->x->nfailures; i++)
        n += s->all[i].lacks == NO_TIME;
    return n;
}

static void tell_text(struct hn_several *s, int fd)
{
    const struct hn_explored *x = s->x;
    char why[HN_REASONS_TEXT];
    uint32_t late = late_ones(s);

    if (fd < 0 || s->told)
        return;
    s->told = true;
    for (uint32_t i = 1; i < x->nfailures; i++) {
        if (s->all[i].text < 0 || s->all[i].lacks)
            continue;
        dprintf(fd, "\n---- failure %u of %u\n\n", i + 1, x->nfailures);
        copy(s->all[i].text, fd);
    }
    dprintf(
        fd, "\n%u %s in %" PRIu64 " schedule%s, %s%s%s%s\n", x->nfailures,
        x->nfailures == 1 ? "failure" : "different failures", x->executions,
        x->executions == 1 ? "" : "s",
        x->complete ? "complete" : "incomplete: ", hn_reasons(s->plan, x, why),
        x->conditions[0] ? "; " : "", x->conditions);
    for (uint32_t i = 0; i < x->nfailures; i++)
        list_one(&s->all[i], i + 1, fd);
    if (x->others)
        dprintf(fd, "  %" PRIu64 " schedules failed in yet other ways\n",
                x->others);
    if (late)
        dprintf(fd,
                "  %u of these could not be shown: there was no time left\n",
                late);
}

struct hn_several *hn_several_begin(const struct go_run *run,
                                    const struct hn_plan *plan,
                                    const char *command,
                                    const struct hn_explored *x)
{
    struct hn_several *s = calloc(1, sizeof(*s));
    json_t *list = json_array();

    if (s)
        s->all = calloc(x->nfailures, sizeof(*s->all));
    if (!s || !s->all) {
        free(s);
        json_decref(list);
        return NULL;
    }
    s->run = *run;
    s->plan = plan;
    s->x = x;
    s->command = command;
    for (uint32_t i = 0; i < x->nfailures; i++) {
        s->all[i] = (struct one){
            .of = s, .f = &x->failures[i], .text = -1, .lines = -1};
        json_array_append_new(list, show(s, &s->all[i]));
    }
    hn_tell(run->json_fd, json_pack("{s:o, s:I}", "failures", list,
                                    "other_failures", (json_int_t)x->others));
    return s;
}

void hn_several_tell(struct hn_several *s, int fd)
{
    if (s)
        tell_text(s, fd);
}

void hn_several_end(struct hn_several *s, const struct go_run *run)
{
    if (!s)
        return;
    if (run->outcome && s->all[0].f->token) /* else it was not shown */
        snprintf(s->all[0].verdict, sizeof(s->all[0].verdict), "%s",
                 go_verdict_text(run->outcome->verdict));
    tell_text(s, run->text_fd);
    for (uint32_t i = 1; i < s->x->nfailures; i++) {
        if (s->all[i].text >= 0)
            go_descriptor_close(s->all[i].text);
        if (s->all[i].lines >= 0)
            go_descriptor_close(s->all[i].lines);
    }
    free(s->all);
    free(s);
}
