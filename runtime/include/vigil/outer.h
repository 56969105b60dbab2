/*
 * outer.h - outer locks: those of the C library, as goroutines use them while
 * a run is controlled.
 *
 * For who stands in front of the C library. To it all goroutines are one
 * thread: who waited for a lock there would keep everybody from letting go of
 * it. So who has to wait waits here, like for a lock of vigil's, and only then
 * does what can be done at once. What it is stays in the program's memory, and
 * is asked for by ready; kept here is who holds it and who waits, for looks and
 * reports, and until an execution is over.
 *
 * All are called by goroutines of such a run, outside the runtime.
 */
#ifndef VIGIL_OUTER_H
#define VIGIL_OUTER_H

#include <vigil/control.h>

struct go_outer {
    const volatile void *key; /* its address */
    size_t size;
    const void *pc; /* it is used by a call that returns to there */
    uint8_t kind;   /* enum go_kind: MUTEX, RWMUTEX, ONCE, SEMAPHORE, COND or
                       BARRIER */
};

/* Whether the caller may call what stands here: until the end of a run that was
   controlled, if only at first. */
GO_API bool go_outer_runs(void);

/*
 * Stands before op until ready says that it can be done, or the run's clock has
 * come to until (INT64_MAX: never). True: it can be. ready is asked often, and
 * changes nothing. shared: to read.
 */
struct go_outer_wait {
    enum go_op op;
    bool shared;
    bool (*ready)(const volatile void *key);
    int64_t until;
};
GO_API bool go_outer_await(const struct go_outer *o,
                           const struct go_outer_wait *w);
/* A choice that does not wait: a try. */
GO_API void go_outer_try(const struct go_outer *o, enum go_op op);

/*
 * The caller has it now, once more; or units of a semaphore, or knows that a
 * once is done. And is about to let go of it: whoever waits then tries again.
 * False: it is somebody else's to unlock, but that is done all the same.
 */
GO_API void go_outer_took(const struct go_outer *o, bool shared);
GO_API bool go_outer_gives(const struct go_outer *o);
/*
 * Likewise, but it is a call that is no choice, as a library's are. What is
 * known of it, if anything, stays true, and who waits for it goes on; also
 * those who wait for a condition: all of them.
 */
GO_API void go_outer_takes_beside(const struct go_outer *o, bool shared);
GO_API void go_outer_gives_beside(const struct go_outer *o);
/* How often the caller has it, to write; whether anybody has. */
GO_API uint32_t go_outer_depth(const struct go_outer *o);
GO_API bool go_outer_is_held(const volatile void *key);
/* As go_sleep (of 0: go_yield), called by what returns to pc; also while nothing
   is controlled any more. */
GO_API void go_outer_sleep(int64_t ns, const void *pc);
/* Waits until a call that returns to pc would not block for this descriptor, or
   would fail. events: POLLIN or POLLOUT. False: it can not be waited for. */
GO_API bool go_outer_ready(int fd, int events, const void *pc);
/* What is at this address is new, or no more. */
GO_API void go_outer_forget(const volatile void *key);

/*
 * Joins those who wait for the condition, calls unlock, which says 0 or is not
 * waited after, and waits for a signal, or until the clock has come to until.
 * What unlock says, or ETIMEDOUT.
 */
GO_API int go_outer_wait(const struct go_outer *o, int (*unlock)(void *lock),
                         void *lock, int64_t until);
GO_API void go_outer_signal(const struct go_outer *o, bool all);

/* Comes to a barrier of n; true: as the last one. */
GO_API bool go_outer_arrive(const struct go_outer *o, uint32_t n);

/*
 * The caller starts a thread, which lets go of locks unseen: in this execution
 * go_outer_threads is true from here on, and who waits for a condition goes on
 * as if it had been signalled.
 */
GO_API void go_outer_thread(void);
GO_API bool go_outer_threads(void);
/* Likewise, and for good: other processes may use one of these locks. Anybody,
   at any time. */
GO_API void go_outer_process(void);
/* Something else that lets go of locks unseen is there from here on: who waits
   for one asks again. */
GO_API void go_outer_others(void);

#endif
