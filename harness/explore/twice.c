/*
 * twice.c - notes the lines of an execution, and compares them with those of
 * the same choices.
 */
#include "harness/explore/twice.h"

#include <stdio.h>
#include <string.h>

#include "harness/explore/memory.h"

enum {
    CHOICES_MAX = 4096 /* longer executions are not compared */
};

struct hn_twice_choice {
    uint32_t k;
    uint16_t print; /* of all lines up to it */
    char words[HN_TWICE_LINE];
};

const char hn_differs_suspects[] =
    "the usual suspects: the time, random numbers that vigil does not draw, "
    "addresses, memory that is read before it is written, threads, files, what "
    "an execution before it has left";

void hn_twice_init(struct hn_twice *t, struct hn_differs *to)
{
    *t = (struct hn_twice){.to = to, .left = HN_TWICE_TIMES};
    t->all = hn_memory_take(CHOICES_MAX * sizeof(*t->all));
    t->spoilt = !t->all;
}

void hn_twice_free(struct hn_twice *t)
{
    hn_trace_free(&t->trace);
    hn_memory_give(t->all);
    t->all = NULL;
}

void hn_twice_begin(struct hn_twice *t, bool again)
{
    t->again = again;
    if ((!again && !t->left) || !t->all)
        return;
    hn_trace_begin(&t->trace);
    if (again)
        return;
    t->n = 0;
    t->spoilt = false;
}

/* ---- the first time ------------------------------------------------------*/

static void note(struct hn_twice *t, uint32_t k)
{
    struct hn_twice_choice *c = &t->all[t->n++];

    c->k = k;
    c->print = hn_trace_print(&t->trace);
    hn_trace_words(t->trace.line, c->words, sizeof(c->words));
}

static bool has_room(struct hn_twice *t)
{
    t->spoilt |= t->n == CHOICES_MAX;
    return t->left && !t->spoilt;
}

void hn_twice_step_slow(struct hn_twice *t, const struct go_step *steps,
                        uint32_t k)
{
    if (!has_room(t))
        return;
    hn_trace_step(&t->trace, t->n, &steps[k]);
    note(t, k);
}

void hn_twice_number(struct hn_twice *t, uint32_t task, uint32_t k, uint32_t n)
{
    if (!has_room(t))
        return;
    hn_trace_number(&t->trace, t->n, task, k, n);
    note(t, k);
}

/* ---- the second time -----------------------------------------------------*/

static void differ(struct hn_twice *t, uint32_t at, const char *was,
                   const char *is)
{
    struct hn_differs *d = t->to;
    uint32_t from = at > HN_TWICE_BEFORE ? at - HN_TWICE_BEFORE : 0;

    if (d->differs)
        return;
    d->differs = true;
    d->at = at;
    snprintf(d->was, sizeof(d->was), "%s", was);
    snprintf(d->is, sizeof(d->is), "%s", is);
    for (uint32_t i = from; i < at; i++)
        memcpy(d->before[d->nbefore++], t->all[i].words, HN_TWICE_LINE);
}

static const char *was_at(const struct hn_twice *t, uint32_t at)
{
    return at < t->n ? t->all[at].words : "the end";
}

/* The line that was just written is the one that was. */
static bool is_same(struct hn_twice *t)
{
    uint32_t at = t->trace.n - 1;
    char is[HN_TWICE_LINE];

    if (at < t->n && hn_trace_print(&t->trace) == t->all[at].print)
        return true;
    hn_trace_words(t->trace.line, is, sizeof(is));
    differ(t, at, was_at(t, at), is);
    return false;
}

uint32_t hn_twice_choose(struct hn_twice *t, const struct go_step *steps,
                         uint32_t n)
{
    uint32_t at = t->trace.n, k = at < t->n ? t->all[at].k : 0;
    bool there = k < n;

    if (t->to->differs)
        return GO_NOWHERE;
    k = there ? k : 0;
    hn_trace_step(&t->trace, at, &steps[k]);
    return is_same(t) && there ? k : GO_NOWHERE;
}

uint32_t hn_twice_draw(struct hn_twice *t, uint32_t task, uint32_t n)
{
    uint32_t at = t->trace.n, k = at < t->n ? t->all[at].k : 0;

    if (t->to->differs)
        return 0;
    k = k < n ? k : 0;
    hn_trace_number(&t->trace, at, task, k, n);
    return is_same(t) ? k : 0;
}

bool hn_twice_over(struct hn_twice *t)
{
    if (!t->again) {
        bool wanted = t->left && !t->spoilt && t->all;

        t->left -= wanted;
        return wanted;
    }
    if (t->trace.n < t->n)
        differ(t, t->trace.n, was_at(t, t->trace.n), "the end");
    return false;
}
