/*
 * plan.c - the plan for a child, to a word and back.
 *
 *     -
 *     [save ]explore STRATEGY SCHEDULES TIME SEED RACY ALL FIFO APART[ TOKEN]
 *     replay strict|loose|decide TOKEN
 *
 * FILE may stand for TOKEN, as whole path.
 */
#define _GNU_SOURCE
#include "harness/explore/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/token.h"

static const char *followed(const struct hn_plan *p)
{
    return p->sched ? p->sched : p->token;
}

static char *write_explore(const struct hn_plan *p)
{
    const struct hn_explore_ask *a = &p->ask;
    const char *behind = p->follow == HN_PREFIX ? followed(p) : NULL;
    char *text = NULL;
    int n = asprintf(&text,
                     "%sexplore %s %" PRIu64 " %" PRId64 " %" PRIu64
                     " %d %d %d %d%s%s",
                     p->save ? "save " : "", a->strategy, a->schedules, a->time,
                     a->seed, a->racy, a->all, a->fifo, a->apart,
                     behind ? " " : "", behind ? behind : "");

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
        n = asprintf(&text, "replay %s %s",
                     p->decide               ? "decide"
                     : p->follow == HN_LOOSE ? "loose"
                                             : "strict",
                     followed(p));
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

/* All that is left: a path has blanks as it likes. */
static void take_followed(const char *at, struct hn_plan *p)
{
    if (hn_token_is(at))
        p->token = at;
    else
        p->sched = at;
}

static bool read_explore(char *at, struct hn_plan *p)
{
    struct hn_explore_ask *a = &p->ask;
    int racy, all, fifo, apart, n = 0;

    p->save = skip(&at, "save");
    if (sscanf(at,
               "explore %15s %" SCNu64 " %" SCNd64 " %" SCNu64 " %d %d %d %d%n",
               p->strategy, &a->schedules, &a->time, &a->seed, &racy, &all,
               &fifo, &apart, &n) != 8)
        return false;
    if (at[n] == ' ') {
        p->follow = HN_PREFIX;
        take_followed(at + n + 1, p);
    }
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
    take_followed(at, p);
    return *at != '\0';
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
