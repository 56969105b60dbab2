/* named.h - names for objects that the program has given none. */
#ifndef MON_NAMED_H
#define MON_NAMED_H

#include <vigil/inspect.h>

/* By the variable that each lies in, for a report. By symbol.h: not while a
   stopped thread may hold the heap's lock. */
void mon_names_complete(struct go_inspect *in);

#endif
