/*
 * places.h - places that are no goroutine's: globals, thread-local variables,
 * mapped memory, a thread of the program's own.
 */
#ifndef TESTS_JUDGE_PLACES_H
#define TESTS_JUDGE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

/* Before the run: maps memory, starts the thread when the world needs it. */
void places_open(void);
/* In the run: writes the words, on whichever worker that is. */
void places_fill(void);
void places_await(void); /* until the thread has its words too */
/* In the run, on its end: clears what other runs would find. */
void places_clear(void);
/* After the run: waits for the thread. */
void places_close(void);

#endif
