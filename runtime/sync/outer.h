/*
 * outer.h - inside: which objects stand for locks of the C library's.
 */
#ifndef RT_SYNC_OUTER_H
#define RT_SYNC_OUTER_H

#include <vigil/outer.h>

#include "runtime/base/own.h"

/* Where what this object stands for lies; false: it stands for itself. */
bool rt_outer_place(const void *object, struct rt_span *at);
/* All that is noted of them, as memory: the same bytes, the same state. */
struct rt_span rt_outer_memory(void);

#endif
