/* site.h - the places of a look that are not known yet. */
#ifndef MON_SITE_H
#define MON_SITE_H

#include <vigil/inspect.h>

/* Finds all places in a snapshot of which only a pc is known, for a report.
   By symbol.h: not while a stopped thread may hold the heap's lock. */
void mon_sites_complete(const struct go_inspect *in);

#endif
