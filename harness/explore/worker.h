/*
 * worker.h - a process of its own for what may crash, hang or leave a mess.
 */
#ifndef HN_EXPLORE_WORKER_H
#define HN_EXPLORE_WORKER_H

#include <stddef.h>
#include <stdint.h>

enum {
    HN_WORKER_SAID = 8 << 10 /* bytes, NUL included */
};

/* Memory that a worker leaves to its parent, zeroed; NULL: there is none. */
void *hn_worker_memory(size_t size);
void hn_worker_memory_free(void *p, size_t size);

/*
 * Does the work in a fork of this process, that prints nowhere, and waits for
 * it. limit: real ns, 0: none; less when it is interrupted (interrupt.h). The
 * signal that ended it (SIGABRT if it exited
 * by itself), 0: none; or -errno: -ETIMEDOUT when it was late and was ended,
 * -ENOMEM also when it ended for want of what vigil needs (room.h).
 */
int hn_worker(void (*work)(void *arg), void *arg, int64_t limit);
/* The same, but that more is asked, in this process, when it is late: for how
   long it is waited for yet. 0: it is ended. NULL: no longer. */
int hn_worker_late(void (*work)(void *arg), void *arg, int64_t limit,
                   int64_t (*more)(void *arg));
/* What that was, after -ENOMEM. */
const char *hn_worker_lacked(void);
/* The exit status of the last one; -1: a signal ended it. */
int hn_worker_status(void);
/* The last whole lines that it, and what it started, wrote to standard error. */
void hn_worker_said(char to[HN_WORKER_SAID]);

#endif
