/*
 * variables.h - the program's variables, and where each begins and ends.
 *
 * Whoever holds a pointer into a variable can reckon out all of it, and no more:
 * as with a block of the heap. So where its symbol tells how large it is, what
 * it holds is known as well as what a block holds.
 */
#ifndef MON_VARIABLES_H
#define MON_VARIABLES_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/own.h"

struct mon_variables {
    struct rt_span *all; /* by address, none overlapping another */
    uint32_t n;
    uintptr_t low, size; /* of all of them together */
};

/*
 * Those that can be written to, of the program and of the libraries that it has
 * loaded, but what lies in skip[0..nskip), which is sorted and does not overlap.
 * Modules without symbols have none, nor have those whose file is another now.
 * While all threads are stopped: nothing is asked of the C library that takes a
 * lock. 0, or -ENOMEM.
 */
int mon_variables_list(struct mon_variables *v, const struct rt_span *skip,
                       uint32_t nskip, struct rt_arena *arena);
/* In which one an address lies; GO_NOWHERE: in none. */
uint32_t mon_variables_at(const struct mon_variables *v, uintptr_t address);

#endif
