/*
 * registry.c - the scenarios that are linked into this program.
 *
 * In:  constructors that SCENARIO makes, before main. Out: a list.
 *
 * Constructors run before anything of ours is set up, so registering only
 * links a struct that the scenario's own file provides.
 */
#include "harness/registry.h"

#include <string.h>

static struct go_scenario *first, *last;

void go_scenario_register(struct go_scenario *scenario)
{
    scenario->next = NULL;
    if (last)
        last->next = scenario;
    else
        first = scenario;
    last = scenario;
}

const struct go_scenario *hn_registry_first(void)
{
    return first;
}

const struct go_scenario *hn_registry_find(const char *name)
{
    const struct go_scenario *s = first;

    while (s && strcmp(s->name, name) != 0)
        s = s->next;
    return s;
}

const struct go_scenario *hn_registry_twice(void)
{
    for (const struct go_scenario *s = first; s; s = s->next) {
        if (hn_registry_find(s->name) != s)
            return s;
    }
    return NULL;
}

int hn_scenario_procs(const struct go_scenario *s)
{
    return s->procs > 0 ? s->procs : 1;
}

go_duration hn_scenario_timeout(const struct go_scenario *s)
{
    return s->timeout > 0 ? s->timeout : 10 * GO_SECOND;
}

go_duration hn_scenario_settle(const struct go_scenario *s)
{
    return s->settle == 0 ? GO_SECOND : s->settle;
}
