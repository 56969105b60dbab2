/*
 * follow.c - takes the choices that a schedule says, and the default ones
 * between; tells the first that can not be taken.
 */
#include "harness/explore/follow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void hn_follow_begin(struct hn_follow *f)
{
    f->at = 0;
    f->next = 0;
    f->usual = HN_DEFAULT_INIT;
    f->hash = 0xcbf29ce484222325u;
    f->misfit[0] = '\0';
}

static void mix(struct hn_follow *f, uint64_t value)
{
    f->hash = (f->hash ^ value) * 0x100000001b3u;
    f->hash ^= f->hash >> 29;
}

/* By its path: numbers differ from process to process. */
static void mix_task(struct hn_follow *f, uint32_t task)
{
    char path[64] = "";

    if (task != GO_NOWHERE)
        go_task_path(task, path, sizeof(path));
    for (const char *c = path; *c; c++)
        mix(f, (unsigned char)*c);
    mix(f, 0);
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
    char path[64];

    if (!p) {
        say(to, end, "the clock");
        return;
    }
    go_task_path(p->task, path, sizeof(path));
    say(to, end, "%s: %s", path, go_op_text((enum go_op)p->op));
    if (p->site && p->site->file)
        say(to, end, " %s at %s:%d", p->site->what, p->site->file,
            p->site->line);
}

/* What was to be done, and what there is instead. */
static void misfit(struct hn_follow *f, uint32_t at,
                   const struct hn_deviation *d, const struct go_step *steps,
                   uint32_t n)
{
    char *to = f->misfit, *end = to + sizeof(f->misfit), path[64] = "the clock";

    if (f->loose && f->skipped)
        f->skipped(f->arg, d);
    if (f->loose || *to)
        return;
    if (d->number) {
        say(&to, end, "choice %u is to be the number %d, but ", at, d->which);
    } else {
        if (d->task != GO_NOWHERE)
            go_task_path(d->task, path, sizeof(path));
        say(&to, end, "choice %u is to be a step of %s, but ", at, path);
    }
    if (n == 0)
        say(&to, end, "a number is drawn there, or a smaller one");
    for (uint32_t i = 0; i < n && i < 3; i++) {
        say(&to, end, "%s", i ? "; " : "what can be done is ");
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
        misfit(f, at, d, steps, n);
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
        misfit(f, at, d, NULL, 0);
    mix_task(f, task);
    mix(f, k);
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

uint16_t hn_follow_hash(const struct hn_follow *f)
{
    return (uint16_t)(f->hash ^ f->hash >> 16 ^ f->hash >> 32 ^ f->hash >> 48);
}
