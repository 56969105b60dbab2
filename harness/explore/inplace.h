/*
 * inplace.h - a token that is played in this very process, not in a child:
 * VIGIL=replay=TOKEN, for use under a debugger.
 */
#ifndef HN_EXPLORE_INPLACE_H
#define HN_EXPLORE_INPLACE_H

#include <stdbool.h>

/* Whether VIGIL asks for one. */
bool hn_inplace_asked(void);
/* Plays it with the scenario that it names, its report and table on standard
   error. The exit status of a scenario program. */
int hn_inplace_main(int argc, char **argv);

#endif
