/* advise.h - many ranges of memory, and one call of the kernel. */
#ifndef RT_BASE_ADVISE_H
#define RT_BASE_ADVISE_H

#include <stdbool.h>
#include <sys/uio.h>

enum {
    RT_ADVISE_MAX = 32 /* ranges that one call is worth its stack for */
};

/*
 * As madvise(2) for each of n ranges, in order. One call where the kernel lets
 * a process do so to itself (process_madvise of PIDFD_SELF, Linux 6.14), which
 * saves a third of what guards and first touches take, and four fifths of what
 * giving memory back takes: translations are flushed once. How many ranges are
 * done, errno left alone: fewer than n where the advice is unknown, or fails.
 */
int rt_advise(const struct iovec *v, int n, int advice);

#endif
