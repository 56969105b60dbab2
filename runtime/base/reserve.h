/*
 * reserve.h - addresses that are reserved: how many, where a process may not
 * have all, and that no core has those that nobody uses.
 */
#ifndef RT_BASE_RESERVE_H
#define RT_BASE_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes to reserve by mmap with this protection: most, or a quarter of what the
 * process may still map if that is less; at least `least`, be it there or not.
 * A multiple of 64 KiB, if most and least are.
 */
size_t rt_reserve_size(size_t most, size_t least, int protection);

/* So many bytes, of which no core has any; NULL: there are no such addresses. */
void *rt_reserve(size_t size, int protection);
/* Whole pages of them are used from now on: a core has them. */
void rt_reserve_dump(void *low, size_t size);
/* The same of what had no protection, and may be read and written now; false:
   it may not. */
bool rt_reserve_open(void *low, size_t size);

#endif
