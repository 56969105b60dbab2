/* reproduce.h - the command that shows a run again. */
#ifndef HN_REPRODUCE_H
#define HN_REPRODUCE_H

#include "harness/options.h"
#include "harness/result.h"

/* What a person types to see this very run again, of an exploration all but
   its token; malloc'd. NULL: no memory. */
char *hn_reproduce(const struct hn_options *o, const struct hn_finished *f);

#endif
