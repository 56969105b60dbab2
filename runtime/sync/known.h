/*
 * known.h - handles that something outside the process's memory holds.
 */
#ifndef RT_SYNC_KNOWN_H
#define RT_SYNC_KNOWN_H

#include <stdint.h>

/* How many handles are said to be known elsewhere now; *list, if it is wanted,
   is valid while the world is stopped. */
uint32_t rt_known_elsewhere(const void *const **list);

#endif
