/* drive.h - many executions of one body, and what of them differs; in a
   library of its own, for all that the executable has is set back. */
#ifndef TESTS_RESET_DRIVE_H
#define TESTS_RESET_DRIVE_H

#include <stdint.h>

/* How many executions were begun before this one. */
extern uint64_t (*const drive_number)(void);

/* Says what there is; a complaint when it is not what the same name was said
   to be in the first execution. */
void drive_same(const char *name, uintptr_t value);

/*
 * Runs body so often, each time by other choices (wild) or always by the same,
 * and prints what was not reset. Returns the exit status: 1 if anything
 * differed or an execution did not end clean.
 */
int drive(void (*body)(void), uint64_t executions, int wild);

/* One execution, which goes on to its verdict: that is printed. */
int drive_once(void (*body)(void));

#endif
