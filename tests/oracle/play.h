/*
 * play.h - plays a program with goroutines, through the public API.
 *
 * One program at a time. Whoever runs it calls play_main as goroutine 1, as
 * often as it likes; each time the objects are new.
 */
#ifndef ORACLE_PLAY_H
#define ORACLE_PLAY_H

#include "tests/oracle/outcome.h"

/* What is to be played from now on. */
void play_set(const struct program *p);
void play_main(void);
/*
 * What has come of it: when all that is left has stopped. e: of a controlled
 * execution; NULL: of a run that has ended, with that panic or NULL. Of such
 * a run nobody knows who panicked, and o is not cut.
 */
void play_outcome(struct outcome *o, const struct go_execution *e,
                  const char *panic);

#endif
