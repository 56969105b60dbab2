/*
 * strangers.h - which threads of the process are the program's own: neither
 * workers nor ours.
 */
#ifndef RT_SCHED_STRANGERS_H
#define RT_SCHED_STRANGERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct m;

#define RT_STRANGERS_UNKNOWN UINT32_MAX
/*
 * Threads of the process that are neither workers nor ours, be it that they
 * were there before main: up to max ids in tid[]; how many in all. Where there
 * is no /proc none are in tid[], and how many there are may be
 * RT_STRANGERS_UNKNOWN: there may be any.
 */
uint32_t rt_foreign_threads(int *tid, uint32_t max);
/* The same, but they are sought then (sought.c), which takes about a second; not
   known where the kernel does not answer. */
uint32_t rt_foreign_sought(void);
/* Says that the threads which are there now are not the program's, but a
   test's surroundings. But the main thread is. */
void rt_threads_ours(void);

/* ---- of any thread, for threads.c ---- */

int rt_thread_self(void);
/*
 * Calls fn(tid) for each thread of the process. Without malloc: a look counts
 * threads while one may be stopped with the heap's lock. False: not known.
 */
bool rt_threads_each(void (*fn)(int tid, void *arg), void *arg);
/* What /proc has of a thread, in text; "": not known. */
void rt_thread_file(const char *name, int tid, char *text, size_t size);
/* The signals that a thread blocks, and whether it sleeps, not only until a page
   is there; 0: not known. */
uint64_t rt_thread_blocked(int tid, bool *sleeps);
/* Runs nothing of the program's that could wake anybody, or is the caller. */
bool rt_thread_is_apart(int tid);
/* NULL: it is none of this run. */
const struct m *rt_thread_worker(int tid);

#endif
