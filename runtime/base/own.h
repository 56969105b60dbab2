/*
 * own.h - memory that is the runtime's own, and not the program's to be
 * scanned: what the runtime keeps there (queues, pools, reports) is no
 * reference that the program holds.
 *
 * Any thread may add and remove, at any time: there is no lock that a stopped
 * thread could hold.
 */
#ifndef RT_BASE_OWN_H
#define RT_BASE_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rt_span {
    uintptr_t low, high; /* [low, high) */
};

/*
 * Says that size bytes at low are the runtime's, until they are removed.
 * False: the table is full, and they will be taken for the program's.
 */
bool rt_own_add(const void *low, size_t size);
/* Takes back rt_own_add(low, ...), if there was one. Before the memory goes. */
void rt_own_remove(const void *low);

/*
 * All that is the runtime's, its variables included: at most room spans, by
 * address, none touching another. How many there are; more than room: then
 * the list is cut.
 */
uint32_t rt_own_list(struct rt_span *to, uint32_t room);

void rt_spans_sort(struct rt_span *s, uint32_t n); /* by address */
/* Sorts by address and joins what touches or overlaps; how many are left. */
uint32_t rt_spans_join(struct rt_span *s, uint32_t n);

#endif
