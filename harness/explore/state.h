/*
 * state.h - all that decides how an execution goes on, as a number.
 *
 * Equal numbers mean equal memory, but for a chance of 2^-64 or less: what
 * goroutines have on their stacks and in their registers, what the program
 * has in variables and on the heap, what libraries keep, for the thread too,
 * and have allocated, the environment, what the runtime keeps but for channels,
 * contexts and timers (vigil/control.h). Not: what the kernel keeps, and all
 * other memory (outside.h).
 */
#ifndef HN_EXPLORE_STATE_H
#define HN_EXPLORE_STATE_H

#include <stdint.h>

#include "harness/explore/reset.h"

struct hn_state {
    uint64_t a, b;
};

/* Whose memory is meant; the reset must stay. NULL: no memory, or not all of
   the program's is known. */
struct hn_states;
struct hn_states *hn_states_open(const struct hn_reset *r);
void hn_states_close(struct hn_states *s);
/* Within choose, of a still execution. False: it is not known now. */
bool hn_state_take(const struct hn_states *s, struct hn_state *to);

#endif
