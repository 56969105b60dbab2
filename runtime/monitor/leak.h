/*
 * leak.h - what state of life each goroutine is in: proven stuck, or if not,
 * what keeps it alive. After main's end this is what a leftover is told by.
 */
#ifndef MON_LEAK_H
#define MON_LEAK_H

#include "runtime/monitor/finding.h"
#include "runtime/monitor/reduce.h"

/* The goroutine with this index. Never ENDED or GONE. */
enum mon_fate mon_leak_fate(const struct mon_reduction *r, uint32_t goroutine);

/* Whether a goroutine is counted: not the runtime's own, not a daemon, not
   a thread's stand-in. */
bool mon_leak_counts(const struct go_inspect_goroutine *g);

/* Waits since long, with somebody alive who may wake it: no finding but for who
   asks (struct go_inspect's slow). */
bool mon_leak_slow(const struct go_inspect *in, uint32_t goroutine,
                   enum mon_fate fate);

#endif
