/*
 * reserve.h - how many addresses to reserve, where a process may not have all.
 */
#ifndef RT_BASE_RESERVE_H
#define RT_BASE_RESERVE_H

#include <stddef.h>

/*
 * Bytes to reserve by mmap with this protection: most, or a quarter of what the
 * process may still map if that is less; at least `least`, be it there or not.
 * A multiple of 64 KiB, if most and least are.
 */
size_t rt_reserve_size(size_t most, size_t least, int protection);

#endif
