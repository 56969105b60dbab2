/*
 * thread.h - what the calling thread has of its own: variables of libraries,
 * and what the C library notes of it (pthread_getspecific, errno). And what a
 * process begins with: its arguments and environment.
 */
#ifndef HN_EXPLORE_THREAD_H
#define HN_EXPLORE_THREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/explore/loaded.h"

/* Calls each for all of it but vigil's; false: it is not known. */
bool hn_thread_memory(void (*each)(void *arg, const void *low, size_t size),
                      void *arg);

/* Where it lies, vigil's too; size 0: it is not known. */
struct hn_range hn_thread_range(void);

/* Where the kernel notes on which processor the thread is; size 0: nowhere. */
struct hn_range hn_thread_processor(void);

#endif
