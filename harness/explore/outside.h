/*
 * outside.h - whether the program asks the kernel for anything, or the
 * processor for its clock.
 *
 * What the kernel, other processes and devices do is in no state of ours. Who
 * has asked for nothing depends on nothing of it: no file, no thread, no
 * signal of a timer, no memory that is mapped or shared.
 */
#ifndef HN_EXPLORE_OUTSIDE_H
#define HN_EXPLORE_OUTSIDE_H

#include <stdbool.h>

/*
 * From here on the calling thread's system calls are looked for, until end; or
 * to the first, which is done all the same. Again after end, and after begin:
 * from anew. False: that can not be had here.
 */
bool hn_outside_begin(void);
void hn_outside_end(void);
enum {
    HN_OUTSIDE_CLOCK = 1 << 20 /* no system call: the clock was read */
};
/* The number of the first since begin; -1: there was none. */
int hn_outside_seen(void);

#endif
