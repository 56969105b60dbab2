/*
 * run.h - one run from its settings to its verdict: behind go_main and go_run.
 *
 * Both are in the public headers; this names only what they share.
 */
#ifndef MON_RUN_H
#define MON_RUN_H

#include <vigil/inspect.h>

#include "runtime/monitor/settings.h"

/* run's fields go before settings, where they say anything. */
int mon_run(const struct go_run *run, const struct mon_settings *settings);

#endif
