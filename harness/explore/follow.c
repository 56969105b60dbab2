/*
 * follow.c - takes the choices that a schedule says, and the default ones
 * between; tells the first that can not be taken.
 */
#include "harness/explore/follow.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/explore/did.h"
#include "harness/explore/token.h"

void hn_follow_begin(struct hn_follow *f)
{
    f->at = 0;
    f->next = 0;
    f->usual = HN_DEFAULT_INIT;
    f->hash = f->led = 0xcbf29ce484222325u;
    f->misfit[0] = '\0';
}

static void mix(struct hn_follow *f, uint64_t value)
{
    f->hash = (f->hash ^ value) * 0x100000001b3u;
    f->hash ^= f->hash >> 29;
}

/* By its path: numbers differ from process to process. Of one that is very long
   by its beginning, and how long it is. */
static void mix_task(struct hn_follow *f, uint32_t task)
{
    char path[64] = "";
    size_t n = task == GO_NOWHERE ? 0 : go_task_path(task, path, sizeof(path));

    for (const char *c = path; *c; c++)
        mix(f, (unsigned char)*c);
    mix(f, n < sizeof(path) ? 0 : n);
}

static void say(char **to, char *end, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void say(char **to, char *end, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(*to, (size_t)(end - *to), fmt, ap);
    va_end(ap);
    *to += n < end - *to ? n : end - *to - 1;
}

/* "task c: lock &a at x.c:12". */
static void say_point(char **to, char *end, const struct go_point *p)
{
    char path[HN_DID_PATH];

    if (!p) {
        say(to, end, "the clock");
        return;
    }
    hn_did_task(p->task, path, sizeof(path));
    say(to, end, "%s: %s", path, go_op_text((enum go_op)p->op));
    if (p->site && p->site->file)
        say(to, end, " %s at %s:%d", p->site->what, p->site->file,
            p->site->line);
}

/* "case 7 of a", "a step of a with d", "the number 3". */
static void say_due(char **to, char *end, const struct hn_deviation *d)
{
    char path[HN_DID_PATH] = "the clock", partner[HN_DID_PATH];

    if (d->number) {
        say(to, end, "the number %d", d->which);
        return;
    }
    if (d->task != GO_NOWHERE)
        hn_did_task(d->task, path, sizeof(path));
    if (d->which >= 0)
        say(to, end, "case %d of %s", d->which, path);
    else
        say(to, end, "a step of %s", path);
    if (d->partner == GO_NOWHERE)
        return;
    hn_did_task(d->partner, partner, sizeof(partner));
    say(to, end, " with %s", partner);
    if (d->partner_which >= 0)
        say(to, end, " in its case %d", d->partner_which);
}

/* What its task can do, as a token has it; false: it can do nothing. */
static bool say_ways(char **to, char *end, const struct hn_deviation *d,
                     const struct go_step *steps, uint32_t n)
{
    char way[HN_TOKEN_STEP];
    bool any = false;

    for (uint32_t i = 0; i < n; i++) {
        const struct hn_deviation can = hn_schedule_deviation(0, &steps[i]);

        if (can.task != d->task || can.task == GO_NOWHERE)
            continue;
        hn_token_step(way, sizeof(way), &can);
        say(to, end, "%s%s", any ? ", " : "; possible: ", way);
        any = true;
    }
    return any;
}

/* What was to be done, and what there is instead: a number below that is drawn
   there; 0: steps. */
static void misfit(struct hn_follow *f, uint32_t at,
                   const struct hn_deviation *d, const struct go_step *steps,
                   uint32_t n, uint32_t below)
{
    char *to = f->misfit, *end = to + sizeof(f->misfit);

    if (f->loose && f->skipped)
        f->skipped(f->arg, d);
    if (f->loose || *to)
        return;
    say(&to, end, "choice %u is to be ", at);
    say_due(&to, end, d);
    if (below)
        say(&to, end, ", but a number below %u is drawn there", below);
    else if (say_ways(&to, end, d, steps, n))
        return;
    for (uint32_t i = 0; i < n && i < 3; i++) {
        say(&to, end, "%s", i ? "; " : ", but what can be done is ");
        say_point(&to, end, steps[i].point);
    }
}

static const struct hn_deviation *due(struct hn_follow *f, uint32_t at)
{
    const struct hn_schedule *s = f->schedule;

    if (!s || f->next == s->n || s->all[f->next].at != at)
        return NULL;
    return &s->all[f->next++];
}

uint32_t hn_follow_choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_follow *f = arg;
    uint32_t at = f->at++, k = GO_NOWHERE;
    const struct hn_deviation *d = due(f, at);

    if (d && !d->number)
        k = hn_schedule_find(steps, n, d);
    if (d && k == GO_NOWHERE) {
        misfit(f, at, d, steps, n, 0);
        if (!f->loose)
            return GO_NOWHERE;
    }
    if (k == GO_NOWHERE)
        k = hn_default_step(&f->usual, steps, n);
    if (f->each)
        f->each(f->arg, at, steps, n, k);
    hn_default_took(&f->usual, &steps[k]);
    mix_task(f, hn_schedule_task(&steps[k]));
    mix(f, steps[k].point ? steps[k].point->op : GO_OP_CLOCK);
    mix(f, (uint32_t)steps[k].which);
    mix_task(f, steps[k].partner);
    f->led = d ? f->hash : f->led;
    return k;
}

uint32_t hn_follow_number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_follow *f = arg;
    uint32_t at = f->at++, k = 0;
    const struct hn_deviation *d = due(f, at);

    if (d && d->number && d->which < (int32_t)n)
        k = (uint32_t)d->which;
    else if (d)
        misfit(f, at, d, NULL, 0, n);
    mix_task(f, task);
    mix(f, k);
    f->led = d ? f->hash : f->led;
    return k;
}

void hn_follow_unfit(struct hn_follow *f, const char *fmt, ...)
{
    va_list ap;

    if (f->misfit[0])
        return;
    va_start(ap, fmt);
    vsnprintf(f->misfit, sizeof(f->misfit), fmt, ap);
    va_end(ap);
}

bool hn_follow_end(struct hn_follow *f)
{
    for (; f->loose && hn_follow_leads(f); f->next++)
        if (f->skipped)
            f->skipped(f->arg, &f->schedule->all[f->next]);
    if (hn_follow_leads(f))
        hn_follow_unfit(f,
                        "choice %u is to be another, but the execution is "
                        "over after %u",
                        f->schedule->all[f->next].at, f->at);
    return !f->misfit[0];
}

void hn_follow_goes_round(struct hn_follow *f)
{
    f->hash = f->led;
}

static uint16_t folded(uint64_t hash)
{
    return (uint16_t)(hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48);
}

uint16_t hn_follow_hash(const struct hn_follow *f)
{
    return folded(f->hash);
}

bool hn_follow_has(const struct hn_follow *f, uint16_t hash)
{
    return folded(f->hash) == hash || folded(f->led) == hash;
}
