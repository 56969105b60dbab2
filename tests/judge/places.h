/*
 * places.h - places that are no goroutine's: globals, thread-local variables,
 * mapped memory, a thread of the program's own.
 */
#ifndef TESTS_JUDGE_PLACES_H
#define TESTS_JUDGE_PLACES_H

#include "runtime/base/own.h"
#include "tests/judge/real.h"

/* Before the run: maps memory, starts the thread when a world needs it. */
void places_open(void);
/* In the run: writes a world's words, on whichever worker that is; when all
   are there the thread may take its own. */
void places_fill(struct real *real);
void places_filled(void);
void places_await(void); /* until the thread has its words too */
/* In the run, on its end: clears what other runs would find. */
void places_clear(void);
/* After the run: waits for the thread. */
void places_close(void);

/* Where PLACE_TLS, PLACE_MAPPED is; of PLACE_THREAD all that is the thread's,
   empty without one. In the run. */
struct rt_span places_span(enum place place);

#endif
