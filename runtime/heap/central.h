/*
 * central.h - blocks that are in no thread's cache, by class. Thread-safe.
 */
#ifndef RT_HEAP_CENTRAL_H
#define RT_HEAP_CENTRAL_H

#include <stdbool.h>

/* Up to want blocks of one class, none allocated; 0: there is no memory. */
unsigned rt_central_take(unsigned class, void **to, unsigned want);

/* Blocks of one class, none allocated any more. */
void rt_central_give(unsigned class, void *const *from, unsigned n);

/* For who forks; and whether any of its locks is held. */
void rt_central_lock_all(void);
void rt_central_unlock_all(void);
bool rt_central_locked(void);

#endif
