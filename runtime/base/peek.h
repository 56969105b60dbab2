/*
 * peek.h - memory of the program that may not be there any more.
 *
 * What goroutines wait for and hold lies in the program's memory, which may
 * have been unmapped, protected or cut off since: to read it by a plain load
 * would end the process.
 */
#ifndef RT_BASE_PEEK_H
#define RT_BASE_PEEK_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/own.h"

/*
 * Copies n bytes; false: not all of them can be read. Where the kernel does not
 * allow a process to ask for its own memory, they are read as they are.
 * Changes errno.
 */
bool rt_peek(void *to, const void *from, size_t n);

/*
 * The same for many at a time: from[i] goes to *to, one behind the other, as it
 * were there or not. n <= RT_PEEK_MOST. What has read[i] is there; of the rest
 * nothing is known: ask for it by rt_peek. Changes errno.
 */
enum {
    RT_PEEK_MOST = 256
};
struct iovec;
void rt_peek_many(void *to, const struct iovec *from, size_t n, bool *read);

/*
 * Whether the byte at `at`, which can be read, can be written to: that is done,
 * as it is, so nobody may change it meanwhile. Where the kernel does not allow a
 * process to ask, it can. Changes errno.
 */
bool rt_peek_writable(void *at);

/* Where the kernel is asked for all this, and for nothing else; empty where
   that is a function of the C library's. */
struct rt_span rt_peek_code(void);

#endif
