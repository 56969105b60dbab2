/*
 * registry.h - the scenarios that are linked into this program.
 */
#ifndef HN_REGISTRY_H
#define HN_REGISTRY_H

#include <vigil/scenario.h>

/* The first in order of registration (the order in their file); then ->next. */
const struct go_scenario *hn_registry_first(void);
/* NULL: there is none of this name. */
const struct go_scenario *hn_registry_find(const char *name);
/* A scenario whose name an earlier one has too; NULL: all differ. */
const struct go_scenario *hn_registry_twice(void);

/* What a scenario leaves open, filled in with the defaults of scenario.h. */
int hn_scenario_procs(const struct go_scenario *s);
go_duration hn_scenario_timeout(const struct go_scenario *s);
go_duration hn_scenario_settle(const struct go_scenario *s);

#endif
