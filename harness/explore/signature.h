/*
 * signature.h - whether two executions fail in the same way.
 */
#ifndef HN_EXPLORE_SIGNATURE_H
#define HN_EXPLORE_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/control.h>
#include <vigil/crash.h>

/* Of an execution that is just over; 0: it did not fail. Within over(). */
uint64_t hn_signature(const struct go_execution *e);
/* Of one at rest: who waits where. Within silent(). */
uint64_t hn_signature_rest(void);
/* Of one whose process has ended by that signal (SIGABRT: or by itself), with
   what was caught of it: by the place in the program. Not in the process that
   runs executions: it allocates. */
uint64_t hn_signature_crash(int signal, const struct go_crash *crash);
/* It is a finding by itself; GO_END_BOUND is but a suspicion. */
static inline bool hn_is_finding(const struct go_execution *e)
{
    return e->end != GO_END_CLEAN && e->end != GO_END_BOUND;
}

#endif
