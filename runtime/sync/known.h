/*
 * known.h - handles that something outside the process's memory holds.
 */
#ifndef RT_SYNC_KNOWN_H
#define RT_SYNC_KNOWN_H

#include <stdint.h>

/* How many handles are said to be known elsewhere now. */
uint32_t rt_known_elsewhere(void);

#endif
