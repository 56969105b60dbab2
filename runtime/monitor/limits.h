/*
 * limits.h - what limits the claims of a look: printed under "detector:".
 */
#ifndef MON_LIMITS_H
#define MON_LIMITS_H

#include "runtime/monitor/snapshot.h"

/* Adds them to a snapshot; while the world is still stopped. */
void mon_limits_take(struct mon_snapshot *s, const struct mon_moment *moment);

#endif
