/* finding_words.h - what is said of a finding in one line. */
#ifndef MON_FINDING_WORDS_H
#define MON_FINDING_WORDS_H

#include "runtime/monitor/finding.h"

/* This goroutine waits, is not proven stuck, and nobody is known who is alive
   and may wake it. By the certificates and fates. */
bool mon_finding_alone(const struct mon_findings *all, uint32_t goroutine);

/* Sets f's message; false: no memory. */
bool mon_finding_message(const struct mon_findings *all, struct mon_finding *f,
                         struct rt_arena *arena);

#endif
