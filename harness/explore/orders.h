/*
 * orders.h - whether all that orders a program's goroutines can be seen, but
 * for vigil's own: if not, no data race is told, for it could be none, and who
 * waits for a lock of the C library's is not taken to be stuck.
 */
#ifndef HN_EXPLORE_ORDERS_H
#define HN_EXPLORE_ORDERS_H

#include <stdbool.h>
#include <vigil/object.h>

/* What was not watched: go_control_untold. */
#define HN_ORDERS_THREADS   "what threads of the program's own do"
#define HN_ORDERS_UNKNOWN   "what threads do, of which no /proc tells"
#define HN_ORDERS_PROCESSES "what other processes do with its locks"
#define HN_ORDERS_SIGNALS   "what signal handlers do"
#define HN_ORDERS_STREAMS   "what goes through streams"
#define HN_ORDERS_KERNEL    "what the kernel does on its own"

/* Before a run that is controlled: decides. */
void hn_orders_begin(void);
/* Whether nobody tells what threads this process has: all is taken to have some
   of the program's own then. */
bool hn_orders_unknown(void);

/* A goroutine starts a thread, by a call that returns to pc. Where the first
   one of this process was: pc only, or NULL: there was none. */
void hn_orders_thread(const void *pc);
const struct go_site *hn_orders_first_thread(void);

/* Whether there are others than goroutines, or may be. */
bool hn_orders_beside(void);

/* ---- for who stands in front of the C library's calls of the kernel ---- */

/* The key of all word that goes by way of it. */
extern const char hn_orders_kernel;
/* From here on word goes by streams, or the like, which is no call that we have.
   By themselves they let go of nothing. */
void hn_orders_lose_streams(void);

#endif
