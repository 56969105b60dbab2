/* pace.h - how often looks may be taken: what they cost, and what they may. */
#ifndef MON_PACE_H
#define MON_PACE_H

#include <stdint.h>

/*
 * ns from the end of a look that took so many ns until the next may be due:
 * that looks for which all stand still cost 1 %, and that those in copies,
 * which run beside the program on one of so many processors, take 2 % of them
 * all, and of one never more than an eighth.
 */
int64_t mon_pace_after_stop(int64_t took);
int64_t mon_pace_after_copy(int64_t took, int processors);

#endif
