/* plan.c - the plan for a child, to a word and back. */
#define _GNU_SOURCE
#include "harness/explore/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char REPLAY[] = "replay ";

char *hn_plan_write(const struct hn_plan *p)
{
    const struct hn_explore_ask *a = &p->ask;
    char *text = NULL;
    int n;

    if (p->kind == HN_PLAN_NONE)
        n = asprintf(&text, "-");
    else if (p->kind == HN_PLAN_REPLAY)
        n = asprintf(&text, "%s%s", REPLAY, p->token);
    else
        n = asprintf(&text, "explore %s %" PRIu64 " %" PRId64 " %" PRIu64 " %d",
                     a->strategy, a->schedules, a->time, a->seed, a->racy);
    return n < 0 ? NULL : text;
}

bool hn_plan_read(const char *text, struct hn_plan *p)
{
    struct hn_explore_ask *a = &p->ask;
    int racy;

    *p = (struct hn_plan){0};
    if (strcmp(text, "-") == 0)
        return true;
    if (strncmp(text, REPLAY, sizeof(REPLAY) - 1) == 0) {
        p->kind = HN_PLAN_REPLAY;
        p->token = text + sizeof(REPLAY) - 1;
        return true;
    }
    if (sscanf(text, "explore %15s %" SCNu64 " %" SCNd64 " %" SCNu64 " %d",
               p->strategy, &a->schedules, &a->time, &a->seed, &racy) != 5)
        return false;
    p->kind = HN_PLAN_EXPLORE;
    a->strategy = p->strategy;
    a->racy = racy != 0;
    return true;
}
