/*
 * plan.c - the plan for a child, to a word and back.
 *
 *     -
 *     [save ][prefix TOKEN ]explore STRATEGY SCHEDULES TIME SEED RACY ALL FIFO
 *         APART
 *     replay strict|loose|decide TOKEN[ FILE]
 */
#define _GNU_SOURCE
#include "harness/explore/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *write_explore(const struct hn_plan *p)
{
    const struct hn_explore_ask *a = &p->ask;
    bool prefix = p->follow == HN_PREFIX && p->token;
    char *text = NULL;
    int n = asprintf(
        &text,
        "%s%s%s%sexplore %s %" PRIu64 " %" PRId64 " %" PRIu64 " %d %d %d %d",
        p->save ? "save " : "", prefix ? "prefix " : "", prefix ? p->token : "",
        prefix ? " " : "", a->strategy, a->schedules, a->time, a->seed, a->racy,
        a->all, a->fifo, a->apart);

    return n < 0 ? NULL : text;
}

char *hn_plan_write(const struct hn_plan *p)
{
    char *text = NULL;
    int n;

    if (p->kind == HN_PLAN_EXPLORE)
        return write_explore(p);
    if (p->kind == HN_PLAN_NONE)
        n = asprintf(&text, "-");
    else
        n = asprintf(&text, "replay %s %s%s%s",
                     p->decide               ? "decide"
                     : p->follow == HN_LOOSE ? "loose"
                                             : "strict",
                     p->token, p->sched ? " " : "", p->sched ? p->sched : "");
    return n < 0 ? NULL : text;
}

/* Whether word stands at *at, with a blank behind it: goes there. */
static bool skip(char **at, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*at, word, n) != 0 || (*at)[n] != ' ')
        return false;
    *at += n + 1;
    return true;
}

/* The word at *at, NUL terminated; what stands behind it, "" when nothing. */
static const char *take(char **at)
{
    const char *word = *at;

    *at += strcspn(*at, " ");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

static bool read_explore(char *at, struct hn_plan *p)
{
    struct hn_explore_ask *a = &p->ask;
    int racy, all, fifo, apart;

    p->save = skip(&at, "save");
    if (skip(&at, "prefix")) {
        p->follow = HN_PREFIX;
        p->token = take(&at);
    }
    if (sscanf(at,
               "explore %15s %" SCNu64 " %" SCNd64 " %" SCNu64 " %d %d %d %d",
               p->strategy, &a->schedules, &a->time, &a->seed, &racy, &all,
               &fifo, &apart) != 8)
        return false;
    p->kind = HN_PLAN_EXPLORE;
    a->strategy = p->strategy;
    a->racy = racy != 0;
    a->all = all != 0;
    a->fifo = fifo != 0;
    a->apart = apart != 0;
    return true;
}

static bool read_replay(char *at, struct hn_plan *p)
{
    p->follow = skip(&at, "loose") ? HN_LOOSE : HN_STRICT;
    p->decide = p->follow == HN_STRICT && skip(&at, "decide");
    if (p->follow == HN_STRICT && !p->decide && !skip(&at, "strict"))
        return false;
    p->kind = HN_PLAN_REPLAY;
    p->token = take(&at);
    p->sched = *at ? at : NULL;
    return true;
}

bool hn_plan_read(const char *text, struct hn_plan *p)
{
    char *at;

    *p = (struct hn_plan){.trace_fd = -1, .interrupt_fd = -1};
    if (strcmp(text, "-") == 0)
        return true;
    at = p->words = strdup(text);
    if (at && (skip(&at, "replay") ? read_replay(at, p) : read_explore(at, p)))
        return true;
    hn_plan_free(p);
    return false;
}

void hn_plan_free(struct hn_plan *p)
{
    free(p->words);
    p->words = NULL;
}
