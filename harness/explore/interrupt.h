/*
 * interrupt.h - whether an exploration is to come to its end before its time.
 *
 * Whoever started the process says so, by a pipe that is closed; with a byte in
 * it where nobody asks for it, but the time is up. It is heard where a worker is
 * waited for (worker.c), and known to all workers from then on.
 */
#ifndef HN_EXPLORE_INTERRUPT_H
#define HN_EXPLORE_INTERRUPT_H

#include <stdint.h>

enum hn_interrupt {
    HN_INTERRUPT_NONE, /* it was not heard */
    HN_INTERRUPT_ASKED,
    HN_INTERRUPT_LATE /* all of its time is over */
};

/* From here on; fd: readable, or hung up, when it is said; -1: by nobody. */
void hn_interrupt_begin(int fd);
/* It is heard no more: the pipe is closed, by which whoever would say it knows. */
void hn_interrupt_end(void);

/* What is to be polled; -1: nothing, for nobody says it, or it was heard. */
int hn_interrupt_fd(void);
void hn_interrupt_hear(short revents); /* of poll, there */
/* When it was heard, an instant of CLOCK_MONOTONIC, ns; 0: it was not. */
int64_t hn_interrupted(void);
enum hn_interrupt hn_interrupt_why(void);
/* The earlier of until, such an instant, and the end of what is left when it
   was heard; that alone where the time is up, of which until was a part. 0: no
   limit. */
int64_t hn_interrupt_until(int64_t until);

#endif
