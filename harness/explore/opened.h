/*
 * opened.h - descriptors that the program has opened in this execution: they go
 * with it, for nobody knows their numbers in the next.
 *
 * Told by who stands in front of the C library, of what a goroutine's own calls
 * do, and by the runtime of what it opens for the program. Not of streams: what
 * belongs to one is the C library's, which still has it in the next execution.
 */
#ifndef HN_EXPLORE_OPENED_H
#define HN_EXPLORE_OPENED_H

#include <stdbool.h>

/* From here on, to the end, executions follow each other in this process. */
void hn_opened_begin(void);
void hn_opened_end(void);

/* fd is the program's (negative: there is none). Whether there is one. */
bool hn_opened_add(int fd);
/* It is about to be closed, or to be another, from whatever place; or it is a
   stream's. Any thread, at any time. */
void hn_opened_gone(int fd);
void hn_opened_gone_from(unsigned first, unsigned last);
/* Likewise of what a goroutine is about to put in its place. Whether what is
   there then is the program's, and no more. */
bool hn_opened_replaced(int fd);

/* The execution is over: closes what is left, and puts back what was standard
   input, output or error. Nothing where threads of the program's own may still
   use them. */
void hn_opened_close(void);

#endif
