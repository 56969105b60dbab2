/* use.h - plays what goroutines could do with what they have. */
#ifndef TESTS_JUDGE_USE_H
#define TESTS_JUDGE_USE_H

#include "tests/judge/real.h"

/* Serves whoever waits for what can be reached from these (truth.h). */
void use_all(struct real *real, uint64_t items);
/* Unlocks what the actor, which calls, has locked. */
void use_locks(struct real *real, unsigned actor);

#endif
