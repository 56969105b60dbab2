/*
 * model.h - what Go's rules allow a program to do: no goroutines, no runtime.
 *
 * A second opinion on the controlled mode. Here tasks queue and park as Go's
 * do, one operation at a time, and every order of those is tried. What is the
 * same afterwards is looked at once, so it ends soon.
 */
#ifndef ORACLE_MODEL_H
#define ORACLE_MODEL_H

#include "tests/oracle/outcome.h"

/* All outcomes, into to. False: more than most states; to has some. */
bool model_run(const struct program *p, struct outcomes *to, uint64_t most);
/* How many states the last one had. */
uint64_t model_states(void);

#endif
